// A worker as a user starts it: bin/fcscope run, watched through what it says.
import { type ChildProcess, spawn } from 'node:child_process'
import { fcscope } from '../../cli/run-fcscope.ts'

/** One line of the worker's log. */
export interface WorkerEvent {
  readonly level: string
  readonly event: string
  readonly message: string
  readonly [field: string]: unknown
}

/** How a process ended. */
export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

export interface WorkerOptions {
  /** Working folder; its `fcscope.yaml` is the configuration. */
  readonly folder: string
  readonly words?: readonly string[]
  /** A program in front of fcscope, like `setpriv` with its options. */
  readonly through?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** `pipe`: standard input is ours to write. */
  readonly stdin?: 'ignore' | 'pipe'
}

/** A running `fcscope run`. */
export class WorkerProcess {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** All of standard error. */
  stderr = ''
  readonly #waiting: { readonly event: string; resolve(event: WorkerEvent): void }[] = []
  readonly #seen: WorkerEvent[] = []
  #rest = ''
  #hasEnded = false

  constructor({ folder, words = [], through = [], environment = {}, stdin = 'ignore' }: WorkerOptions) {
    const [program = fcscope, ...before] = [...through, fcscope]
    const env = { ...process.env, LC_ALL: 'C', ...environment }
    this.child = spawn(program, [...before, 'run', ...words], {
      cwd: folder,
      env,
      stdio: [stdin, 'ignore', 'pipe'],
    })
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject)
      this.child.on('close', (status, signal) => {
        this.#hasEnded = true
        resolve({ status, signal })
      })
    })
    this.child.stderr?.setEncoding('utf8').on('data', (part: string) => this.#hear(part))
    this.child.stdin?.on('error', () => {})
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get events(): readonly WorkerEvent[] {
    return this.#seen
  }

  saw(event: string): readonly WorkerEvent[] {
    return this.#seen.filter(seen => seen.event === event)
  }

  #hear(part: string): void {
    this.stderr += part
    const lines = (this.#rest + part).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('{')) continue
      const event: WorkerEvent = JSON.parse(line)
      this.#seen.push(event)
      for (const waiting of this.#waiting.filter(({ event: name }) => name === event.event)) waiting.resolve(event)
    }
  }

  /** Resolves with the first event of that name; fails when the worker ends without it, or after so long. */
  async event(name: string, timeoutMs = 60_000): Promise<WorkerEvent> {
    const [seen] = this.saw(name)
    if (seen !== undefined) return seen
    const { promise, resolve } = Promise.withResolvers<WorkerEvent>()
    this.#waiting.push({ event: name, resolve })
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), timeoutMs)
    const isLate = new Promise<never>((_, reject) => {
      late.signal.addEventListener('abort', () => reject(new Error(`no ${name} in ${timeoutMs} ms:\n${this.stderr}`)))
    })
    const isOver = this.ended.then(({ status, signal }): never => {
      throw new Error(`ended (${status ?? signal}) before ${name}:\n${this.stderr}`)
    })
    try {
      return await Promise.race([promise, isLate, isOver])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Resolves with the address of /metrics when the worker runs. */
  async ready(timeoutMs?: number): Promise<string> {
    return String((await this.event('workerStarted', timeoutMs))['metrics'])
  }

  /** `kill -9`. Resolves when the process is gone. */
  async kill(): Promise<Ended> {
    this.child.kill('SIGKILL')
    return this.ended
  }

  /** Asks it to stop, and waits for it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Asks until the answer is true; fails with `what` after so long. */
export async function until(
  what: string,
  ask: () => boolean | Promise<boolean>,
  { timeoutMs = 60_000, everyMs = 50 } = {},
): Promise<void> {
  const beganMs = performance.now()
  while (!(await ask())) {
    if (performance.now() - beganMs > timeoutMs) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await pause(everyMs)
  }
}
