// The client against an independent fake of the service, which checks signatures and knows no word of this project.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { staticCredentials } from '../../../../src/sources/sls/client/credentials.ts'
import { cursorNumber, numberCursor } from '../../../../src/sources/sls/client/cursor.ts'
import { type SlsApi, SlsError } from '../../../../src/sources/sls/client/sls-api.ts'
import { createSlsClient, type SlsClientOptions } from '../../../../src/sources/sls/client/sls-client.ts'
import { RowEncoder } from '../../../../src/sources/sls/decode/encode-rows.ts'
import { IndependentService, independentServiceIsMissing } from './independent-service.ts'

const signal = AbortSignal.timeout(60_000)
const group = { name: 'g', timeoutSeconds: 60, isOrdered: false }

/** More than a reply's 1000 groups, with what JSON escapes. */
const rows = Array.from({ length: 2500 }, (_, n) => ({
  time: 1_700_000_000 + n,
  ns: n,
  topic: `FCLogs:f${n % 3}`,
  source: '10.0.0.1',
  tags: { __pack_id__: `p"${n >> 6}` },
  fields: [
    ['functionName', `f${n % 3}`],
    ['message', `line ${n}\r\n\t{"a":"日本"} ${'x'.repeat(n % 90)}\u0001`],
    ['functionName', 'again'],
  ],
  shard: 0,
}))
const expected = rows.map(row => [
  row.time,
  row.ns,
  row.source,
  row.tags.__pack_id__,
  row.topic,
  'again',
  row.fields[1]![1],
])

const isFailure = (kind: string, code: string) => (error: unknown) =>
  error instanceof SlsError && error.kind === kind && error.code === code && error.requestId !== ''

describe('an independent fake of the service', { skip: independentServiceIsMissing() }, () => {
  let service: IndependentService
  const clients: SlsApi[] = []

  const client = (options: Partial<SlsClientOptions> = {}): SlsApi => {
    const made = createSlsClient({
      endpoint: `http://127.0.0.1:${service.port}`,
      project: 'fc-test',
      logstore: 'fc-logs',
      credentials: staticCredentials({ accessKeyId: 'test-ak', accessKeySecret: 'test-sk', securityToken: null }),
      signature: 'v1',
      region: 'cn-hangzhou',
      query: null,
      nowMs: Date.now,
      ...options,
    })
    clients.push(made)
    return made
  }

  const fault = (rule: object): Promise<unknown> => service.admin('POST', 'faults', rule)

  /** All rows of shard 0, as their values. */
  async function readAll(api: SlsApi, count = 1000): Promise<unknown[][]> {
    const encoder = new RowEncoder()
    const read: unknown[][] = []
    let cursor = await api.getCursor(0, 'begin', signal)
    const end = await api.getCursor(0, 'end', signal)
    while (cursor !== end) {
      const pulled = await api.pullLogs({ shard: 0, cursor, count }, signal)
      const { bytes, length, groups } = encoder.encode(pulled.body)
      assert.equal(groups, pulled.groups)
      // Groups are numbered one by one, and the last one stands before the next cursor.
      assert.equal(pulled.lastCursor, cursorNumber(pulled.nextCursor)! - 1n)
      for (const line of bytes.toString('utf8', 0, length).split('\n').slice(0, -1)) {
        const row = JSON.parse(line) as Record<string, unknown>
        read.push([
          ...['__time__', '__time_ns_part__', '__source__', '__tag__:__pack_id__', '__topic__'].map(key => row[key]),
          row['functionName'],
          row['message'],
        ])
      }
      cursor = pulled.nextCursor
    }
    return read
  }

  before(async () => {
    service = await IndependentService.start('--region', 'cn-hangzhou')
    await service.load(rows, 'perGroup=1')
  })
  after(async () => {
    for (const one of clients) one.close()
    await service.stop()
  })

  for (const signature of ['v1', 'v4'] as const) {
    test(`every row, signed with ${signature}`, async () => {
      assert.deepEqual(await readAll(client({ signature })), expected)
    })

    test(`all calls of a consumer group, signed with ${signature}`, async () => {
      const api = client({ signature })
      const consumer = `c-${signature}`
      const name = `g ${signature}`.replace(' ', '-')
      await api.createConsumerGroup({ ...group, name }, signal)
      await api.createConsumerGroup({ ...group, name }, signal)
      await api.updateConsumerGroup({ name, timeoutSeconds: 50, isOrdered: true }, signal)
      const listed = await api.listConsumerGroups(signal)
      assert.deepEqual(
        listed.filter(one => one.name === name),
        [{ name, timeoutSeconds: 50, isOrdered: true }],
      )
      assert.deepEqual(await api.heartbeat({ group: name, consumer, shards: [] }, signal), [0, 1])
      const cursor = await api.getCursor(0, 'end', signal)
      await api.updateCheckpoint({ group: name, consumer, shard: 0, cursor, isForced: false }, signal)
      const [checkpoint] = await api.getCheckpoints(name, signal, 0)
      assert.deepEqual({ ...checkpoint, updateTimeUs: 0 }, { shard: 0, cursor, consumer, updateTimeUs: 0 })
      const other = { group: name, consumer: 'other', shards: [0] }
      await assert.rejects(api.heartbeat(other, signal), isFailure('rejoin', 'NotExistConsumerWithBody'))
      // The fake spells this code both ways, in turn.
      for (let n = 0; n < 2; n += 1)
        await assert.rejects(
          api.updateCheckpoint({ ...other, shard: 0, cursor, isForced: false }, signal),
          isFailure('shardLost', 'ConsumerNotExist'),
        )
    })
  }

  test('shards', async () => {
    const shards = await client().listShards(signal)
    assert.deepEqual(
      shards.map(({ id, isReadonly, beginKey, endKey }) => [id, isReadonly, beginKey, endKey]),
      [
        [0, false, '00000000000000000000000000000000', '80000000000000000000000000000000'],
        [1, false, '80000000000000000000000000000000', 'ffffffffffffffffffffffffffffffff'],
      ],
    )
    await assert.rejects(client().getCursor(99, 'begin', signal), isFailure('shardGone', 'ShardNotExist'))
  })

  test('an end cursor is exclusive, and the end is told', async () => {
    const api = client()
    const cursor = await api.getCursor(0, 'begin', signal)
    const endCursor = numberCursor(cursorNumber(cursor)! + 7n)
    const pulled = await api.pullLogs({ shard: 0, cursor, count: 1000, endCursor }, signal)
    assert.deepEqual([pulled.groups, pulled.nextCursor], [7, endCursor])
    const end = await api.getCursor(0, 'end', signal)
    const last = await api.pullLogs({ shard: 0, cursor: end, count: 1000 }, signal)
    assert.deepEqual([last.groups, last.nextCursor, last.isAtEnd, last.lastCursor], [0, end, true, null])
  })

  test('a query leaves fewer rows, and the pace is that of all', async () => {
    const api = client({ query: "* | where functionName = 'f1'" })
    const pulled = await api.pullLogs({ shard: 0, cursor: await api.getCursor(0, 'begin', signal), count: 900 }, signal)
    assert.ok(pulled.groups < 900)
    assert.ok(pulled.rawBytes > pulled.body.length)
  })

  test('a cursor of what has expired', async () => {
    const wrong = { shard: 0, cursor: numberCursor(1n), count: 1 }
    await assert.rejects(client().pullLogs(wrong, signal), isFailure('cursorExpired', 'InvalidCursor'))
  })

  test('wrong keys', async () => {
    const credentials = staticCredentials({ accessKeyId: 'test-ak', accessKeySecret: 'wrong', securityToken: null })
    await assert.rejects(client({ credentials }).listShards(signal), isFailure('denied', 'SignatureNotMatch'))
  })

  test('a clock that is an hour off is set right', async () => {
    for (const signature of ['v1', 'v4'] as const) {
      for (const offsetMs of [-3_600_000, 3_600_000])
        await client({ signature, nowMs: () => Date.now() + offsetMs }).listShards(signal)
    }
  })

  test('faults are told apart', async () => {
    const api = client()
    const pull = { shard: 0, cursor: await api.getCursor(0, 'begin', signal), count: 10 }
    const faults: [action: string, kind: string, code: string][] = [
      ['InternalServerError', 'retry', 'InternalServerError'],
      ['ServerBusy', 'retry', 'ServerBusy'],
      ['ShardReadQuotaExceed', 'quota', 'ShardReadQuotaExceed'],
      ['ProjectForbidden', 'denied', 'ProjectForbidden'],
      ['InvalidCursor', 'cursorExpired', 'InvalidCursor'],
      ['LogStoreNotExist', 'missing', 'LogStoreNotExist'],
      ['html', 'retry', 'Proxy'],
      ['noRequestId', 'retry', 'Proxy'],
      ['drop', 'retry', 'Network'],
      ['truncate', 'retry', 'BadReply'],
      ['corruptLz4', 'retry', 'BadReply'],
      ['wrongRawSize', 'retry', 'BadReply'],
    ]
    for (const [action, kind, code] of faults) {
      await fault({ api: 'PullLogs', action, times: 1 })
      await assert.rejects(api.pullLogs(pull, signal), (error: unknown) => {
        assert.ok(error instanceof SlsError)
        assert.deepEqual([error.kind, error.code], [kind, code], action)
        return true
      })
      assert.equal((await api.pullLogs(pull, signal)).groups, 10, action)
    }
  })

  test('what is mended is not seen', async () => {
    const api = client()
    const pull = { shard: 0, cursor: await api.getCursor(0, 'begin', signal), count: 10 }
    for (const action of ['RequestTimeExpired', 'Unauthorized', 'SecurityTokenExpired', 'SignatureNotMatch', 'reset']) {
      await fault({ api: 'PullLogs', action, times: 1 })
      assert.equal((await api.pullLogs(pull, signal)).groups, 10, action)
    }
    await fault({ api: 'PullLogs', action: 'emptyCursor', times: 1 })
    assert.equal((await api.pullLogs(pull, signal)).nextCursor, pull.cursor)
  })
})
