// Simple Log Service on loopback, small: what a reader of a Logstore asks for, and faults on demand. It looks at no signature.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FakeGroup } from './fake-group.ts'
import { type FakeLog, FakeLogstore, FakeRefusal } from './fake-logstore.ts'

export type FakeApi =
  | 'ListShards'
  | 'GetCursor'
  | 'PullLogs'
  | 'ListConsumerGroup'
  | 'CreateConsumerGroup'
  | 'UpdateConsumerGroup'
  | 'HeartBeat'
  | 'UpdateCheckPoint'
  | 'GetCheckPoint'

/** What happens instead of an answer; `headers` and `body`: with it. */
export interface FakeFault {
  readonly api: FakeApi
  readonly shard?: number
  readonly consumer?: string
  /** Requests that it happens to; all without it. */
  times?: number
  readonly status?: number
  readonly code?: string
  /** `html`: a proxy answers; `drop`: the connection ends; `lose`: so it does when all is done; `hang`: nothing comes. */
  readonly how?: 'html' | 'drop' | 'lose' | 'hang'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: (body: Buffer) => Buffer
}

interface Asked {
  readonly method: string
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly body: Buffer
}

interface Answer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const json = (value: unknown): Answer => ({ headers: {}, body: Buffer.from(JSON.stringify(value)) })
const empty: Answer = { headers: {}, body: Buffer.alloc(0) }

export class FakeSls {
  readonly logstore: FakeLogstore
  readonly faults: FakeFault[] = []
  readonly asked: { readonly api: FakeApi; readonly query: URLSearchParams }[] = []
  /** What a query keeps. */
  keeps: (log: FakeLog) => boolean = () => true
  /** Headers that this server, unlike the other, does not send. */
  readonly omitted = new Set<string>()
  readonly #groups = new Map<string, FakeGroup>()
  readonly #server: Server
  readonly #nowMs: () => number

  constructor(shards: number, nowMs: () => number) {
    this.logstore = new FakeLogstore(shards)
    this.#nowMs = nowMs
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  async listen(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
  }

  /** Without the project. */
  get endpoint(): string {
    // A server that listens on a port has an address of this kind.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  get group(): FakeGroup {
    return this.groupOf('fcscope')
  }

  groupOf(name: string): FakeGroup {
    const group = this.#groups.get(name)
    if (group === undefined) throw new FakeRefusal(404, 'ConsumerGroupNotExist')
    return group
  }

  deleteGroup(): void {
    this.#groups.delete('fcscope')
  }

  count(api: FakeApi): number {
    return this.asked.filter(one => one.api === api).length
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const url = new URL(request.url ?? '', 'http://fake')
    const path = url.pathname.split('/').filter(Boolean).slice(1)
    const asked = { method: request.method ?? '', path, query: url.searchParams, body: Buffer.concat(parts) }
    const api = apiOf(asked)
    this.asked.push({ api, query: asked.query })
    const fault = this.#faultOf(api, asked)
    if (fault?.how === 'hang') return
    if (fault?.how === 'drop') response.destroy()
    else if (fault?.how === 'html') response.writeHead(fault.status ?? 502).end('<html>')
    else this.#answer(response, asked, api, fault)
  }

  #answer(response: ServerResponse, asked: Asked, api: FakeApi, fault: FakeFault | null): void {
    const id = { 'x-log-requestid': `R${this.asked.length}` }
    try {
      if (fault?.code !== undefined) throw new FakeRefusal(fault.status ?? 400, fault.code)
      const { headers, body } = this.#answerOf(api, asked)
      if (fault?.how === 'lose') {
        response.destroy()
        return
      }
      const sent = Object.entries({ ...headers, ...id, ...fault?.headers }).filter(([name]) => !this.omitted.has(name))
      response.writeHead(200, Object.fromEntries(sent)).end(fault?.body?.(body) ?? body)
    } catch (error) {
      if (!(error instanceof FakeRefusal)) throw error
      response.writeHead(error.status, id).end(JSON.stringify({ errorCode: error.code, errorMessage: 'no' }))
    }
  }

  #faultOf(api: FakeApi, { path, query }: Asked): FakeFault | null {
    const fault = this.faults.find(
      one =>
        one.api === api &&
        (one.shard === undefined || String(one.shard) === path[2]) &&
        (one.consumer === undefined || one.consumer === query.get('consumer')) &&
        one.times !== 0,
    )
    if (fault?.times !== undefined) fault.times -= 1
    return fault ?? null
  }

  #answerOf(api: FakeApi, asked: Asked): Answer {
    if (asked.path[0] !== 'fc-logs') throw new FakeRefusal(404, 'LogStoreNotExist')
    switch (api) {
      case 'ListShards':
        return json([...this.logstore.shards.values()].map(({ id, isReadonly }) => shardJson(id, isReadonly)))
      case 'GetCursor':
        return this.#cursor(asked)
      case 'PullLogs':
        return this.#pull(asked)
      default:
        return this.#groupCall(api, asked)
    }
  }

  #cursor({ path, query }: Asked): Answer {
    const shard = this.logstore.shard(Number(path[2]))
    const from = query.get('from') ?? ''
    return json({ cursor: shard.cursorAt(from === 'begin' ? shard.first : shard.total) })
  }

  #pull({ path, query }: Asked): Answer {
    const shard = this.logstore.shard(Number(path[2]))
    const from = shard.indexOf(query.get('cursor') ?? '')
    const endCursor = query.get('end_cursor')
    const end = endCursor === null ? shard.total : shard.indexOf(endCursor)
    const keeps = query.has('query') ? this.keeps : null
    const { body, groups, next } = shard.pull({ from, end, count: Number(query.get('count')), keeps })
    const headers: Record<string, string> = {
      'x-log-cursor': shard.cursorAt(next),
      'x-log-count': String(groups),
      'x-log-bodyrawsize': String(body.length),
      'x-log-end-of-cursor': next === shard.total ? '1' : '0',
      'x-log-cursor-time': String(Math.floor(this.#nowMs() / 1000)),
    }
    if (next > from) headers['x-log-read-last-cursor'] = String(shard.base + BigInt(next - 1))
    return { headers, body }
  }

  #groupCall(api: FakeApi, { path, query, body }: Asked): Answer {
    const name = path[2] ?? ''
    const consumer = query.get('consumer') ?? ''
    // What our own client wrote.
    const content = body.length === 0 ? {} : JSON.parse(body.toString())
    switch (api) {
      case 'ListConsumerGroup':
        return json(
          [...this.#groups].map(([key, one]) => ({ name: key, timeout: one.timeoutMs / 1000, order: one.isOrdered })),
        )
      case 'CreateConsumerGroup':
        this.#groups.set(content.consumerGroup, new FakeGroup(this.logstore, content, this.#nowMs))
        return empty
      case 'UpdateConsumerGroup':
        Object.assign(this.groupOf(name), { timeoutMs: content.timeout * 1000, isOrdered: content.order })
        return empty
      case 'HeartBeat':
        return json(this.groupOf(name).heartbeat(consumer, content))
      case 'UpdateCheckPoint':
        this.groupOf(name).writeCheckpoint({ ...content, consumer, isForced: query.get('forceSuccess') === 'true' })
        return empty
      default:
        return json(this.groupOf(name).checkpoints(query.has('shard') ? Number(query.get('shard')) : null))
    }
  }
}

const shardJson = (id: number, isReadonly: boolean): object => ({
  shardID: id,
  status: isReadonly ? 'readonly' : 'readwrite',
  inclusiveBeginKey: '0'.repeat(32),
  exclusiveEndKey: 'f'.repeat(32),
  createTime: 1_700_000_000,
})

function apiOf({ method, path, query }: Asked): FakeApi {
  const [, kind, id] = path
  const type = query.get('type')
  if (kind === 'shards') return id === undefined ? 'ListShards' : type === 'cursor' ? 'GetCursor' : 'PullLogs'
  if (id === undefined) return method === 'POST' ? 'CreateConsumerGroup' : 'ListConsumerGroup'
  if (method === 'GET') return 'GetCheckPoint'
  if (method === 'PUT') return 'UpdateConsumerGroup'
  return type === 'heartbeat' ? 'HeartBeat' : 'UpdateCheckPoint'
}
