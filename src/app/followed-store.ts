// A store that is asked again and again, while workers come and go: nothing is held open that would keep a worker out.
import { statSync } from 'node:fs'
import { FcscopeError } from '../model/fcscope-error.ts'
import { type StoreConnection, StoreError } from '../model/store-connection.ts'
import { WorkerConnection } from '../store/worker-api/worker-connection.ts'
import { apiFolder, openStoreReader } from './open-store-reader.ts'
import type { WorkerConfig } from './worker-config.ts'

/** Asks a store that may be away for a while. */
export class FollowedStore {
  readonly #config: WorkerConfig
  #connection: StoreConnection | null = null
  #worker: WorkerConnection | null = null
  /** When the store's folder changed last, as of the last direct look; a worker leaves its mark there when it comes and goes. */
  #seenMs = Number.NaN
  #isAlive = false
  #awayReason: string | null = null
  #isMissing = false

  constructor(config: WorkerConfig) {
    this.#config = config
  }

  /** True when what answered last may have more later: a worker, or a server. */
  get isAlive(): boolean {
    return this.#isAlive
  }

  /** What was said when somebody was asked last and nobody answered; null when there was nobody to ask. */
  get awayReason(): string | null {
    return this.#awayReason
  }

  /** True when nothing had ever been stored as of the last time. */
  get isMissing(): boolean {
    return this.#isMissing
  }

  /**
   * Runs `work` on the store. Null when there is nothing to ask now: no worker runs and nothing has changed since `isAll` was true of
   * a result, or the store is away. Fails with what `work` fails with, but for that.
   */
  async ask<T>(work: (store: StoreConnection) => Promise<T>, isAll: (result: T) => boolean): Promise<T | null> {
    this.#awayReason = null
    this.#isMissing = false
    try {
      return await this.#ask(work, isAll)
    } catch (error) {
      if (!isAway(error)) throw error
      await this.close()
      this.#awayReason = error.message
      this.#isMissing = error instanceof FcscopeError && error.code === 'FCS_NOT_FOUND'
      return null
    }
  }

  async #ask<T>(work: (store: StoreConnection) => Promise<T>, isAll: (result: T) => boolean): Promise<T | null> {
    const { store } = this.#config.settings
    if (store.type !== 'embedded') {
      this.#connection ??= (await openStoreReader(this.#config)).connection
      const result = await work(this.#connection)
      this.#isAlive = true
      return result
    }
    this.#worker ??= await WorkerConnection.open(apiFolder(this.#config.settings))
    if (this.#worker !== null) {
      const result = await work(this.#worker)
      this.#isAlive = true
      return result
    }
    this.#isAlive = false
    const changedMs = changeTime(store.options.path)
    if (changedMs === this.#seenMs) return null
    const result = await this.#lookInto(work)
    if (!this.#isAlive && isAll(result)) this.#seenMs = changedMs
    return result
  }

  /** The store is opened for a moment only: a worker that starts waits a few seconds for it. */
  async #lookInto<T>(work: (store: StoreConnection) => Promise<T>): Promise<T> {
    const { connection, worker } = await openStoreReader(this.#config)
    try {
      const result = await work(connection)
      this.#isAlive = worker !== null
      return result
    } finally {
      await connection.close()
    }
  }

  async close(): Promise<void> {
    this.#isAlive = false
    await this.#connection?.close()
    this.#connection = null
    this.#worker = null
  }
}

/** NaN, which equals nothing, where there is no folder. */
function changeTime(path: string): number {
  try {
    return statSync(path).mtimeMs
  } catch {
    return Number.NaN
  }
}

/** A worker that stopped, a server that restarts, a store that is not there yet. */
const isAway = (error: unknown): error is StoreError | FcscopeError =>
  error instanceof StoreError
    ? error.clickhouseCode === null || error.isTransient
    : error instanceof FcscopeError && (error.code === 'FCS_NOT_FOUND' || error.code === 'FCS_STORE_UNAVAILABLE')
