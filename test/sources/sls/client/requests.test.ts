// What is sent for each call (facts §1.1, §2.1, §3.1), and what is read from its answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SlsApi } from '../../../../src/sources/sls/client/sls-api.ts'
import { type Answer, nowMs, okJson, ScriptedService } from './scripted-service.ts'

const signal = new AbortController().signal
const shards = [
  {
    shardID: 0,
    status: 'readonly',
    inclusiveBeginKey: '00',
    exclusiveEndKey: '80',
    createTime: 1453949705,
    lastSplit: null,
  },
  { shardID: 12, status: 'readwrite', inclusiveBeginKey: '80', exclusiveEndKey: 'ff', createTime: 1453949706 },
]
const group = { name: 'my group', timeoutSeconds: 60, isOrdered: true }
const update = { group: 'g', consumer: 'c/1', shard: 3, cursor: 'MQ==', isForced: false }

interface Case {
  readonly call: (client: SlsApi) => Promise<unknown>
  readonly answer: Answer
  readonly sent: string
  readonly body?: string
  readonly result: unknown
}

const cases: Record<string, Case> = {
  'list shards': {
    call: client => client.listShards(signal),
    answer: okJson(shards),
    sent: 'GET /logstores/fc-logs/shards',
    result: [
      { id: 0, isReadonly: true, beginKey: '00', endKey: '80', createTimeSeconds: 1453949705 },
      { id: 12, isReadonly: false, beginKey: '80', endKey: 'ff', createTimeSeconds: 1453949706 },
    ],
  },
  'the beginning of a shard': {
    call: client => client.getCursor(3, 'begin', signal),
    answer: okJson({ cursor: 'MQ==' }),
    sent: 'GET /logstores/fc-logs/shards/3?from=begin&type=cursor',
    result: 'MQ==',
  },
  'a time in a shard': {
    call: client => client.getCursor(3, 1700000000, signal),
    answer: okJson({ cursor: 'MQ==' }),
    sent: 'GET /logstores/fc-logs/shards/3?from=1700000000&type=cursor',
    result: 'MQ==',
  },
  'list groups': {
    call: client => client.listConsumerGroups(signal),
    answer: okJson([{ name: 'g', timeout: 60, order: false, other: 1 }]),
    sent: 'GET /logstores/fc-logs/consumergroups',
    result: [{ name: 'g', timeoutSeconds: 60, isOrdered: false }],
  },
  'create a group': {
    call: client => client.createConsumerGroup(group, signal),
    answer: {},
    sent: 'POST /logstores/fc-logs/consumergroups',
    body: '{"consumerGroup":"my group","timeout":60,"order":true}',
    result: undefined,
  },
  'update a group': {
    call: client => client.updateConsumerGroup(group, signal),
    answer: {},
    sent: 'PUT /logstores/fc-logs/consumergroups/my%20group',
    body: '{"order":true,"timeout":60}',
    result: undefined,
  },
  heartbeat: {
    call: client => client.heartbeat({ group: 'g', consumer: 'c 1', shards: [0, 1] }, signal),
    answer: okJson([0, 1, 2]),
    sent: 'POST /logstores/fc-logs/consumergroups/g?consumer=c%201&type=heartbeat',
    body: '[0,1]',
    result: [0, 1, 2],
  },
  'heartbeat, answered as the old documentation has it': {
    call: client => client.heartbeat({ group: 'g', consumer: 'c', shards: [] }, signal),
    answer: okJson({ shards: [7] }),
    sent: 'POST /logstores/fc-logs/consumergroups/g?consumer=c&type=heartbeat',
    body: '[]',
    result: [7],
  },
  'update a checkpoint': {
    call: client => client.updateCheckpoint(update, signal),
    answer: {},
    sent: 'POST /logstores/fc-logs/consumergroups/g?consumer=c%2F1&forceSuccess=false&type=checkpoint',
    body: '{"shard":3,"checkpoint":"MQ=="}',
    result: undefined,
  },
  'force a checkpoint': {
    call: client => client.updateCheckpoint({ ...update, isForced: true }, signal),
    answer: {},
    sent: 'POST /logstores/fc-logs/consumergroups/g?consumer=c%2F1&forceSuccess=true&type=checkpoint',
    body: '{"shard":3,"checkpoint":"MQ=="}',
    result: undefined,
  },
  'all checkpoints': {
    call: client => client.getCheckpoints('g', signal),
    answer: okJson([
      { shard: 0, checkpoint: 'MQ==', updateTime: 1524224984800922, consumer: 'c' },
      { shard: 1, checkpoint: '', updateTime: 0, consumer: '' },
      { shard: 2 },
    ]),
    sent: 'GET /logstores/fc-logs/consumergroups/g',
    result: [
      { shard: 0, cursor: 'MQ==', consumer: 'c', updateTimeUs: 1524224984800922 },
      { shard: 1, cursor: '', consumer: '', updateTimeUs: 0 },
      { shard: 2, cursor: '', consumer: '', updateTimeUs: 0 },
    ],
  },
  'the checkpoint of a shard': {
    call: client => client.getCheckpoints('g', signal, 0),
    answer: okJson([]),
    sent: 'GET /logstores/fc-logs/consumergroups/g?shard=0',
    result: [],
  },
}
for (const [what, { call, answer, sent, body = '', result }] of Object.entries(cases)) {
  test(what, async t => {
    const service = await ScriptedService.start(t, answer)
    assert.deepEqual(await call(service.client(t)), result)
    const [request] = service.seen
    assert.equal(`${request?.method} ${request?.url}`, sent)
    assert.equal(request?.body, body)
    const { headers } = request!
    assert.equal(headers['content-type'], body === '' ? undefined : 'application/json')
    assert.equal(headers['x-log-bodyrawsize'], String(body.length))
    assert.equal('content-md5' in headers, body !== '')
  })
}

const emptyPull: Answer = { headers: { 'x-log-bodyrawsize': '0', 'x-log-count': '0', 'x-log-cursor': 'Mg==' } }

test('a pull, as version 1 signs it', async t => {
  const service = await ScriptedService.start(t, emptyPull)
  await service.client(t).pullLogs({ shard: 3, cursor: 'MQ==', count: 1000, endCursor: 'OQ==' }, signal)
  const [request] = service.seen
  assert.equal(request?.url, '/logstores/fc-logs/shards/3?count=1000&cursor=MQ%3D%3D&end_cursor=OQ%3D%3D&type=logs')
  const { headers } = request!
  assert.equal(headers.host, `fc-test.127.0.0.1:${service.port}`)
  assert.equal(headers.accept, 'application/x-protobuf')
  assert.equal(headers['accept-encoding'], 'lz4')
  assert.equal(headers.date, new Date(nowMs).toUTCString())
  assert.equal(headers['x-log-apiversion'], '0.6.0')
  assert.match(headers.authorization ?? '', /^LOG LTAIkey:[\w+/]{27}=$/)
  assert.equal(request?.body, '')
})

test('a pull with a query and a token, as version 4 signs it', async t => {
  const service = await ScriptedService.start(t, emptyPull)
  const token = { get: async () => ({ accessKeyId: 'a', accessKeySecret: 's', securityToken: 'tok' }), invalidate() {} }
  const client = service.client(t, { signature: 'v4', region: 'cn-x', query: '* | where a = 1', credentials: token })
  await client.pullLogs({ shard: 0, cursor: 'MQ==', count: 5 }, signal)
  const [request] = service.seen
  assert.equal(
    request?.url,
    '/logstores/fc-logs/shards/0?count=5&cursor=MQ%3D%3D&pullMode=scan_on_stream&query=%2A%20%7C%20where%20a%20%3D%201&type=logs',
  )
  const { headers } = request!
  assert.equal(headers['x-acs-security-token'], 'tok')
  assert.equal(headers['x-log-date'], '20260106T020304Z')
  assert.match(
    headers.authorization ?? '',
    /^SLS4-HMAC-SHA256 Credential=a\/20260106\/cn-x\/sls\/aliyun_v4_request,Signature=\w{64}$/,
  )
})

test('a group that is there already is as good as a new one', async t => {
  const body = '{"errorCode":"ConsumerGroupAlreadyExist","errorMessage":"g"}'
  const service = await ScriptedService.start(t, { status: 400, body })
  await service.client(t).createConsumerGroup(group, signal)
  assert.equal(service.seen.length, 1)
})

test('calls share a connection', async t => {
  const service = await ScriptedService.start(t, okJson([]))
  const client = service.client(t)
  for (let n = 0; n < 3; n += 1) await client.listShards(signal)
  assert.equal(new Set(service.seen.map(({ socket }) => socket)).size, 1)
})
