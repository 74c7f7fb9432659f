// The figures of functions, asked for again and again.
import type { StoreConnection } from '../../model/store-connection.ts'
import { type FunctionFigures, topFunctions } from '../../store/top-functions.ts'
import { FollowedStore } from '../followed-store.ts'
import type { WorkerConfig } from '../worker-config.ts'
import { pause } from './follow-feed.ts'

export interface TopOptions {
  readonly windowMs: number
  /** Empty for all. */
  readonly functions: readonly string[]
  readonly nowMs: () => number
}

/** The figures as of a moment. */
export interface TopFrame {
  /** Unix ms. */
  readonly atMs: number
  readonly windowMs: number
  readonly functions: readonly FunctionFigures[]
}

/** One look at a store that may be away. */
export interface TopView {
  /** Null where nobody could be asked. */
  readonly frame: TopFrame | null
  /** Set while nothing new comes; `reason` is null where no worker runs. */
  readonly waiting: { readonly reason: string | null } | null
}

/** One look. Fails with a `StoreError`. */
export async function lookAtFunctions(store: StoreConnection, options: TopOptions): Promise<TopFrame> {
  const { windowMs, functions, nowMs } = options
  const atMs = nowMs()
  return { atMs, windowMs, functions: await topFunctions(store, { fromMs: atMs - windowMs, toMs: atMs, functions }) }
}

/** Looks until it is stopped. */
export async function* watchFunctions(
  options: TopOptions & { readonly config: WorkerConfig; readonly everyMs: number; readonly signal: AbortSignal },
): AsyncGenerator<TopView> {
  const { config, everyMs, signal } = options
  const store = new FollowedStore(config)
  try {
    while (!signal.aborted) {
      const frame = await store.ask(
        connection => lookAtFunctions(connection, options),
        () => true,
      )
      yield { frame, waiting: store.isAlive ? null : { reason: store.awayReason } }
      await pause(everyMs, signal)
    }
  } finally {
    await store.close()
  }
}
