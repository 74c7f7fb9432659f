// A ClickHouse server over HTTP, through its official client.
import { open } from 'node:fs/promises'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { sqlText } from '../lib/sql-text.ts'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { FileInsert, StoreConnection, StoreQuery, StoreWriter } from '../model/store-connection.ts'
import { storeErrorOf } from './clickhouse-error.ts'
import { insertSource, structureOf } from './insert-source.ts'
import { inspectStatement } from './read-statement.ts'

export interface ServerStoreOptions {
  readonly url: string
  readonly database: string
  readonly username: string
  readonly password: string
  /** For one request, an insert's body included. */
  readonly timeoutMs: number
}

/** Codes that say that waiting will not help: unknown user, wrong password, unknown database, no right. */
const refusals: ReadonlySet<number> = new Set([81, 192, 193, 194, 497, 516])

/** Connects to a server and makes the database. Fails with `FCS_STORE_UNAVAILABLE`. */
export async function openServerStore(options: ServerStoreOptions): Promise<StoreWriter> {
  const store = new ServerStore(options, {})
  try {
    await store.createDatabase()
    return store
  } catch (error) {
    await store.close()
    throw connectingError(store.label, error)
  }
}

/**
 * Connects for reading only: makes nothing, and the server refuses what would change anything. Null when the database is not there.
 * Fails with `FCS_STORE_UNAVAILABLE`.
 */
export async function openServerReader(options: ServerStoreOptions): Promise<StoreConnection | null> {
  const store = new ServerStore(options, readerSettings)
  try {
    await store.query({ sql: 'SELECT 1' })
    return store
  } catch (error) {
    await store.close()
    if (storeErrorOf(error).clickhouseCode === unknownDatabase) return null
    throw connectingError(store.label, error)
  }
}

const unknownDatabase = 81

/** 2 allows settings, which every request carries; a caller who leaves ends the query. */
const readerSettings: Settings = { readonly: '2', cancel_http_readonly_queries_on_client_close: 1 }

function connectingError(label: string, cause: unknown): FcscopeError {
  const error = storeErrorOf(cause)
  const isRefusal = error.clickhouseCode !== null && refusals.has(error.clickhouseCode)
  const what = isRefusal
    ? {
        en: 'Check store.username, store.password and store.database.',
        zh: '请检查 store.username、store.password 和 store.database。',
      }
    : { en: 'Check store.url, and that the server is running.', zh: '请检查 store.url 以及服务器是否正在运行。' }
  return new FcscopeError(
    'FCS_STORE_UNAVAILABLE',
    {
      en: `${label}: ClickHouse ${isRefusal ? 'refuses' : 'does not answer'} (${error.message}). ${what.en}`,
      zh: `${label}：ClickHouse ${isRefusal ? '拒绝访问' : '没有响应'}（${error.message}）。${what.zh}`,
    },
    { cause, exitStatus: ExitStatus.unreachable },
  )
}

type Settings = Readonly<Record<string, string | number>>

class ServerStore implements StoreWriter {
  readonly label: string
  readonly #client: ClickHouseClient
  readonly #database: string
  readonly #options: ServerStoreOptions
  readonly #settings: Settings

  constructor(options: ServerStoreOptions, settings: Settings) {
    this.#options = options
    this.#settings = settings
    this.#database = options.database
    const { protocol, host } = new URL(options.url)
    this.label = `${protocol}//${host}/${options.database}`
    this.#client = this.#connect(options.database)
  }

  #connect(database: string): ClickHouseClient {
    const { url, username, password, timeoutMs } = this.#options
    return createClient({
      url,
      database,
      username,
      password,
      application: 'fcscope',
      request_timeout: timeoutMs,
      max_open_connections: 8,
      compression: { response: true, request: false },
      // What goes wrong is told by whoever asked.
      log: { level: 127 },
    })
  }

  async createDatabase(): Promise<void> {
    // Asked in a database that is always there: ours may be missing.
    const client = this.#connect('default')
    try {
      await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${this.#database.replaceAll('`', '')}\`` })
    } finally {
      await client.close()
    }
  }

  async query(query: StoreQuery): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for await (const part of this.stream(query)) parts.push(part)
    return Buffer.concat(parts)
  }

  async *stream({ sql, format, timeoutMs }: StoreQuery): AsyncIterable<Uint8Array> {
    try {
      const { stream } = await this.#client.exec({
        query: withFormat(sql, format ?? 'JSONEachRow'),
        clickhouse_settings: {
          ...this.#settings,
          date_time_output_format: 'iso',
          output_format_json_quote_64bit_integers: 0,
          output_format_json_quote_decimals: 1,
          ...(timeoutMs !== undefined && { max_execution_time: Math.ceil(timeoutMs / 1000) }),
        },
      })
      // A binary stream gives buffers.
      for await (const part of stream) yield part as Buffer
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  async run(sql: string): Promise<void> {
    try {
      await this.#client.command({ query: sql })
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  queryAside(query: StoreQuery): Promise<Buffer> {
    return this.query(query)
  }

  async insertFile(insert: FileInsert): Promise<void> {
    const { table, columns, path, token, signal } = insert
    // Opened here, and its end waited for: of a stream's own failure nobody but the process would hear.
    const file = await open(path).catch((error: unknown) => {
      throw storeErrorOf(error)
    })
    const values = file.createReadStream({ autoClose: false }).on('error', () => {})
    try {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${table} (${columns.join(', ')})${source(insert)} FORMAT Native`,
        values,
        ...(signal !== undefined && { abort_signal: signal }),
        clickhouse_settings: {
          async_insert: 0,
          insert_deduplicate: 1,
          insert_deduplication_token: token,
          optimize_on_insert: 0,
          ...(structureOf(insert) !== null && oneBlock),
        },
      })
      stream.resume()
    } catch (error) {
      throw storeErrorOf(error)
    } finally {
      values.destroy()
      await file.close()
    }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}

/** A format that the statement names itself wins. */
function withFormat(sql: string, format: string): string {
  const statement = inspectStatement(sql)
  if (statement.kind === 'refused' || statement.format !== null) return sql
  return `${sql.replace(/[;\s]+$/, '')}\nFORMAT ${format}`
}

/** Where the rows of an insert come from: the body, or a part of it. */
function source(insert: FileInsert): string {
  const structure = structureOf(insert)
  return structure === null ? '' : ` ${insertSource(insert, `input(${sqlText(structure)})`)}`
}

/** What a query gives could be cut in pieces, and then a part of the rows could be there. */
const oneBlock: Settings = {
  min_insert_block_size_rows: 4_294_967_296,
  min_insert_block_size_bytes: 0,
  max_threads: 1,
  max_insert_threads: 1,
}
