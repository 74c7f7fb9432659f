// Looks whether a Logstore can be read, before anything is promised to the group.
import { setTimeout as wait } from 'node:timers/promises'
import { type SlsApi, SlsError } from './client/sls-api.ts'
import { RetryWaits } from './pull-pace.ts'
import type { ShardList } from './shard-list.ts'
import { ShardNumbers, type ShardPlace } from './shard-numbers.ts'

/** What passes by itself is waited for, for a few seconds. */
const maxTries = 4

/** Does something that may be done again, until it is done or fails for good. */
export async function patiently(
  work: () => Promise<void>,
  options: { readonly random: () => number; readonly signal: AbortSignal },
): Promise<void> {
  const waits = new RetryWaits(options.random)
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      const mayPass = error instanceof SlsError && (error.kind === 'retry' || error.kind === 'quota')
      if (!mayPass || waits.tries === maxTries - 1) throw error
      await wait(waits.nextMs(error.kind), undefined, { signal: options.signal })
    }
  }
}

export interface LogstoreToCheck {
  readonly api: SlsApi
  readonly shards: ShardList
  readonly place: Omit<ShardPlace, 'shard'>
  readonly hasQuery: boolean
  readonly signal: AbortSignal
}

/**
 * Project, Logstore, credentials, the right to read, the shape of cursors, and the query. Fails with an {@link SlsError}, or with an
 * `FcscopeError` when cursors are no numbers.
 */
export async function checkLogstore({ api, shards, place, hasQuery, signal }: LogstoreToCheck): Promise<void> {
  await shards.look()
  const shard = shards.ids.at(-1)
  if (shard === undefined) return
  const oldest = await api.getCursor(shard, 'begin', signal)
  const numbers = new ShardNumbers({ ...place, shard }, oldest)
  if (hasQuery) await api.pullLogs({ shard, cursor: numbers.cursorOf(numbers.first), count: 1 }, signal)
}
