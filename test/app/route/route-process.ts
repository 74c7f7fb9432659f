// `fcscope route` as a user starts it, watched through what it says.
import { type ChildProcess, spawn } from 'node:child_process'
import { fcscope } from '../../cli/run-fcscope.ts'

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** What takes longer hangs. */
const endMs = 90_000

export class RouteProcess {
  /** Not bounded: for a process that is expected to be ended. */
  readonly ended: Promise<Ended>
  /** All of standard error. */
  stderr = ''
  hasEnded = false
  readonly #child: ChildProcess
  readonly #hearers = new Set<() => void>()

  constructor(options: { readonly folder: string; readonly words: readonly string[] }) {
    const env = { ...process.env, LC_ALL: 'C' }
    const { folder, words } = options
    this.#child = spawn(fcscope, ['route', ...words], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject)
      this.#child.on('close', (status, signal) => {
        this.hasEnded = true
        for (const hear of this.#hearers) hear()
        resolve({ status, signal })
      })
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      this.stderr += part
      for (const hear of this.#hearers) hear()
    })
  }

  /** Fields of the first event of that name. Fails when the process ends without it. */
  async event(name: string): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const line = this.stderr.split('\n').find(each => each.includes(`"event":"${name}"`))
      if (line !== undefined) return JSON.parse(line)
      if (this.hasEnded) throw new Error(`ended before ${name}:\n${this.stderr}`)
      await new Promise<void>(resolve => this.#hearers.add(resolve))
    }
  }

  /** Waits for its end; fails with all that it said when that does not come. */
  async end(): Promise<Ended> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error(`does not end:\n${this.stderr}`)), endMs)
    try {
      return await Promise.race([this.ended, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** `kill -9`. Resolves when the process is gone. */
  async kill(): Promise<Ended> {
    this.#child.kill('SIGKILL')
    return this.ended
  }

  /** Asks it to stop, and waits for it. */
  async stop(): Promise<Ended> {
    this.#child.kill('SIGTERM')
    return await this.end()
  }
}
