// The kind of source `sls`: a Logstore of Simple Log Service, read through a consumer group.
import { randomInt } from 'node:crypto'
import { hostname } from 'node:os'
import { defineSource } from '../shared/source-definition.ts'
import { checkLogstore } from './check-logstore.ts'
import { chainCredentials } from './client/credential-chain.ts'
import { type CredentialsProvider, staticCredentials } from './client/credentials.ts'
import type { SlsApi } from './client/sls-api.ts'
import { createSlsClient } from './client/sls-client.ts'
import { LogstoreSource } from './logstore-source.ts'
import { ShardList } from './shard-list.ts'
import { readStart, type SlsOptions, slsOptions } from './sls-options.ts'
import { startFailure } from './start-failure.ts'

/** Between two checkpoints of a shard. */
const checkpointMs = 5000
/** How old the list of shards may be that tells whether one was split; where others wait for it, and where none do. */
const orderedListMs = 10_000
const shardListMs = 60_000
/** The end of a run that reads to the present end is some heartbeats behind the last record. */
const onceHeartbeatMs = 2000

export const slsSource = defineSource({
  type: 'sls',
  options: slsOptions,
  create: (options, deps) => {
    const { endpoint, project, logstore, consumerGroup, consumerName, startAt, query, isOrdered } = options
    const { heartbeatMs, groupTimeoutSeconds, maxBufferedBytes } = options
    const { nowMs, once } = deps
    return new LogstoreSource(
      {
        endpoint,
        project,
        logstore,
        group: consumerGroup,
        consumerName: consumerName ?? null,
        startAt: readStart(startAt) ?? 'beginning',
        heartbeatMs: once ? Math.min(heartbeatMs, onceHeartbeatMs) : heartbeatMs,
        groupTimeoutSeconds,
        isOrdered,
        hasQuery: query !== undefined,
        maxBufferedBytes,
        checkpointMs,
        shardListMs: isOrdered ? orderedListMs : shardListMs,
      },
      {
        ...deps,
        host: hostname(),
        connect: () => connect(options, nowMs),
        monotonicMs: () => performance.now(),
        random: () => randomInt(2 ** 32) / 2 ** 32,
      },
    )
  },
  check,
})

function connect(options: SlsOptions, nowMs: () => number): SlsApi {
  const { endpoint, project, logstore, signature, region = null, query = null } = options
  const credentials = credentialsOf(options, nowMs)
  return createSlsClient({ endpoint, project, logstore, credentials, signature, region, query, nowMs })
}

/** Reads what says whether the Logstore can be read; the group is left alone. */
async function check(options: SlsOptions, about: { source: string; nowMs: () => number }): Promise<void> {
  const { endpoint, project, logstore, query } = options
  const { source, nowMs } = about
  const { signal } = new AbortController()
  let api: SlsApi | null = null
  try {
    api = connect(options, nowMs)
    const shards = new ShardList({ api, monotonicMs: () => performance.now(), maxAgeMs: shardListMs, signal })
    const place = { source, project, logstore }
    await checkLogstore({ api, shards, place, hasQuery: query !== undefined, signal })
  } catch (error) {
    throw startFailure({ source, endpoint, project, logstore }, error)
  } finally {
    api?.close()
  }
}

function credentialsOf(options: SlsOptions, nowMs: () => number): CredentialsProvider {
  const { accessKeyId, accessKeySecret, securityToken = null } = options
  if (accessKeyId === undefined || accessKeySecret === undefined) return chainCredentials({ nowMs })
  return staticCredentials({ accessKeyId, accessKeySecret, securityToken })
}
