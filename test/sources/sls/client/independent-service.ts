// An independent fake of the service, where the checkout has one beside it: ../shared/sls-fake, a Go program.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = fileURLToPath(new URL('../../../../../shared/sls-fake', import.meta.url))

/** Why it cannot be used here, or false. */
export function independentServiceIsMissing(): string | false {
  if (!existsSync(sources)) return '../shared/sls-fake is not there'
  return spawnSync('go', ['version']).status === 0 ? false : 'Go is not there'
}

export class IndependentService {
  readonly #folder: string
  readonly #child: ChildProcess
  readonly port: number

  private constructor(folder: string, child: ChildProcess, port: number) {
    this.#folder = folder
    this.#child = child
    this.port = port
  }

  /** Project `fc-test`, Logstore `fc-logs` with two shards, keys `test-ak` and `test-sk`. */
  static async start(...options: string[]): Promise<IndependentService> {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-sls-'))
    const program = join(folder, 'slsfake')
    execFileSync('go', ['build', '-o', program, '.'], { cwd: sources })
    const portFile = join(folder, 'port')
    const child = spawn(program, ['--addr', '127.0.0.1:0', '--port-file', portFile, '--bare-host=false', ...options], {
      stdio: 'ignore',
    })
    return new IndependentService(folder, child, await readPort(folder, portFile))
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
    rmSync(this.#folder, { recursive: true })
  }

  /** Rows to be loaded: see the fake's README. */
  load(rows: readonly object[], query = ''): Promise<unknown> {
    return this.admin('POST', `load?logstore=fc-logs&${query}`, rows.map(row => JSON.stringify(row)).join('\n'))
  }

  async admin(method: string, path: string, body?: string | object): Promise<unknown> {
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const response = await fetch(`http://127.0.0.1:${this.port}/__admin/${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const answer = await response.text()
    return answer === '' ? null : JSON.parse(answer)
  }
}

async function readPort(folder: string, file: string): Promise<number> {
  const changes = watch(folder)
  try {
    while (true) {
      const text = existsSync(file) ? (await readFile(file, 'utf8')).trim() : ''
      const port = Number(text.slice(text.lastIndexOf(':') + 1))
      if (text !== '' && port > 0) return port
      await once(changes, 'change')
    }
  } finally {
    changes.close()
  }
}
