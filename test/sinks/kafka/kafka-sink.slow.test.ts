// A topic of a real broker as a sink: every record once, whatever ends when.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Delivery } from '../../../src/model/delivery.ts'
import { KafkaBroker, kafkaUser, noKafka } from '../../services/kafka-broker.ts'
import { KafkaTopics } from '../../services/kafka-topics.ts'
import { committedValues, makeSink, recordsOf } from './sink-rig.ts'

const program = fileURLToPath(new URL('run-sink.ts', import.meta.url))

describe('a Kafka topic as a sink', { skip: noKafka }, () => {
  let broker: KafkaBroker
  let topics: KafkaTopics
  let folder: string
  before(async () => {
    broker = await KafkaBroker.start({ hasRights: true })
    topics = await KafkaTopics.open(broker.address)
    folder = mkdtempSync(join(tmpdir(), 'fcscope-sink-'))
  })
  after(async () => {
    await topics?.close()
    await broker?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const never = new AbortController().signal
  const rigFor = (topic: string) => ({ address: broker.address, topic, folder })
  const first = (deliveries: readonly Delivery[]): Delivery => {
    assert.equal(deliveries.length, 1)
    return deliveries[0]!
  }
  const valuesOf = (batches: readonly number[], count: number): readonly string[] =>
    batches.flatMap(batch => recordsOf(batch, count).map(({ value }) => value.toString())).toSorted()
  const found = async (topic: string): Promise<readonly string[]> =>
    [...(await committedValues(broker.address, topic)).values()].flat().toSorted()

  test('takes batches, each once', async () => {
    const topic = await topics.create(3)
    const { sink, said } = makeSink(rigFor(topic))
    assert.deepEqual(sink.stage({ batch: 1, storedMs: 0 }, []), [])
    const deliveries = [1, 2, 5].map(batch => first(sink.stage({ batch, storedMs: Date.now() }, recordsOf(batch, 400))))
    for (const delivery of deliveries) await sink.deliver(delivery, { mayBeThere: false, signal: never })
    for (const delivery of deliveries) await sink.deliver(delivery, { mayBeThere: true, signal: never })
    assert.deepEqual(await found(topic), valuesOf([1, 2, 5], 400))
    assert.deepEqual(
      said.map(({ event, fields }) => [event, fields['batch']]),
      [1, 2, 5].map(batch => ['kafkaBatchWasThere', batch]),
    )
    await sink.stop()
  })

  test('keeps records of a key in one partition, in their order', async () => {
    const topic = await topics.create(3)
    const { sink } = makeSink(rigFor(topic))
    const records = Array.from({ length: 900 }, (_, i) => ({
      key: Buffer.from(`k${i % 9}`),
      value: Buffer.from(`${i}`),
    }))
    await sink.deliver(first(sink.stage({ batch: 1, storedMs: Date.now() }, records)), {
      mayBeThere: false,
      signal: never,
    })
    await sink.stop()
    const placeOf = new Map<number, number>()
    for (const [partition, values] of await committedValues(broker.address, topic)) {
      const numbers = values.map(Number)
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      )
      for (const number of numbers) {
        assert.equal(placeOf.get(number % 9) ?? partition, partition)
        placeOf.set(number % 9, partition)
      }
    }
    assert.equal(placeOf.size, 9)
  })

  test('knows after a restart what is there', async () => {
    const topic = await topics.create(1)
    const before = makeSink(rigFor(topic))
    const delivery = first(before.sink.stage({ batch: 7, storedMs: Date.now() }, recordsOf(7, 10)))
    await before.sink.deliver(delivery, { mayBeThere: false, signal: never })
    await before.sink.stop()
    const again = makeSink(rigFor(topic))
    await again.sink.deliver(delivery, { mayBeThere: true, signal: never })
    const next = first(again.sink.stage({ batch: 8, storedMs: Date.now() }, recordsOf(8, 10)))
    await again.sink.deliver(next, { mayBeThere: true, signal: never })
    await again.sink.stop()
    assert.deepEqual(await found(topic), valuesOf([7, 8], 10))
  })

  test('leaves other workers alone, and shuts out a former self', async () => {
    const topic = await topics.create(1)
    const old = makeSink(rigFor(topic))
    const other = makeSink({ ...rigFor(topic), workerNumber: 0xcd })
    const deliver = async ({ sink }: ReturnType<typeof makeSink>, batch: number): Promise<void> =>
      sink.deliver(first(sink.stage({ batch, storedMs: Date.now() }, recordsOf(batch, 5))), {
        mayBeThere: false,
        signal: never,
      })
    await deliver(old, 1)
    await deliver(other, 2)
    const young = makeSink(rigFor(topic))
    await deliver(young, 3)
    // Its producer is fenced; a new one finds that the batch is there.
    await deliver(old, 3)
    await deliver(young, 4)
    await deliver(other, 5)
    assert.deepEqual(await found(topic), valuesOf([1, 2, 3, 4, 5], 5))
    for (const { sink } of [old, other, young]) await sink.stop()
  })

  test('leaves out what is too large for the topic, and says so', async () => {
    const topic = await topics.create(1, { 'max.message.bytes': '10000' })
    const { sink, said } = makeSink(rigFor(topic))
    const value = (size: number, i: number) => ({ key: Buffer.from('k'), value: Buffer.alloc(size, `${i}`) })
    const records = [value(9000, 1), value(10_000, 2), ...Array.from({ length: 50 }, () => value(5000, 3))]
    await sink.deliver(first(sink.stage({ batch: 1, storedMs: Date.now() }, records)), {
      mayBeThere: false,
      signal: never,
    })
    await sink.stop()
    const sizes = (await found(topic)).map(({ length }) => length)
    assert.deepEqual(sizes, [9000, ...Array(50).fill(5000)])
    assert.deepEqual(said, [
      { event: 'kafkaRecordsTooLarge', fields: { sink: 'attempts', topic, records: 1, maxBytes: 10_000 - 256 } },
    ])
  })

  for (const compression of ['none', 'gzip', 'zstd']) {
    test(`compresses with ${compression}`, async () => {
      const topic = await topics.create(2)
      const { sink } = makeSink({ ...rigFor(topic), more: { compression } })
      const delivery = first(sink.stage({ batch: 1, storedMs: Date.now() }, recordsOf(1, 600)))
      await sink.deliver(delivery, { mayBeThere: false, signal: never })
      await sink.stop()
      // A client of its own reads gzip only.
      if (compression !== 'zstd') assert.deepEqual(await found(topic), valuesOf([1], 600))
    })
  }

  test('needs the rights that docs/kafka.md names, and says which are missing', async () => {
    const topic = await topics.create(2)
    const user = { sasl: { mechanism: 'plain', ...kafkaUser } }
    const { sink } = makeSink({ ...rigFor(topic), address: broker.saslAddress, more: user })
    const delivery = first(sink.stage({ batch: 1, storedMs: Date.now() }, recordsOf(1, 5)))
    const deliver = (): Promise<void> => sink.deliver(delivery, { mayBeThere: false, signal: never })
    await assert.rejects(deliver(), /may not WRITE, DESCRIBE and READ the topic/)
    await topics.allow(kafkaUser.username, 'TOPIC', topic, ['WRITE', 'DESCRIBE', 'READ'])
    await assert.rejects(deliver(), /may not WRITE the transactional id fcscope-attempts-000000ab|has no coordinator/)
    await topics.allow(kafkaUser.username, 'TRANSACTIONAL_ID', 'fcscope-', ['WRITE', 'DESCRIBE'])
    await assert.rejects(deliver(), /may not READ the groups fcscope-attempts-000000ab/)
    await topics.allow(kafkaUser.username, 'GROUP', 'fcscope-', ['READ'])
    await deliver()
    await sink.stop()
    assert.deepEqual(await found(topic), valuesOf([1], 5))
  })

  const refusals: readonly [title: string, more: object, text: RegExp][] = [
    ['a topic that is not there', { topic: 'missing' }, /there is no topic missing/],
    ['no broker', { brokers: ['127.0.0.1:1'] }, /no Kafka broker answers at 127\.0\.0\.1:1/],
    ['TLS at a plain port', { ssl: true }, /does not speak TLS: remove ssl/],
  ]
  for (const [title, more, text] of refusals) {
    test(`says what is wrong: ${title}`, async () => {
      const { sink } = makeSink({ ...rigFor('logs-1'), more })
      const delivery = first(sink.stage({ batch: 1, storedMs: Date.now() }, recordsOf(1, 1)))
      await assert.rejects(sink.deliver(delivery, { mayBeThere: false, signal: never }), text)
      await sink.stop()
    })
  }

  test('stops while a broker does not answer', async () => {
    const topic = await topics.create(1)
    const { sink } = makeSink(rigFor(topic))
    const abort = new AbortController()
    const delivery = first(sink.stage({ batch: 1, storedMs: Date.now() }, recordsOf(1, 1)))
    await sink.deliver(delivery, { mayBeThere: false, signal: abort.signal })
    const next = first(sink.stage({ batch: 2, storedMs: Date.now() }, recordsOf(2, 1)))
    broker.freeze()
    const delivering = sink.deliver(next, { mayBeThere: false, signal: abort.signal })
    delivering.catch(() => {})
    await pause(300)
    const began = performance.now()
    abort.abort()
    try {
      await assert.rejects(delivering)
    } finally {
      broker.thaw()
    }
    assert.ok(performance.now() - began < 10_000)
    const again = makeSink(rigFor(topic)).sink
    await again.deliver(next, { mayBeThere: true, signal: never })
    await again.stop()
    assert.deepEqual(await found(topic), valuesOf([1, 2], 1))
  })

  test('has every record once, however often the worker is killed', async () => {
    const topic = await topics.create(3)
    const batches = Array.from({ length: 150 }, (_, i) => i + 1)
    const { sink } = makeSink(rigFor(topic))
    for (const batch of batches) sink.stage({ batch, storedMs: Date.now() }, recordsOf(batch, 30))
    let kills = 0
    // A number that looks like chance and is always the same.
    let chance = Number(process.env['FCSCOPE_KILL_SEED'] ?? 7)
    for (;;) {
      const child = spawn(process.execPath, [program, broker.address, topic, folder, String(batches.length)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const ended = once(child, 'exit')
      // From the first batch on it is killed at any moment of a transaction.
      await Promise.race([once(child.stdout!, 'data'), ended])
      chance = (chance * 16_807) % 2_147_483_647
      const killed = pause(chance % 120).then(() => child.kill('SIGKILL'))
      const [status] = await ended
      await killed
      if (status === 0) break
      kills += 1
    }
    assert.ok(kills > 3, `${kills} kills`)
    assert.ok(existsSync(join(folder, 'done')))
    const values = await committedValues(broker.address, topic)
    assert.deepEqual([...values.values()].flat().toSorted(), valuesOf(batches, 30))
    for (const partition of values.values()) {
      const order = partition.map((value): number => JSON.parse(value).batch)
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      )
    }
  })
})
