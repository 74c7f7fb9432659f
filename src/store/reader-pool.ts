// Several connections for reading the embedded store, so that one long query does not hold up the others.
import { type StoreConnection, StoreError, type StoreQuery } from '../model/store-connection.ts'
import { storeErrorOf } from './clickhouse-error.ts'
import type { BoundedQuery, ReaderSession } from './reader-session.ts'

const tooManyQueries = 202
const aborted = 236

export interface ReaderPoolOptions {
  readonly label: string
  readonly sessions: readonly ReaderSession[]
  /** Queries that may wait for a connection; more are refused. */
  readonly maxWaiting: number
  /** For queries that say nothing about it. */
  readonly timeoutMs: number
}

/** See {@link StoreConnection}. A result holds its connection until it is read to its end, has failed or is given up. */
export class ReaderPool implements StoreConnection {
  readonly label: string
  readonly #options: ReaderPoolOptions
  readonly #idle: ReaderSession[]
  readonly #waiting: PromiseWithResolvers<ReaderSession>[] = []
  readonly #running = new Set<PooledResult>()
  #isClosed = false

  constructor(options: ReaderPoolOptions) {
    this.label = options.label
    this.#options = options
    this.#idle = [...options.sessions]
  }

  async query(query: StoreQuery): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for await (const part of this.stream(query)) parts.push(part)
    return Buffer.concat(parts)
  }

  stream(query: StoreQuery): AsyncIterable<Uint8Array> {
    return {
      [Symbol.asyncIterator]: () => {
        const timeoutMs = query.timeoutMs ?? this.#options.timeoutMs
        const result = new PooledResult(
          { ...query, timeoutMs },
          {
            take: () => this.#take(),
            giveBack: session => {
              this.#running.delete(result)
              if (session !== null) this.#giveBack(session)
            },
          },
        )
        this.#running.add(result)
        return result
      },
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const { reject } of this.#waiting.splice(0)) reject(closed())
    await Promise.all([...this.#running].map(result => result.abort(closed())))
    for (const session of this.#options.sessions) session.close()
  }

  #take(): Promise<ReaderSession> {
    if (this.#isClosed) return Promise.reject(closed())
    const session = this.#idle.pop()
    if (session !== undefined) return Promise.resolve(session)
    if (this.#waiting.length >= this.#options.maxWaiting) return Promise.reject(tooMany())
    const turn = Promise.withResolvers<ReaderSession>()
    this.#waiting.push(turn)
    return turn.promise
  }

  #giveBack(session: ReaderSession): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#idle.push(session)
    else next.resolve(session)
  }
}

interface Lender {
  take(): Promise<ReaderSession>
  giveBack(session: ReaderSession | null): void
}

/** No generator: a generator cannot be given up while somebody waits for its next piece, and that wait may be long. */
class PooledResult implements AsyncIterator<Uint8Array, undefined> {
  readonly #query: BoundedQuery
  readonly #lender: Lender
  #session: ReaderSession | null = null
  #pieces: AsyncIterator<Uint8Array> | null = null
  #isOver = false
  /** The step that is under way; never rejects. */
  #step: Promise<unknown> | null = null
  #isReturned = false
  /** Why it was ended by somebody else than its reader, who must not take what he has for all of it. */
  #failure: StoreError | null = null

  constructor(query: BoundedQuery, lender: Lender) {
    this.#query = query
    this.#lender = lender
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const step = this.#advance()
    this.#step = step.catch(() => {})
    return step
  }

  /** Ends the query, also while {@link next} is pending: that fails then. Safe twice. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#isOver = true
    const isPending = this.#step !== null && this.#pieces !== null
    // A query that cannot be ended so has its time limit.
    if (isPending) await this.#session?.kill().catch(() => {})
    await this.#step
    await this.#finish()
    return { done: true, value: undefined }
  }

  /** Ends the query as {@link return} does; whoever reads it is told so. */
  async abort(failure: StoreError): Promise<void> {
    this.#failure = failure
    await this.return()
  }

  async #advance(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const piece = await this.#nextPiece()
      if (piece === null) await this.#finish()
      return piece === null ? { done: true, value: undefined } : { done: false, value: piece }
    } catch (error) {
      await this.#finish()
      throw this.#failure ?? storeErrorOf(error)
    } finally {
      this.#step = null
    }
  }

  async #nextPiece(): Promise<Uint8Array | null> {
    if (this.#isEnded()) return null
    this.#session ??= await this.#lender.take()
    if (this.#isEnded()) return null
    this.#pieces ??= await this.#session.begin(this.#query)
    if (this.#isEnded()) return null
    const { done, value } = await this.#pieces.next()
    if (done && this.#failure !== null) throw this.#failure
    return done ? null : value
  }

  #isEnded(): boolean {
    if (this.#failure !== null) throw this.#failure
    return this.#isOver
  }

  async #finish(): Promise<void> {
    this.#isOver = true
    if (this.#isReturned) return
    this.#isReturned = true
    await this.#pieces?.return?.().catch(() => {})
    this.#lender.giveBack(this.#session)
  }
}

const tooMany = (): StoreError =>
  new StoreError('Too many queries at once; try again later.', { clickhouseCode: tooManyQueries, isTransient: true })

const closed = (): StoreError =>
  new StoreError('The store is being closed.', { clickhouseCode: aborted, isTransient: true })
