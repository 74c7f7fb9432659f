// A consumer of a Logstore that is none of ours: the official Go SDK's, built where programs for tests are kept, and run.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = fileURLToPath(new URL('sls-consumer/', import.meta.url))

/** Fetches the SDK and builds the program where that was not done yet: half a minute then. Returns the program. */
export function buildSlsConsumer(): string {
  const hash = createHash('sha256')
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(sources, file)))
  const services = process.env['FCSCOPE_SERVICES'] ?? join(homedir(), '.cache', 'fc-services')
  const folder = join(services, `sls-consumer-${hash.digest('hex').slice(0, 12)}`)
  const program = join(folder, 'sls-consumer')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  // Others may build it as well: nobody must run half of it.
  const own = `${program}.${process.pid}`
  execFileSync('go', ['build', '-buildvcs=false', '-o', own, '.'], {
    cwd: sources,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  renameSync(own, program)
  return program
}

export interface SlsConsumerOptions {
  readonly program: string
  /** Of a service without TLS. */
  readonly endpoint: string
  readonly project: string
  readonly logstore: string
  readonly group: string
  readonly name: string
  readonly heartbeatSeconds: number
  readonly timeoutSeconds: number
  /** Between two checkpoints of a shard. */
  readonly commitMs: number
  /** What the SDK says goes there. */
  readonly logFile: string
}

/** A row that the consumer was given. */
export interface ConsumedRow {
  readonly shard: number
  readonly id: string
}

/** One process. It joins the group when it is made. */
export class SlsConsumer {
  readonly rows: ConsumedRow[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<number | NodeJS.Signals | null>
  #rest = ''

  constructor(options: SlsConsumerOptions) {
    const { program, endpoint, project, logstore, group, name, heartbeatSeconds, timeoutSeconds, commitMs } = options
    const flags = {
      address: new URL(endpoint).host,
      project,
      logstore,
      group,
      name,
      'heartbeat-seconds': heartbeatSeconds,
      'timeout-seconds': timeoutSeconds,
      'commit-ms': commitMs,
    }
    const log = openSync(options.logFile, 'a')
    this.#child = spawn(
      program,
      Object.entries(flags).map(([flag, value]) => `-${flag}=${value}`),
      {
        stdio: ['ignore', 'pipe', log],
        env: { ...process.env, SLS_ACCESS_KEY_ID: 'test-ak', SLS_ACCESS_KEY_SECRET: 'test-sk' },
      },
    )
    closeSync(log)
    this.#child.stdout?.setEncoding('utf8').on('data', (part: string) => this.#hear(part))
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject)
      this.#child.on('close', (status, signal) => resolve(status ?? signal))
    })
  }

  #hear(part: string): void {
    const lines = (this.#rest + part).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const [shard = '', id = ''] = line.split(' ')
      this.rows.push({ shard: Number(shard), id })
    }
  }

  /** Sends the signal: SIGTERM ends it as the SDK does by itself. Resolves with the exit status or signal; all its rows are there then. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals | null> {
    this.#child.kill(signal)
    return this.#ended
  }
}
