// The client of one Logstore: every call of `SlsApi` as the service wants it.
import type { LookupFunction } from 'node:net'
import { FcscopeError, type Text } from '../../../model/fcscope-error.ts'
import { ReusedBytes } from '../decode/reused-bytes.ts'
import type { CredentialsProvider } from './credentials.ts'
import { isProjectName, readEndpoint, regionOf, type SlsEndpoint } from './endpoint.ts'
import { readCheckpoints, readCursor, readGroups, readHeartbeat, readShards } from './json-replies.ts'
import { readPull } from './pull-reply.ts'
import { maxSentBytes } from './reply-body.ts'
import { type Call, SignedCalls } from './signed-calls.ts'
import { percentEncode } from './signed-request.ts'
import {
  type Checkpoint,
  type CheckpointUpdate,
  type ConsumerGroup,
  type Heartbeat,
  type PulledLogs,
  type PullRequest,
  type Shard,
  type SlsApi,
  SlsError,
} from './sls-api.ts'
import type { Reply } from './transport.ts'

export interface SlsClientOptions {
  /** `https://cn-hangzhou.log.aliyuncs.com`; https unless it says http. */
  readonly endpoint: string
  readonly project: string
  readonly logstore: string
  readonly credentials: CredentialsProvider
  readonly signature: 'v1' | 'v4'
  /** For version 4; null: as the endpoint names it. */
  readonly region: string | null
  /** SPL that the service filters with, `* | where …`. */
  readonly query: string | null
  readonly nowMs: () => number
  /** How names are resolved; the system's way without it. */
  readonly lookup?: LookupFunction
}

const pullLimitMs = 60_000
const otherLimitMs = 10_000
const maxJsonBytes = 8 * 1024 * 1024

/** Connects nowhere yet. Throws `FCS_CONFIG_INVALID` for an endpoint, a project or a region that cannot be. */
export function createSlsClient(options: SlsClientOptions): SlsApi {
  const endpoint = readEndpoint(options.endpoint)
  if (endpoint === null || !isProjectName(options.project)) throw badAddress(endpoint === null ? 'endpoint' : 'project')
  const region = options.signature === 'v1' ? null : (options.region ?? regionOf(endpoint))
  if (options.signature === 'v4' && region === null) throw noRegion()
  return new SlsClient(options, endpoint, region)
}

class SlsClient implements SlsApi {
  readonly #calls: SignedCalls
  readonly #logstorePath: string
  readonly #query: string | null
  readonly #bytes = new ReusedBytes()

  constructor(options: SlsClientOptions, endpoint: SlsEndpoint, region: string | null) {
    const { project, credentials, nowMs, lookup } = options
    this.#calls = new SignedCalls({ endpoint, project, credentials, region, nowMs, lookup })
    this.#logstorePath = `/logstores/${percentEncode(options.logstore)}`
    this.#query = options.query
  }

  async listShards(signal: AbortSignal): Promise<readonly Shard[]> {
    return readShards(await this.#send({ api: 'ListShards', path: '/shards' }, signal))
  }

  async getCursor(shard: number, from: 'begin' | 'end' | number, signal: AbortSignal): Promise<string> {
    const query = { type: 'cursor', from: String(from) }
    return readCursor(await this.#send({ api: 'GetCursor', path: `/shards/${shard}`, query }, signal))
  }

  async pullLogs(pull: PullRequest, signal: AbortSignal): Promise<PulledLogs> {
    const { shard, cursor, count, endCursor } = pull
    const query = {
      type: 'logs',
      cursor,
      count: String(count),
      ...(endCursor === undefined ? {} : { end_cursor: endCursor }),
      ...(this.#query === null ? {} : { query: this.#query, pullMode: 'scan_on_stream' }),
    }
    const headers = { accept: 'application/x-protobuf', 'accept-encoding': 'lz4' }
    const limits = { limitMs: pullLimitMs, maxBodyBytes: maxSentBytes }
    const reply = await this.#send({ api: 'PullLogs', path: `/shards/${shard}`, query, headers, ...limits }, signal)
    return readPull(reply, { cursor, bytes: this.#bytes })
  }

  release(body: Buffer): void {
    this.#bytes.giveBack(body)
  }

  async listConsumerGroups(signal: AbortSignal): Promise<readonly ConsumerGroup[]> {
    return readGroups(await this.#send({ api: 'ListConsumerGroup', path: '/consumergroups' }, signal))
  }

  async createConsumerGroup(group: ConsumerGroup, signal: AbortSignal): Promise<void> {
    const content = { consumerGroup: group.name, timeout: group.timeoutSeconds, order: group.isOrdered }
    try {
      await this.#post({ api: 'CreateConsumerGroup', path: '/consumergroups' }, content, signal)
    } catch (error) {
      if (!(error instanceof SlsError) || error.code !== 'ConsumerGroupAlreadyExist') throw error
    }
  }

  async updateConsumerGroup(group: ConsumerGroup, signal: AbortSignal): Promise<void> {
    const content = { order: group.isOrdered, timeout: group.timeoutSeconds }
    const call = { api: 'UpdateConsumerGroup', method: 'PUT', path: groupPath(group.name) } as const
    await this.#post(call, content, signal)
  }

  async heartbeat({ group, consumer, shards }: Heartbeat, signal: AbortSignal): Promise<readonly number[]> {
    const query = { type: 'heartbeat', consumer }
    return readHeartbeat(await this.#post({ api: 'HeartBeat', path: groupPath(group), query }, shards, signal))
  }

  async updateCheckpoint(update: CheckpointUpdate, signal: AbortSignal): Promise<void> {
    const { group, consumer, shard, cursor, isForced } = update
    const query = { type: 'checkpoint', consumer, forceSuccess: String(isForced) }
    await this.#post({ api: 'UpdateCheckPoint', path: groupPath(group), query }, { shard, checkpoint: cursor }, signal)
  }

  async getCheckpoints(group: string, signal: AbortSignal, shard?: number): Promise<readonly Checkpoint[]> {
    const query: Record<string, string> = shard === undefined ? {} : { shard: String(shard) }
    return readCheckpoints(await this.#send({ api: 'GetCheckPoint', path: groupPath(group), query }, signal))
  }

  close(): void {
    this.#calls.close()
  }

  #post(call: Pick<Call, 'api' | 'path'> & Partial<Call>, content: object, signal: AbortSignal): Promise<Reply> {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    return this.#send({ method: 'POST', headers, body: Buffer.from(JSON.stringify(content)), ...call }, signal)
  }

  /** `path` is below the Logstore's. */
  #send({ path, ...call }: Pick<Call, 'api' | 'path'> & Partial<Call>, signal: AbortSignal): Promise<Reply> {
    const ordinary = { method: 'GET', query: {}, headers: { accept: 'application/json' }, body: null } as const
    const limits = { limitMs: otherLimitMs, maxBodyBytes: maxJsonBytes }
    return this.#calls.send({ ...ordinary, ...limits, ...call, path: `${this.#logstorePath}${path}` }, signal)
  }
}

const groupPath = (group: string): string => `/consumergroups/${percentEncode(group)}`

/** Without the value: it may be out of an expansion. */
function badAddress(option: 'endpoint' | 'project'): FcscopeError {
  const texts: Record<typeof option, Text> = {
    endpoint: {
      en: 'The endpoint of Simple Log Service is not an address; write it like https://cn-hangzhou.log.aliyuncs.com.',
      zh: '日志服务的 endpoint 不是有效地址，请写成 https://cn-hangzhou.log.aliyuncs.com 的形式。',
    },
    project: {
      en: "The project of Simple Log Service is not a project's name: 3 to 63 lower-case letters, digits and hyphens.",
      zh: '日志服务的 project 不是有效的项目名称：应为 3 到 63 个小写字母、数字或连字符。',
    },
  }
  return new FcscopeError('FCS_CONFIG_INVALID', texts[option])
}

function noRegion(): FcscopeError {
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: 'Signature v4 needs the region, and the endpoint does not name it; set region, for example cn-hangzhou.',
    zh: '使用 v4 签名需要地域，而 endpoint 中没有地域；请设置 region，例如 cn-hangzhou。',
  })
}
