// Consumers of a Logstore that are none of ours: those of the official SDKs, made ready where programs for tests are kept, and run.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Each is a folder here. */
export type Sdk = 'go' | 'python'

const sourcesOf = (sdk: Sdk): string => fileURLToPath(new URL(`sls-consumer/${sdk}/`, import.meta.url))

/** Why it cannot be used here; false: it can. */
export function missingSdk(sdk: Sdk): string | false {
  const question = sdk === 'go' ? ['go', 'version'] : ['python3', '-c', 'import venv, ensurepip']
  try {
    execFileSync(question[0]!, question.slice(1), { stdio: 'ignore' })
    return false
  } catch {
    return `no ${question[0]} for the SDK`
  }
}

/** Fetches the SDK and builds the program where that was not done yet: that takes up to two minutes. Returns its command. */
export function prepareConsumer(sdk: Sdk): readonly string[] {
  const sources = sourcesOf(sdk)
  const hash = createHash('sha256')
  for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)))
  const services = process.env['FCSCOPE_SERVICES'] ?? join(homedir(), '.cache', 'fc-services')
  const folder = join(services, `sls-consumer-${sdk}-${hash.digest('hex').slice(0, 12)}`)
  if (!existsSync(folder)) {
    // Others may prepare it as well: nobody must find half of it.
    const own = `${folder}.${process.pid}`
    mkdirSync(own, { recursive: true })
    if (sdk === 'go') buildGo(sources, own)
    else installPython(sources, own)
    moveTo(folder, own)
  }
  return sdk === 'go'
    ? [join(folder, 'sls-consumer')]
    : [join(folder, 'bin', 'python'), '-B', join(sources, 'consumer.py')]
}

const quiet: { stdio: ['ignore', 'ignore', 'inherit'] } = { stdio: ['ignore', 'ignore', 'inherit'] }

function buildGo(sources: string, folder: string): void {
  execFileSync('go', ['build', '-buildvcs=false', '-o', join(folder, 'sls-consumer'), '.'], { cwd: sources, ...quiet })
}

function installPython(sources: string, folder: string): void {
  execFileSync('python3', ['-m', 'venv', folder], quiet)
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  execFileSync(join(folder, 'bin', 'python'), [...install, '-r', join(sources, 'requirements.txt')], quiet)
}

function moveTo(folder: string, own: string): void {
  try {
    renameSync(own, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(own, { recursive: true })
  }
}

export interface SlsConsumerOptions {
  /** See {@link prepareConsumer}. */
  readonly command: readonly string[]
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

const keys = { SLS_ACCESS_KEY_ID: 'test-ak', SLS_ACCESS_KEY_SECRET: 'test-sk' }
/** Some programs look at the one, some at the other. */
const proxyOf = (url: string): NodeJS.ProcessEnv => ({ HTTP_PROXY: url, http_proxy: url, NO_PROXY: '', no_proxy: '' })

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
    const { command, project, logstore, group, name, heartbeatSeconds, timeoutSeconds, commitMs } = options
    const [program = '', ...words] = command
    const flags = {
      // The service stands in for a proxy, so that the name need not be resolved.
      endpoint: 'http://sls.test',
      project,
      logstore,
      group,
      name,
      'heartbeat-seconds': heartbeatSeconds,
      'timeout-seconds': timeoutSeconds,
      'commit-ms': commitMs,
    }
    const log = openSync(options.logFile, 'a')
    this.#child = spawn(program, [...words, ...Object.entries(flags).map(([flag, value]) => `-${flag}=${value}`)], {
      stdio: ['ignore', 'pipe', log],
      env: { ...process.env, ...keys, ...proxyOf(options.endpoint) },
    })
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
