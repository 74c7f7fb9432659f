// What a store can be asked, wherever it runs: in this process, behind HTTP, or in the process of the worker that has it open.

/** One insert of a file that holds one block in ClickHouse's Native format. */
export interface FileInsert {
  readonly table: string
  readonly columns: readonly string[]
  readonly path: string
  /** Rows of these streams stay out; not given where all are to be stored. */
  readonly without?: {
    readonly streamIds: readonly string[] /** Names and types of the columns, as ClickHouse writes them. */
    readonly structure: string
  }
  /** Rows that the table has already stay out; not given where it has none of them, or where they replace each other. */
  readonly unless?: UnlessStored
  /** The same token twice leaves one copy. */
  readonly token: string
  /** Aborted when nobody waits any more: a store that is asked over a network is left then. */
  readonly signal?: AbortSignal
}

/** Which rows of an insert are not there yet. Expressions and conditions are ClickHouse's. */
export interface UnlessStored {
  /**
   * A number in every row of the file, and no column of the table: the row is the how-manieth of its equals. It goes in while the
   * table has fewer of them. 0: never.
   */
  readonly copyColumn: string
  /** Expressions, over columns that the file and the table have: rows are equal when all of them are. */
  readonly equalBy: readonly string[]
  /** Holds for all rows of the table that are to be counted. */
  readonly among: string
  /** Names and types of the file's columns, as ClickHouse writes them. */
  readonly structure: string
}

/** A statement and the format of its result. */
export interface StoreQuery {
  readonly sql: string
  /** A format by ClickHouse's name; `JSONEachRow` when left out. */
  readonly format?: string
  /** How long it may run, in ms; a minute when left out. */
  readonly timeoutMs?: number
}

/** A connection to a store. Every method fails with a {@link StoreError}. */
export interface StoreConnection {
  /** What a person calls the store: its folder or its address. */
  readonly label: string
  /** The whole result. For results that are known to be small. */
  query(query: StoreQuery): Promise<Buffer>
  /** The result in pieces, as it comes. Ending the iteration early ends the query. */
  stream(query: StoreQuery): AsyncIterable<Uint8Array>
  /** Must be safe twice; waits for what is under way. */
  close(): Promise<void>
}

/** Files that a store takes at the same time: both cores have work while the reader waits, and no more memory is needed. */
export const maxConcurrentInserts = 2

/**
 * How much of a statement may be rows or ids of ours. ClickHouse takes a quarter of a megabyte (`max_query_size`), which a server may keep
 * anybody from raising.
 */
export const maxListBytes = 192 * 1024

/** A connection that may change the store. */
export interface StoreWriter extends StoreConnection {
  /** A statement without a result. */
  run(sql: string): Promise<void>
  /** Like {@link query}, for a question that takes its time: nothing else of the owner waits for it. */
  queryAside(query: StoreQuery): Promise<Buffer>
  /** All of the file or nothing, if it is one block for one partition. */
  insertFile(insert: FileInsert): Promise<void>
}

/** A failure of the store, or on the way to it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** ClickHouse's code (`60` = unknown table); null when it never answered. */
  readonly clickhouseCode: number | null
  /** True when the same request may succeed later without anybody changing it. */
  readonly isTransient: boolean

  constructor(message: string, options: { clickhouseCode: number | null; isTransient: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.clickhouseCode = options.clickhouseCode
    this.isTransient = options.isTransient
  }
}
