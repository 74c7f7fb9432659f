// Follows a feed while workers come and go: what there is, then what comes, each row once.
import type { Feed, History, Step } from '../../store/follow/feed.ts'
import { FollowedStore } from '../followed-store.ts'
import type { WorkerConfig } from '../worker-config.ts'

export interface FollowOptions {
  readonly config: WorkerConfig
  readonly history: History
  readonly everyMs: number
  /** Aborted when it is time to stop. */
  readonly signal: AbortSignal
  /** Nobody can be asked for now; called once for each time that lasts. `reason`: what was said, null when no worker runs. */
  readonly onWaiting: (reason: string | null) => void
}

/** Rows as they come, in groups that are not empty, until it is stopped. Fails with what asking fails with, but for a store that is away. */
export async function* followFeed<Row>(feed: Feed<Row>, options: FollowOptions): AsyncGenerator<readonly Row[]> {
  const { config, history, everyMs, signal, onWaiting } = options
  const store = new FollowedStore(config)
  let hasBegun = false
  let isTold = false
  try {
    while (!signal.aborted) {
      const step = await store.ask<Step<Row>>(
        async connection => {
          if (hasBegun) return feed.next(connection)
          return { rows: await feed.begin(connection, history), isCut: true }
        },
        ({ isCut }) => !isCut,
      )
      // Of a store that was not there yet everything is new.
      if (step !== null || store.isMissing) hasBegun = true
      // Without a worker nothing comes, though what is there was read.
      if (store.isAlive) isTold = false
      else if (!isTold && (step === null || !step.isCut)) {
        onWaiting(store.awayReason)
        isTold = true
      }
      if (step !== null && step.rows.length > 0) yield step.rows
      if (step === null || !step.isCut) await pause(everyMs, signal)
    }
  } finally {
    await store.close()
  }
}

/** So long, or until it is stopped. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
