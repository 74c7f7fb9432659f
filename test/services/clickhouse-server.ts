// A ClickHouse server for tests, with a folder that outlives it, so that it can be killed and come back.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('clickhouse-http.ts', import.meta.url))

export class ClickHouseServer {
  readonly #folder: string
  #child: ChildProcess | null = null
  #port = 0

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#folder = folder
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** On the port that it had before, if it had one. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [program, String(this.#port), this.#folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    if (child.stdout === null) throw new Error('no output')
    const ended = once(child, 'exit').then(() => {
      throw new Error('the ClickHouse server ended before it listened')
    })
    const said = once(child.stdout, 'data')
    const [port] = await Promise.race([said, ended])
    ended.catch(() => {})
    this.#port = Number(port)
  }

  /** `kill -9`, or SIGTERM. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}
