// ClickHouse in this process: chdb, an optional package. One process at a time can have a folder open.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlText } from '../lib/sql-text.ts'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import {
  type FileInsert,
  maxConcurrentInserts,
  type StoreConnection,
  type StoreQuery,
  type StoreWriter,
} from '../model/store-connection.ts'
import { storeErrorOf } from './clickhouse-error.ts'
import { isEngineOpen } from './engine-lock.ts'
import { insertSource } from './insert-source.ts'
import { ReaderPool } from './reader-pool.ts'
import { ReaderSession } from './reader-session.ts'

type Session = import('chdb').Session

/** Code 76, with a lock in the text: another process has the folder open. */
const cannotOpenFile = 76

/** What chdb says of any folder that it cannot open. */
const cannotConnect = 'Failed to create connection'
const maxTries = 6
/** Each wait is longer by this, and by what differs from process to process: they must not meet again. */
const retryMs = 100

const databaseName = 'fcscope'

/** Connections for queries of others, and how many may wait for one. */
const sharedReaders = 3
const maxWaiting = 32
const sharedTimeoutMs = 60_000

/** The owner reads all of what a store was fed from, once, when its state was lost. */
const ownTimeoutMs = 3_600_000

/** Sizes for a store that shares its machine and its process; ClickHouse's own are for a machine of its own. */
const engineConfig = ({ maxMemoryBytes, isForReading = false }: EmbeddedStoreOptions): string => `<clickhouse>
  <max_server_memory_usage>${maxMemoryBytes}</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <primary_index_cache_size>33554432</primary_index_cache_size>
  <index_uncompressed_cache_size>16777216</index_uncompressed_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <text_index_tokens_cache_size>0</text_index_tokens_cache_size>
  <text_index_header_cache_size>0</text_index_header_cache_size>
  <text_index_postings_cache_size>0</text_index_postings_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>2</background_schedule_pool_size>
  <merge_tree>
    <min_parts_to_merge_at_once>10</min_parts_to_merge_at_once>
    <auto_statistics_types></auto_statistics_types>${isForReading ? noMerges : ''}
  </merge_tree>
</clickhouse>
`

/** Merges would begin at once, take both cores from a query of a second, and be thrown away with it. */
const noMerges = `
    <max_bytes_to_merge_at_max_space_in_pool>1</max_bytes_to_merge_at_max_space_in_pool>
    <max_bytes_to_merge_at_min_space_in_pool>1</max_bytes_to_merge_at_min_space_in_pool>
    <max_number_of_merges_with_ttl_in_pool>0</max_number_of_merges_with_ttl_in_pool>`

export interface EmbeddedStoreOptions {
  /** Folder of the store; made if need be. */
  readonly path: string
  readonly maxMemoryBytes: number
  /** For a moment, to ask something: nothing is tidied up meanwhile. */
  readonly isForReading?: boolean
}

/**
 * Opens the embedded store. Fails with `FCS_STORE_UNAVAILABLE` when chdb is not installed or the folder cannot be used, and with a
 * {@link StoreBusy} when another process has it open.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<StoreWriter> {
  const { Session } = await loadChdb()
  const { path } = options
  const data = join(path, 'data')
  try {
    // Logs are nobody else's business.
    mkdirSync(data, { recursive: true, mode: 0o700 })
    if (isEngineOpen(data)) throw new StoreBusy(`${path} is open in another process`)
    const config = join(path, options.isForReading === true ? 'reader.xml' : 'engine.xml')
    writeFileSync(config, engineConfig(options))
    return await patiently(data, () =>
      EmbeddedStore.open(path, () => new Session(data, { connectionArgs: [`--config-file=${config}`] })),
    )
  } catch (error) {
    if (isEngineOpen(data)) throw new StoreBusy(`${path} is open in another process`, { cause: error })
    throw openingError(path, error)
  }
}

/**
 * Of processes that open a folder at the same moment all but one fail, and are not told why; the other may be done with it by the time
 * anybody looks, and the next one may be there at the next try.
 */
async function patiently<T>(data: string, open: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await open()
    } catch (error) {
      const isUntold = error instanceof Error && error.message.includes(cannotConnect)
      if (!isUntold || tries === maxTries) throw error
      // By the time that the caller asks it may be closed again.
      if (isEngineOpen(data)) throw new StoreBusy(`${data} is open in another process`, { cause: error })
      await new Promise(resolve => setTimeout(resolve, retryMs * tries + (process.pid % retryMs)))
    }
  }
}

/** Another process has the embedded store open: it has to be asked instead. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy'
}

async function loadChdb(): Promise<typeof import('chdb')> {
  try {
    return await import('chdb')
  } catch (cause) {
    throw new FcscopeError(
      'FCS_STORE_UNAVAILABLE',
      {
        en: 'The embedded store needs the optional package chdb, which is not installed or has no build for this system. Run `npm install chdb`, or use a ClickHouse server (store: {type: clickhouse, url: …}).',
        zh: '内嵌存储需要可选包 chdb，但它未安装或不支持当前系统。请运行 `npm install chdb`，或使用 ClickHouse 服务器（store: {type: clickhouse, url: …}）。',
      },
      { cause, exitStatus: ExitStatus.unreachable },
    )
  }
}

function openingError(path: string, cause: unknown): Error {
  if (cause instanceof StoreBusy) return cause
  const error = storeErrorOf(cause)
  if (error.clickhouseCode === cannotOpenFile || /lock/i.test(error.message)) {
    return new StoreBusy(`${path} is open in another process`, { cause })
  }
  return new FcscopeError(
    'FCS_STORE_UNAVAILABLE',
    {
      en: `${path}: the embedded store cannot be opened (${error.message}). Check the folder, its owner and its disk, or name another one in store.path.`,
      zh: `${path}：无法打开内嵌存储（${error.message}）。请检查该目录、其所有者及磁盘，或在 store.path 中指定其他目录。`,
    },
    { cause, exitStatus: ExitStatus.unreachable },
  )
}

/**
 * The connections for the queries of others: whatever they ask, and however slowly they read, the owner's own queries do not wait
 * for them.
 */
export const readersOf = (store: StoreWriter): StoreConnection =>
  store instanceof EmbeddedStore ? store.readers : store

/** Files are inserted through connections of their own, one after the other in each; so are the owner's own queries. */
class EmbeddedStore implements StoreWriter {
  readonly label: string
  readonly readers: ReaderPool
  readonly #writer: Session
  readonly #aside: ReaderPool
  readonly #inserters: Session[]
  readonly #killer: Session
  readonly #own: ReaderPool
  #isOpen = true

  private constructor(parts: {
    label: string
    writer: Session
    aside: ReaderPool
    inserters: Session[]
    killer: Session
    own: ReaderPool
    readers: ReaderPool
  }) {
    this.label = parts.label
    this.readers = parts.readers
    this.#writer = parts.writer
    this.#aside = parts.aside
    this.#inserters = parts.inserters
    this.#killer = parts.killer
    this.#own = parts.own
  }

  /** All connections stand in our database; what is asked there is answered as the contract writes it (§ times, numbers). */
  static async open(label: string, open: () => Session): Promise<EmbeddedStore> {
    const writer = open()
    await writer.queryAsync(`CREATE DATABASE IF NOT EXISTS ${databaseName}`)
    await writer.queryAsync(`USE ${databaseName}`)
    const inserters: Session[] = []
    for (let number = 0; number < maxConcurrentInserts; number++) {
      const inserter = open()
      await inserter.queryAsync(`USE ${databaseName}`)
      inserters.push(inserter)
    }
    const killer = open()
    const openReader = (mark: string): Promise<ReaderSession> =>
      ReaderSession.open({ session: open(), killer, mark, database: databaseName })
    const openOwn = async (mark: string): Promise<ReaderPool> =>
      new ReaderPool({
        label,
        sessions: [await openReader(mark)],
        maxWaiting: Number.POSITIVE_INFINITY,
        timeoutMs: ownTimeoutMs,
      })
    const own = await openOwn('fcscope-own')
    const aside = await openOwn('fcscope-aside')
    const sessions: ReaderSession[] = []
    for (let number = 1; number <= sharedReaders; number++) sessions.push(await openReader(`fcscope-reader-${number}`))
    const readers = new ReaderPool({ label, sessions, maxWaiting, timeoutMs: sharedTimeoutMs })
    return new EmbeddedStore({ label, writer, aside, inserters, killer, own, readers })
  }

  query(query: StoreQuery): Promise<Buffer> {
    return this.#own.query(query)
  }

  stream(query: StoreQuery): AsyncIterable<Uint8Array> {
    return this.#own.stream(query)
  }

  async run(sql: string): Promise<void> {
    try {
      await this.#writer.queryAsync(sql)
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  queryAside(query: StoreQuery): Promise<Buffer> {
    return this.#aside.query(query)
  }

  /**
   * Settings stand in the statement: given to the call they would stay with the connection. `FROM INFILE` and `VALUES` would read
   * our standard input behind the data, as the command-line client does; a SELECT does not.
   */
  async insertFile(insert: FileInsert): Promise<void> {
    const { table, columns, path, token } = insert
    const settings = [
      'async_insert = 0',
      'insert_deduplicate = 1',
      `insert_deduplication_token = ${sqlText(token)}`,
      // One file is one block, whatever its size: nothing may split it.
      'min_insert_block_size_rows = 4294967296',
      'min_insert_block_size_bytes = 0',
      'max_threads = 1',
      'max_insert_threads = 1',
      // Rows of one key in one batch are rare: looking for them costs a third of the insert, and readers do it anyway.
      'optimize_on_insert = 0',
    ]
    const inserter = this.#inserters.pop()
    if (inserter === undefined) throw new RangeError(`BUG: more than ${maxConcurrentInserts} inserts at once`)
    try {
      await inserter.queryAsync(
        `INSERT INTO ${table} (${columns.join(', ')}) SETTINGS ${settings.join(', ')} ${insertSource(insert, `file(${sqlText(path)}, Native)`)}`,
      )
    } catch (error) {
      throw storeErrorOf(error)
    } finally {
      this.#inserters.push(inserter)
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.readers.close()
    await this.#own.close()
    await this.#aside.close()
    const { drainPending } = await loadChdb()
    await drainPending?.()
    for (const session of [...this.#inserters, this.#killer, this.#writer]) session.close()
  }
}
