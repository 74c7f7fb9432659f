// The options of the Kafka source: what may be given, and what is there when nothing is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLogService } from '../../../src/lib/kafka/connection-options.ts'
import { kafkaSource } from '../../../src/sources/kafka/kafka-source.ts'

const least = { brokers: ['127.0.0.1:9092'], topics: ['fc-logs'], groupId: 'fcscope' }

test('brokers, topics and a group are enough', () => {
  assert.deepEqual(kafkaSource.options.parse(least), {
    ...least,
    ssl: false,
    clientId: 'fcscope',
    connectionTimeoutMs: 10_000,
    startAt: 'beginning',
    format: 'auto',
    rebalanceTimeoutMs: 60_000,
    metadataMaxAgeMs: 60_000,
    fetchMaxBytes: 16_777_216,
    fetchMaxBytesPerPartition: 4_194_304,
    maxBufferedBytes: 33_554_432,
  })
})

const right: readonly object[] = [
  { ssl: true },
  { ssl: { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem', passphrase: 'p', servername: 'kafka' } },
  { sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' } },
  { brokers: ['b-1.example.com:9093', 'b-2.example.com:9093'] },
  { topics: ['a.b_c-d', 'E1'] },
  { sls: false, startAt: 'end', format: 'sls', sessionTimeoutMs: 120_000 },
]
for (const more of right) {
  test(`${JSON.stringify(more)} may be given`, () => {
    assert.equal(kafkaSource.options.safeParse({ ...least, ...more }).success, true)
  })
}

const wrong: readonly object[] = [
  { brokers: [] },
  { brokers: ['localhost'] },
  { brokers: ['localhost:0'] },
  { brokers: ['[::1]:9092'] },
  { brokers: ['kafka://localhost:9092'] },
  { topics: [] },
  { topics: ['a b'] },
  { topics: ['..'] },
  { groupId: '' },
  { ssl: { certificate: 'x' } },
  { sasl: { mechanism: 'oauthbearer', username: 'u', password: 'p' } },
  { sasl: { mechanism: 'plain', username: 'u' } },
  { sessionTimeoutMs: 1000 },
  { startAt: 'now' },
  { fromBeginning: true },
]
for (const more of wrong) {
  test(`${JSON.stringify(more)} is refused`, () => {
    assert.equal(kafkaSource.options.safeParse({ ...least, ...more }).success, false)
  })
}

const hosts: readonly [broker: string, isIt: boolean][] = [
  ['my-project.cn-hangzhou.log.aliyuncs.com:10012', true],
  ['my-project.cn-hangzhou-intranet.log.aliyuncs.com:10011', true],
  ['alikafka-x.cn-hangzhou.alikafka.aliyuncs.com:9093', false],
  ['log.aliyuncs.com.example.com:9092', false],
]
for (const [broker, isIt] of hosts) {
  test(`${broker} is ${isIt ? '' : 'not '}Simple Log Service`, () => assert.equal(isLogService([broker]), isIt))
}
