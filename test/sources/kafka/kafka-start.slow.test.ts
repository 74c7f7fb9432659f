// How a source begins against a real broker, and what it says when it cannot.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { KafkaBroker, kafkaUser, noKafka } from '../../services/kafka-broker.ts'
import { KafkaTopics } from '../../services/kafka-topics.ts'
import { type KafkaOptions, KafkaRig } from './kafka-rig.ts'

describe('the Kafka source begins', { skip: noKafka }, () => {
  let broker: KafkaBroker
  let topics: KafkaTopics
  let rig: KafkaRig
  let topic: string
  before(async () => {
    broker = await KafkaBroker.start({ hasTls: true, hasRights: true })
    topics = await KafkaTopics.open(broker.address)
    rig = new KafkaRig()
    topic = await topics.create(1)
  })
  after(async () => {
    await rig?.close()
    await topics?.close()
    await broker?.stop()
  })

  const sasl = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password: string = kafkaUser.password) => ({
    mechanism,
    username: kafkaUser.username,
    password,
  })
  const options = (more: Partial<KafkaOptions>): KafkaOptions => ({
    brokers: [broker.address],
    topics: [topic],
    groupId: 'fcscope',
    connectionTimeoutMs: 2000,
    ...more,
  })
  /** Starts, reads nothing, and stops. */
  async function begin(more: Partial<KafkaOptions>): Promise<void> {
    const source = rig.make(options(more))
    try {
      await source.start([])
      assert.deepEqual(
        source.takeMoves().map(({ kind, partition }) => `${kind} ${partition}`),
        [`assigned ${topic}-0`],
      )
    } finally {
      await source.stop()
    }
  }

  async function failure(more: Partial<KafkaOptions>): Promise<FcscopeError> {
    try {
      await begin(more)
    } catch (error) {
      assert.ok(error instanceof FcscopeError, String(error))
      return error
    }
    throw new Error('it begins')
  }

  const refusals: readonly [title: string, more: () => Partial<KafkaOptions>, text: RegExp][] = [
    ['no broker', () => ({ brokers: ['127.0.0.1:1'] }), /no Kafka broker answers at 127\.0\.0\.1:1 .*Check brokers/],
    ['no host', () => ({ brokers: ['no.such.host.invalid:9092'] }), /answers at no\.such\.host\.invalid:9092/],
    ['TLS at a plain port', () => ({ ssl: true }), /does not speak TLS, and ssl is set/],
    ['no TLS at a port for it', () => ({ brokers: [broker.tlsAddress] }), /wants TLS.*Set ssl: true/],
    [
      'a certificate of nobody',
      () => ({ brokers: [broker.tlsAddress], ssl: true }),
      /certificate of .* is not accepted/,
    ],
    ['no user', () => ({ brokers: [broker.saslAddress] }), /listeners do that want a user or TLS/],
    ['a user where none is known', () => ({ sasl: sasl('plain') }), /does not speak SASL/],
    ['a topic that is not there', () => ({ topics: ['missing'] }), /there is no topic missing/],
  ]
  for (const [title, more, text] of refusals) {
    test(`not with ${title}`, async () => {
      const error = await failure(more())
      assert.match(error.message, text)
      assert.equal(error.code, 'FCS_SOURCE_UNAVAILABLE')
      assert.equal(error.exitStatus, 3)
      for (const each of Object.values(error.text)) assert.doesNotMatch(each, /\n|undefined|fc-secret/)
    })
  }

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    test(`not with a wrong password (${mechanism})`, async () => {
      const error = await failure({ brokers: [broker.saslAddress], sasl: sasl(mechanism, 'wrong-secret') })
      assert.match(error.message, /refuses the user name or the password/)
      assert.doesNotMatch(JSON.stringify(error.text), /wrong-secret/)
    })
  }

  test('with what a user was allowed, and says what is missing', async () => {
    const signedIn = { brokers: [broker.saslAddress], sasl: sasl('plain') }
    assert.match((await failure(signedIn)).message, /may not read the topic logs-1/)
    await topics.allow(kafkaUser.username, 'TOPIC', topic, ['READ'])
    assert.match((await failure(signedIn)).message, /may not join the group fcscope/)
    await topics.allow(kafkaUser.username, 'GROUP', 'fcscope', ['READ'])
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const)
      await begin({ ...signedIn, sasl: sasl(mechanism) })
  })

  test('with the certificate that the options name', async () => {
    await begin({ brokers: [broker.tlsAddress], ssl: { ca: broker.certificate } })
    await begin({ brokers: [broker.tlsAddress], ssl: { rejectUnauthorized: false } })
  })

  test('not with a certificate that cannot be read', async () => {
    const ca = join(rig.world.folder, 'missing.pem')
    const error = await failure({ brokers: [broker.tlsAddress], ssl: { ca } })
    assert.equal(error.code, 'FCS_CONFIG_INVALID')
    assert.match(error.message, /missing\.pem cannot be read \(ENOENT\)/)
    writeFileSync(ca, 'no certificate')
    await assert.rejects(begin({ brokers: [broker.tlsAddress], ssl: { ca } }), FcscopeError)
  })

  test('with one broker of several', async () => {
    await begin({ brokers: ['127.0.0.1:1', broker.address] })
  })

  test('and may be stopped before, twice, and after a failure', async () => {
    const source = rig.make(options({}))
    await source.stop()
    await source.stop()
    const other = rig.make(options({ topics: ['missing'] }))
    await assert.rejects(other.start([]), FcscopeError)
    await other.stop()
  })
})
