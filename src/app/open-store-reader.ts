// Opens the store for a command that reads: through the worker that has it open, or, while none does, directly.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { StoreConnection } from '../model/store-connection.ts'
import { readersOf, StoreBusy } from '../store/embedded-store.ts'
import { WorkerConnection } from '../store/worker-api/worker-connection.ts'
import { openStore, type StoreSettings } from './open-store.ts'
import type { WorkerConfig } from './worker-config.ts'

/** A worker may be about to open the folder, or to leave it. */
const waitMs = 3000
const retryMs = 100

/** A server's answer may take as long as a query is allowed to. */
const serverTimeoutMs = 86_400_000

/** A store that was opened for reading. */
export interface StoreReader {
  readonly connection: StoreConnection
  /** The worker that answers; null when the store was opened directly, or is a server. */
  readonly worker: WorkerConnection | null
}

/** The folder in which the worker of this configuration has its socket. */
export const apiFolder = ({ store, state }: WorkerConfig['settings']): string =>
  store.type === 'embedded' ? store.options.path : state.path

/**
 * Opens the store of the configuration. Makes nothing: fails with `FCS_NOT_FOUND` when nothing was stored yet, and with
 * `FCS_STORE_UNAVAILABLE` when the store cannot be reached or somebody has it open who does not answer.
 */
export async function openStoreReader(config: WorkerConfig): Promise<StoreReader> {
  const { store } = config.settings
  if (store.type === 'embedded') return openEmbedded(store)
  const connection = await openServer(store)
  return { connection: await checked(connection), worker: null }
}

async function openEmbedded(store: Extract<StoreSettings, { type: 'embedded' }>): Promise<StoreReader> {
  const { path } = store.options
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    const worker = await WorkerConnection.open(path)
    if (worker !== null) return { connection: worker, worker }
    if (!isThere(path)) throw nothingStored(path)
    try {
      return { connection: await checked(await openDirectly(store)), worker: null }
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error
      if (waitedMs >= waitMs) throw unanswered(path, error)
    }
    await new Promise(resolve => setTimeout(resolve, retryMs))
  }
}

/** The folder that the engine makes. */
const isThere = (path: string): boolean => existsSync(join(path, 'data'))

/** Others' rules for queries hold for our own as well: one at a time per connection, within bounds, reading only. */
async function openDirectly(settings: StoreSettings): Promise<StoreConnection> {
  const store = await openStore(settings, { isForReading: true })
  const readers = readersOf(store)
  return {
    label: store.label,
    query: query => readers.query(query),
    stream: query => readers.stream(query),
    close: () => store.close(),
  }
}

async function openServer(settings: Extract<StoreSettings, { type: 'clickhouse' }>): Promise<StoreConnection> {
  const { openServerReader } = await import('../store/server-store.ts')
  const { url, database, username, password } = settings.options
  const options = { url, database, username, password: password ?? '', timeoutMs: serverTimeoutMs }
  const connection = await openServerReader(options)
  if (connection === null) throw nothingStored(`${new URL(url).host}/${database}`)
  return connection
}

/** A store whose tables were never made has nothing to ask. */
async function checked(connection: StoreConnection): Promise<StoreConnection> {
  try {
    const sql = "SELECT count() AS tables FROM system.tables WHERE database = currentDatabase() AND name = 'attempts'"
    const answer = await connection.query({ sql })
    if (Number(JSON.parse(answer.toString('utf8')).tables) > 0) return connection
    throw nothingStored(connection.label)
  } catch (error) {
    await connection.close()
    throw error
  }
}

const nothingStored = (label: string): FcscopeError =>
  new FcscopeError(
    'FCS_NOT_FOUND',
    {
      en: `${label}: nothing was stored here yet. Start a worker with \`fcscope run -c FILE\`, or name the configuration of another store with -c.`,
      zh: `${label}：尚未存储任何数据。请用 \`fcscope run -c FILE\` 启动 worker，或用 -c 指定其他存储的配置文件。`,
    },
    { exitStatus: ExitStatus.badAnswer },
  )

const unanswered = (path: string, cause: unknown): FcscopeError =>
  new FcscopeError(
    'FCS_STORE_UNAVAILABLE',
    {
      en: `${path}: another process has this store open and does not answer: a query, or a worker of another user or machine. Try again, or stop it.`,
      zh: `${path}：该存储正被另一个进程使用且无应答，可能是其他查询，或其他用户、其他机器上的 worker。请稍后重试，或停止该进程。`,
    },
    { cause, exitStatus: ExitStatus.unreachable },
  )
