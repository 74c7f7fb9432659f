// One connection for reading the embedded store: it runs one statement at a time, within bounds, and can be stopped.

import { sqlText } from '../lib/sql-text.ts'
import { StoreError, type StoreQuery } from '../model/store-connection.ts'
import { inspectStatement, type RefusalReason } from './read-statement.ts'
import { isDivisible } from './result-formats.ts'

type Session = import('chdb').Session

/** One query, so that several together leave the writer its share of the engine's memory. */
const maxQueryBytes = 768 * 1024 * 1024
/** Beyond it large groups and sorts go on on disk. */
const spillBytes = 256 * 1024 * 1024
/** A result that has to be made in memory as a whole. */
const maxWholeResultBytes = 256 * 1024 * 1024

/** Times, numbers and decimals as the contract writes them (§1). */
const outputSettings = [
  "date_time_output_format = 'iso'",
  'output_format_json_quote_64bit_integers = 0',
  'output_format_json_quote_decimals = 1',
]

const boundSettings = [
  // Who prints is not who asks: a worker's own terminal says nothing about colour.
  'output_format_pretty_color = 0',
  'max_threads = 2',
  `max_memory_usage = ${maxQueryBytes}`,
  `max_bytes_before_external_group_by = ${spillBytes}`,
  `max_bytes_before_external_sort = ${spillBytes}`,
  "result_overflow_mode = 'throw'",
]

const notSupported = 36
const readonly = 164

/** A query with its time limit. */
export type BoundedQuery = StoreQuery & { readonly timeoutMs: number }

/** A connection for reading. */
export class ReaderSession {
  readonly #session: Session
  /** Another connection, on which statements of this one are ended. */
  readonly #killer: Session
  /** Known to the engine by this: one statement at a time carries it. */
  readonly #mark: string
  #settings = ''

  private constructor(parts: { session: Session; killer: Session; mark: string }) {
    this.#session = parts.session
    this.#killer = parts.killer
    this.#mark = parts.mark
  }

  static async open(parts: {
    session: Session
    killer: Session
    mark: string
    database: string
  }): Promise<ReaderSession> {
    const { session, mark, database } = parts
    const settings = [...outputSettings, ...boundSettings, `log_comment = ${sqlText(mark)}`]
    await session.queryAsync(`USE ${database}`)
    await session.queryAsync(`SET ${settings.join(', ')}`)
    // Last: with it nothing but settings can be changed any more.
    await session.queryAsync('SET readonly = 2')
    return new ReaderSession(parts)
  }

  /** The result of a statement, in pieces where its format allows it. Fails with what the engine throws. */
  async begin(query: BoundedQuery): Promise<AsyncIterator<Uint8Array>> {
    const statement = inspectStatement(query.sql)
    if (statement.kind === 'refused') throw refused(statement.reason)
    const format = statement.format ?? query.format ?? 'JSONEachRow'
    const isWhole = statement.kind === 'description' || !isDivisible(format)
    await this.#set(
      `max_execution_time = ${Math.ceil(query.timeoutMs / 1000)}, max_result_bytes = ${isWhole ? maxWholeResultBytes : 0}`,
    )
    if (statement.kind === 'rows') {
      const stream = this.#session.queryStream(query.sql, { format })
      if (!isWhole) return pieces(stream)
      // Only a SELECT gets this far: the engine's own parser says so. It has not begun to run.
      stream.cancel()
    }
    return this.#whole(query.sql, format)
  }

  /** Settings stay with a connection until they are set again. */
  async #set(settings: string): Promise<void> {
    if (this.#settings === settings) return
    await this.#session.queryAsync(`SET ${settings}`)
    this.#settings = settings
  }

  /** Ends the statement that runs. Its result fails with the engine's code 394. */
  async kill(): Promise<void> {
    await this.#killer.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${sqlText(this.#mark)} ASYNC`)
  }

  close(): void {
    this.#session.close()
  }

  async *#whole(sql: string, format: string): AsyncGenerator<Uint8Array> {
    const result = await this.#session.queryAsync(sql, { format })
    yield result.bytes()
  }
}

async function* pieces(stream: import('chdb').ChdbQueryStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk.raw()
}

const texts: Readonly<Record<RefusalReason, string>> = {
  nothing: 'Empty query.',
  several: 'One statement at a time.',
  outfile: 'INTO OUTFILE is not supported: the result goes to standard output.',
  otherStatement: 'The store is read only here: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, EXISTS.',
}

const refused = (reason: RefusalReason): StoreError =>
  new StoreError(texts[reason], {
    clickhouseCode: reason === 'otherStatement' ? readonly : notSupported,
    isTransient: false,
  })
