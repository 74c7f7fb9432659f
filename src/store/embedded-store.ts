// ClickHouse in this process: chdb, an optional package. One process at a time can have a folder open.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { FileInsert, StoreQuery, StoreWriter } from '../model/store-connection.ts'
import { storeErrorOf } from './clickhouse-error.ts'
import { sqlText } from './sql-text.ts'

type Session = import('chdb').Session

/** Code 76, with a lock in the text: another process has the folder open. */
const cannotOpenFile = 76

const databaseName = 'fcscope'

/** Sizes for a store that shares its machine and its process; ClickHouse's own are for a machine of its own. */
const engineConfig = (maxMemoryBytes: number): string => `<clickhouse>
  <max_server_memory_usage>${maxMemoryBytes}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>33554432</index_mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <index_uncompressed_cache_size>33554432</index_uncompressed_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <text_index_tokens_cache_size>0</text_index_tokens_cache_size>
  <text_index_header_cache_size>0</text_index_header_cache_size>
  <text_index_postings_cache_size>0</text_index_postings_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>2</background_schedule_pool_size>
</clickhouse>
`

export interface EmbeddedStoreOptions {
  /** Folder of the store; made if need be. */
  readonly path: string
  readonly maxMemoryBytes: number
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
    mkdirSync(data, { recursive: true })
    const config = join(path, 'engine.xml')
    writeFileSync(config, engineConfig(options.maxMemoryBytes))
    const open = (): Session => new Session(data, { connectionArgs: [`--config-file=${config}`] })
    const store = new EmbeddedStore(path, open)
    await store.prepare()
    return store
  } catch (error) {
    throw openingError(path, error)
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

/** Writes go through one connection, one after the other; queries through another, so that a long one holds nothing up. */
class EmbeddedStore implements StoreWriter {
  readonly label: string
  readonly #writer: Session
  readonly #reader: Session
  #isOpen = true

  constructor(label: string, open: () => Session) {
    this.label = label
    this.#writer = open()
    this.#reader = open()
  }

  /** Both connections stand in our database; what is asked there is answered as the contract writes it (§ times, numbers). */
  async prepare(): Promise<void> {
    await this.run(`CREATE DATABASE IF NOT EXISTS ${databaseName}`)
    await this.run(`USE ${databaseName}`)
    for (const statement of [`USE ${databaseName}`, ...readerSettings]) await this.#reader.queryAsync(statement)
  }

  async query({ sql, format }: StoreQuery): Promise<Buffer> {
    try {
      const result = await this.#reader.queryAsync(sql, { format: format ?? 'JSONEachRow' })
      return Buffer.from(result.bytes())
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  async *stream({ sql, format }: StoreQuery): AsyncIterable<Uint8Array> {
    try {
      const chunks = this.#reader.queryStream(sql, { format: format ?? 'JSONEachRow' })
      for await (const chunk of chunks) yield chunk.raw()
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  async run(sql: string): Promise<void> {
    try {
      await this.#writer.queryAsync(sql)
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  /**
   * Settings stand in the statement: given to the call they would stay with the connection. `FROM INFILE` and `VALUES` would read
   * our standard input behind the data, as the command-line client does; a SELECT does not.
   */
  async insertFile({ table, columns, path, token }: FileInsert): Promise<void> {
    const settings = [
      'async_insert = 0',
      'insert_deduplicate = 1',
      `insert_deduplication_token = ${sqlText(token)}`,
      // One file is one block, whatever its size: nothing may split it.
      'min_insert_block_size_rows = 4294967296',
      'min_insert_block_size_bytes = 0',
      'max_threads = 1',
      'max_insert_threads = 1',
    ]
    await this.run(
      `INSERT INTO ${table} (${columns.join(', ')}) SETTINGS ${settings.join(', ')} SELECT * FROM file(${sqlText(path)}, Native)`,
    )
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { drainPending } = await loadChdb()
    await drainPending?.()
    this.#reader.close()
    this.#writer.close()
  }
}

const readerSettings = [
  "SET date_time_output_format = 'iso'",
  'SET output_format_json_quote_64bit_integers = 0',
  'SET output_format_json_quote_decimals = 1',
  'SET max_threads = 2',
  'SET readonly = 2',
]
