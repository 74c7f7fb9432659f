// The larger fake of Simple Log Service that stands beside this checkout where there is one: written in Go, with signatures,
// compression and many faults.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitFor } from './logstore-rig.ts'

const folder = fileURLToPath(new URL('../../../../shared/sls-fake/', import.meta.url))

/** Why it cannot be used here; false: it can. */
export const missingFake: string | false = !existsSync(join(folder, 'go.mod'))
  ? 'no ../shared/sls-fake beside the checkout'
  : hasGo()
    ? false
    : 'no go on this machine'

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface FaultRule {
  readonly api: string
  readonly action: string
  readonly [option: string]: string | number
}

export class SlsFake {
  readonly endpoint: string

  private constructor(endpoint: string) {
    this.endpoint = endpoint
  }

  /** Builds it, and runs it until the test ends. */
  static async start(t: { after(end: () => void): void }, ...flags: string[]): Promise<SlsFake> {
    const work = mkdtempSync(join(tmpdir(), 'fcscope-sls-fake-'))
    const binary = join(work, 'slsfake')
    const portFile = join(work, 'port')
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    const child = spawn(binary, ['--addr', '127.0.0.1:0', '--port-file', portFile, '--bare-host=false', ...flags], {
      stdio: 'ignore',
    })
    t.after(() => {
      child.kill('SIGKILL')
      rmSync(work, { recursive: true, force: true })
    })
    const port = (): string => (existsSync(portFile) ? readFileSync(portFile, 'utf8') : '')
    await waitFor(() => port() !== '', 'the fake listens')
    return new SlsFake(`http://127.0.0.1:${port()}`)
  }

  async admin(method: string, path: string, body?: unknown): Promise<unknown> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return this.#call(method, `/__admin/${path}`, text)
  }

  makeLogstore(name: string, shards: number): Promise<unknown> {
    return this.admin('POST', 'logstores', { name, shards })
  }

  /** One row a text, `perGroup` of them in a LogGroup, all into one shard. */
  async load(logstore: string, shard: number, ids: readonly string[], perGroup = 5): Promise<void> {
    const lines = ids.map(id =>
      JSON.stringify({ time: 1_700_000_000, topic: 'FCLogs:fn', fields: { id, message: `line ${id}` }, shard }),
    )
    await this.admin('POST', `load?logstore=${logstore}&perGroup=${perGroup}`, lines.join('\n'))
  }

  /** Splits or merges a shard. Such calls are signed; here they need not be. */
  async reshard(logstore: string, shard: number, action: 'split' | 'merge'): Promise<readonly number[]> {
    await this.admin('POST', 'config', { noAuth: true })
    const path = `/fc-test/logstores/${logstore}/shards/${shard}?action=${action}`
    // What the service answers: a list of shards.
    const shards = (await this.#call('POST', path)) as { shardID: number; status: string }[]
    await this.admin('POST', 'config', { noAuth: false })
    return shards.filter(({ status }) => status === 'readwrite').map(({ shardID }) => shardID)
  }

  async #call(method: string, path: string, body?: string): Promise<unknown> {
    const response = await fetch(`${this.endpoint}${path}`, { method, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
}
