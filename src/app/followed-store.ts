// A store that is asked again and again, while workers come and go: nothing is held open that would keep a worker out.
import { statSync } from 'node:fs'
import { FcscopeError } from '../model/fcscope-error.ts'
import { type StoreConnection, StoreError, type StoreQuery } from '../model/store-connection.ts'
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

  constructor(config: WorkerConfig) {
    this.#config = config
  }

  /** The worker that answered last; null for a server, or when none runs. */
  get worker(): WorkerConnection | null {
    return this.#worker
  }

  /**
   * Runs `work` on the store. Null when there is nothing to ask now: no worker runs and nothing has changed since, or the store is
   * away. Fails with what `work` fails with, but for that.
   */
  async ask<T>(work: (store: StoreConnection) => Promise<T>): Promise<T | null> {
    try {
      return await this.#ask(work)
    } catch (error) {
      if (!isAway(error)) throw error
      await this.close()
      return null
    }
  }

  async #ask<T>(work: (store: StoreConnection) => Promise<T>): Promise<T | null> {
    const { store } = this.#config.settings
    if (store.type !== 'embedded') {
      this.#connection ??= (await openStoreReader(this.#config)).connection
      return work(this.#connection)
    }
    this.#worker ??= await WorkerConnection.open(apiFolder(this.#config.settings))
    if (this.#worker !== null) return work(this.#worker)
    const changedMs = changeTime(store.options.path)
    if (changedMs === this.#seenMs) return null
    const { connection, worker } = await openStoreReader(this.#config)
    try {
      const result = await work(connection)
      if (worker === null) this.#seenMs = changedMs
      return result
    } finally {
      await connection.close()
    }
  }

  async close(): Promise<void> {
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
const isAway = (error: unknown): boolean =>
  error instanceof StoreError
    ? error.clickhouseCode === null || error.isTransient
    : error instanceof FcscopeError && (error.code === 'FCS_NOT_FOUND' || error.code === 'FCS_STORE_UNAVAILABLE')

/** One query, and all of its result. */
export const queryOf = (query: StoreQuery) => (store: StoreConnection) => store.query(query)
