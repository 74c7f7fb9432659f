// A real Kafka broker for tests, on ports and in a folder of its own: started by the script beside the checkout, which fetches it.
import { execFile, execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const script = fileURLToPath(new URL('../../../shared/services/kafka.sh', import.meta.url))
const defaultVersion = '3.9.2'

/** Why there can be no broker here; false when there can. */
export const noKafka: string | false = reasonAgainst()

function reasonAgainst(): string | false {
  if (!existsSync(script)) return 'no script that starts Kafka'
  for (const program of ['java', 'mvn', 'bash']) {
    try {
      execFileSync('which', [program], { stdio: 'ignore' })
    } catch {
      return `no ${program}`
    }
  }
  return false
}

/** Who may sign in at the listener with SASL. */
export const kafkaUser = { username: 'fc', password: 'fc-secret' } as const

const waitMs = 60_000

export interface BrokerOptions {
  readonly version?: string
  /** A listener with TLS; its certificate is signed by itself. */
  readonly hasTls?: boolean
  /** Users may do what they were allowed to; whoever comes without signing in may do everything. */
  readonly hasRights?: boolean
  /** For a broker that crashes with transactions under way; with TLS or rights it has it anyhow. */
  readonly hasOldCoordinator?: boolean
}

export class KafkaBroker {
  readonly version: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'fcscope-kafka-'))
  #ports: readonly [plain: number, sasl: number, controller: number, tls: number] = [0, 0, 0, 0]
  /** The broker's own command, to bring it back with what it had. */
  #command: readonly string[] = []

  private constructor(version: string) {
    this.version = version
  }

  static async start(options: BrokerOptions = {}): Promise<KafkaBroker> {
    const { version = process.env['KAFKA_VERSION'] ?? defaultVersion } = options
    const { hasTls = false, hasRights = false, hasOldCoordinator = false } = options
    const broker = new KafkaBroker(version)
    broker.#ports = [await freePort(), await freePort(), await freePort(), await freePort()]
    broker.#borrowPrograms()
    await promisify(execFile)(script, ['start', version], { env: broker.#environment })
    broker.#command = readFileSync(`/proc/${broker.#pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
    if (hasTls || hasRights || hasOldCoordinator) {
      await broker.halt('SIGTERM')
      if (hasTls) broker.#addTls()
      if (hasRights) broker.#addRights()
      broker.#useOldCoordinator()
      await broker.comeBack()
    }
    return broker
  }

  get #properties(): string {
    return join(this.#folder, `kafka-${this.version}`, 'server.properties')
  }

  #addTls(): void {
    const store = join(this.#folder, 'keys.p12')
    const keys = ['-alias', 'broker', '-keystore', store, '-storetype', 'PKCS12', '-storepass', 'secret']
    const name = ['-dname', 'CN=localhost', '-ext', 'SAN=IP:127.0.0.1,DNS:localhost']
    execFileSync('keytool', ['-genkeypair', '-keyalg', 'RSA', '-validity', '2', ...keys, ...name], { stdio: 'ignore' })
    writeFileSync(this.certificate, execFileSync('keytool', ['-exportcert', '-rfc', ...keys], { stdio: 'pipe' }))
    const text = readFileSync(this.#properties, 'utf8')
      .replaceAll(/^((?:advertised\.)?listeners=.*)$/gm, `$1,SSL://${this.tlsAddress}`)
      .replace(/^(listener\.security\.protocol\.map=.*)$/m, '$1,SSL:SSL')
    const password = ['ssl.keystore.type=PKCS12', 'ssl.keystore.password=secret', 'ssl.key.password=secret']
    writeFileSync(this.#properties, [text.trim(), `ssl.keystore.location=${store}`, ...password, ''].join('\n'))
  }

  #addRights(): void {
    const authorizer = 'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer'
    appendFileSync(this.#properties, [authorizer, 'super.users=User:ANONYMOUS', ''].join('\n'))
  }

  /**
   * The new one of 3.9, a preview, may lose the answer to a transaction's end that was under way in a crash ("does not contain expected
   * error map"). Then that transaction never ends.
   */
  #useOldCoordinator(): void {
    const text = readFileSync(this.#properties, 'utf8')
    writeFileSync(this.#properties, text.replace(/^(group\.coordinator\.rebalance\.protocols)=.*$/m, '$1=classic'))
  }

  get address(): string {
    return `127.0.0.1:${this.#ports[0]}`
  }

  get saslAddress(): string {
    return `127.0.0.1:${this.#ports[1]}`
  }

  get tlsAddress(): string {
    return `127.0.0.1:${this.#ports[3]}`
  }

  /** File of the certificate of the listener with TLS. */
  get certificate(): string {
    return join(this.#folder, 'broker.pem')
  }

  /** Its programs, for what is written in Java. */
  get classPath(): string {
    return join(this.#folder, `kafka-${this.version}`, 'lib', '*')
  }

  get #environment(): NodeJS.ProcessEnv {
    const [plain, sasl, controller] = this.#ports
    return {
      ...process.env,
      FCSCOPE_SERVICES: this.#folder,
      KAFKA_PORT: String(plain),
      KAFKA_SASL_PORT: String(sasl),
      KAFKA_CONTROLLER_PORT: String(controller),
      KAFKA_HEAP: '384m',
    }
  }

  get #pidFile(): string {
    return join(this.#folder, 'run', `kafka-${this.version}.pid`)
  }

  get #pid(): number {
    return Number(readFileSync(this.#pidFile, 'utf8'))
  }

  /** The script fetches what the broker is made of only where nobody has it yet. */
  #borrowPrograms(): void {
    const shared = process.env['FCSCOPE_SERVICES'] ?? join(homedir(), '.cache', 'fc-services')
    const programs = join(shared, `kafka-${this.version}`)
    if (!existsSync(join(programs, '.installed'))) return
    const own = join(this.#folder, `kafka-${this.version}`)
    mkdirSync(own, { recursive: true })
    symlinkSync(join(programs, 'lib'), join(own, 'lib'))
    writeFileSync(join(own, '.installed'), '')
  }

  /** Ends it, and keeps what it has. */
  async halt(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = this.#pid
    process.kill(pid, signal)
    while (isAlive(pid)) await pause(50)
  }

  /** It takes connections, and answers nothing until {@link thaw}. */
  freeze(): void {
    process.kill(this.#pid, 'SIGSTOP')
  }

  thaw(): void {
    process.kill(this.#pid, 'SIGCONT')
  }

  /** Brings it back after {@link halt}. */
  async comeBack(): Promise<void> {
    const [program = '', ...options] = this.#command
    const child = spawn(program, options, { detached: true, stdio: 'ignore' })
    child.unref()
    writeFileSync(this.#pidFile, String(child.pid))
    const untilMs = performance.now() + waitMs
    while (!(await isOpen(this.#ports[0]))) {
      if (performance.now() > untilMs) throw new Error('the broker does not come back')
      await pause(100)
    }
  }

  /** Ends it, and removes every trace. */
  async stop(): Promise<void> {
    await promisify(execFile)(script, ['stop', this.version], { env: this.#environment })
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended and was not waited for yet is a zombie.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port })
    const end = (doesAccept: boolean): void => {
      socket.destroy()
      resolve(doesAccept)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
