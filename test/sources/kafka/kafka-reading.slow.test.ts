// Reading from a real broker: everything once, in order, with what transactions, retention and compression do to a topic.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hasRecords } from '../../../src/model/partitioned-source.ts'
import { KafkaBroker, noKafka } from '../../services/kafka-broker.ts'
import { KafkaTopics } from '../../services/kafka-topics.ts'
import { eventually, KafkaRig } from './kafka-rig.ts'
import { LineStore } from './partition-worker.ts'

describe('the Kafka source reads', { skip: noKafka }, () => {
  let broker: KafkaBroker
  let topics: KafkaTopics
  let rig: KafkaRig
  before(async () => {
    broker = await KafkaBroker.start()
    topics = await KafkaTopics.open(broker.address)
    rig = new KafkaRig()
  })
  after(async () => {
    await rig?.close()
    await topics?.close()
    await broker?.stop()
  })

  const values = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `line ${from + i} ${'x'.repeat(((from + i) * 37) % 90)}`)
  const toPartition = (partition: number, texts: readonly (string | null)[]) =>
    texts.map(value => ({ value, partition }))
  const optionsFor = (topic: string, group = topic) => ({
    brokers: [broker.address],
    topics: [topic],
    groupId: `group-of-${group}`,
  })
  const lines = (texts: readonly string[]): string[] => texts.map(text => `${text}\n`)

  test('all partitions in order, and ends with --once', async () => {
    const topic = await topics.create(3)
    for (let partition = 0; partition < 3; partition += 1)
      await topics.send(topic, toPartition(partition, values(partition * 1000, 500)))
    const store = new LineStore()
    const { worker, ended } = await rig.run(optionsFor(topic), { store, once: true, windowBytes: 1000 })
    await ended
    assert.deepEqual(store.texts, lines([...values(0, 500), ...values(1000, 500), ...values(2000, 500)]))
    assert.equal(store.again, 0)
    assert.equal(worker.records, 1500)
    assert.deepEqual(await topics.committed(`group-of-${topic}`, topic), [500, 500, 500])
  })

  test('on, where the group was told that everything before is stored', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, toPartition(0, values(0, 100)))
    const store = new LineStore()
    await (await rig.run(optionsFor(topic), { store, once: true })).ended
    await topics.send(topic, toPartition(0, values(100, 50)))
    await (await rig.run(optionsFor(topic), { store, once: true })).ended
    assert.deepEqual(store.texts, lines(values(0, 150)))
    assert.equal(store.again, 0)
  })

  test('what comes while it reads', async () => {
    const topic = await topics.create(2)
    const store = new LineStore()
    const { stop } = await rig.run(optionsFor(topic), { store })
    for (let i = 0; i < 10; i += 1) await topics.send(topic, toPartition(i % 2, values(i * 10, 10)))
    await eventually('all is there', () => store.size === 100)
    await eventually('the group knows', async () =>
      (await topics.committed(`group-of-${topic}`, topic)).every(n => n === 50),
    )
    await stop()
  })

  test('from the end, where the options say so and nobody knows better', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, toPartition(0, values(0, 10)))
    const store = new LineStore()
    const { stop } = await rig.run({ ...optionsFor(topic), startAt: 'end' }, { store })
    await topics.send(topic, toPartition(0, values(10, 5)))
    await eventually('the new ones are there', () => store.size === 5)
    await stop()
    assert.deepEqual(store.texts, lines(values(10, 5)))
  })

  test('no record of a transaction that was aborted, and none twice around it', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, toPartition(0, values(0, 10)))
    await topics.transact(topic, toPartition(0, values(100, 300)), 'abort')
    await topics.transact(topic, toPartition(0, values(10, 10)), 'commit')
    await topics.transact(topic, toPartition(0, values(400, 300)), 'abort')
    const store = new LineStore()
    const { worker, ended } = await rig.run(optionsFor(topic), { store, once: true })
    await ended
    assert.deepEqual(store.texts, lines(values(0, 20)))
    assert.equal(worker.records, 20)
  })

  test('no record of transactions that overlap and were aborted', async () => {
    const topic = await topics.create(1)
    const of = (first: number, end: 'commit' | 'abort') => ({ messages: toPartition(0, values(first, 10)), end })
    // The first to begin is the last to end, and what is committed lies among what is not.
    await topics.overlap(
      topic,
      [of(0, 'abort'), of(10, 'commit'), of(20, 'abort'), of(30, 'abort'), of(40, 'commit')],
      [3, 4, 2, 1, 0],
    )
    await topics.send(topic, toPartition(0, values(50, 5)))
    const wanted = [10, 11, 12, 13, 14, 40, 41, 42, 43, 44, 15, 16, 17, 18, 19, 45, 46, 47, 48, 49]
    const store = new LineStore()
    const { ended } = await rig.run(optionsFor(topic), { store, once: true })
    await ended
    assert.deepEqual(store.texts, lines([...wanted.map(n => values(n, 1)[0] ?? ''), ...values(50, 5)]))
  })

  test('messages without a value, and others with many lines', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, toPartition(0, ['one', null, 'two\nthree', null]))
    const store = new LineStore()
    const { worker, ended } = await rig.run(optionsFor(topic), { store, once: true })
    await ended
    assert.deepEqual(store.texts, lines(['one', 'two', 'three']))
    assert.equal(worker.records, 4)
  })

  test('messages that are larger than the window and than a fetch', async () => {
    const topic = await topics.create(1)
    const large = 'y'.repeat(700_000)
    await topics.send(topic, toPartition(0, ['one', large, 'two']))
    const { worker, ended } = await rig.run(
      { ...optionsFor(topic), fetchMaxBytesPerPartition: 2048, fetchMaxBytes: 2048 },
      { once: true, windowBytes: 300_000 },
    )
    await ended
    const sizes = worker.chunks.map(({ length, records: { isCut } }) => [length, isCut])
    assert.deepEqual(sizes, [
      [4, false],
      [300_000, true],
      [300_000, true],
      [100_005, false],
    ])
  })

  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
    test(`what is compressed with ${codec}`, async () => {
      // The broker compresses what comes, with the libraries that producers use as well.
      const topic = await topics.create(1, { 'compression.type': codec })
      const large = Array.from({ length: 3 }, (_, i) => `large ${i} ${'abcdefg-'.repeat(20_000)}`)
      const texts = [...values(0, 500), ...large, ...values(500, 500)]
      await topics.send(topic, toPartition(0, texts))
      await topics.send(topic, toPartition(0, ['one']))
      const store = new LineStore()
      await (await rig.run(optionsFor(topic), { store, once: true, windowBytes: 1024 * 1024 })).ended
      assert.deepEqual(store.texts, lines([...texts, 'one']))
    })
  }

  test('rows with the time of their message', async () => {
    // Else the broker takes a message that is so old away again.
    const topic = await topics.create(1, { 'retention.ms': '-1' })
    await topics.send(topic, [{ value: '{"message":"m"}', partition: 0, timestamp: '1705134831939' }])
    const store = new LineStore()
    await (await rig.run(optionsFor(topic), { store, once: true })).ended
    assert.deepEqual(store.texts, ['{"__time__":1705134831,"__time_ns_part__":939000000,"message":"m"}\n'])
  })

  test('no chunk across a stop, and partitions that have one first', async () => {
    const topic = await topics.create(2)
    for (const partition of [0, 1]) await topics.send(topic, toPartition(partition, values(0, 100)))
    const { worker, ended } = await rig.run(optionsFor(topic), { once: true, stops: [10, 40] })
    await ended
    const ranges = worker.chunks.map(({ records: { partition, numbers } }) => ({
      partition,
      from: numbers[0]!,
      to: numbers.at(-1)!,
    }))
    for (const stop of [10, 40])
      assert.ok(
        ranges.every(({ from, to }) => to < stop || from >= stop),
        String(stop),
      )
    const firstBehind = ranges.findIndex(({ from }) => from >= 40)
    assert.ok(ranges.slice(firstBehind).every(({ from }) => from >= 40))
  })

  test('a little memory at a time', async () => {
    const topic = await topics.create(2)
    for (let i = 0; i < 20; i += 1) await topics.send(topic, toPartition(i % 2, values(0, 1000)))
    const source = rig.make({ ...optionsFor(topic), maxBufferedBytes: 1024 * 1024, fetchMaxBytesPerPartition: 65_536 })
    await source.start([])
    for (const { partition } of source.takeMoves()) source.begin(partition, 0, [])
    await eventually('it has as much as it may', () => source.lag().bytes > 0)
    const window = new Uint8Array(10_000)
    let records = 0
    await eventually('everything was read', () => {
      for (let chunk = source.read(window); chunk !== null; chunk = source.read(window)) {
        assert.ok(!(chunk instanceof Promise) && hasRecords(chunk))
        records += chunk.records.count
        source.advance(chunk, chunk.length)
      }
      return records === 20_000
    })
    assert.deepEqual(source.lag(), { bytes: 0, seconds: 0, records: 0 })
    await source.stop()
  })

  test('on at the oldest message that is left, and says what is missing', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, toPartition(0, values(0, 100)))
    await topics.removeBefore(topic, 0, 30)
    const source = rig.make(optionsFor(topic), true)
    await source.start([])
    const [move] = source.takeMoves()
    assert.deepEqual(move, { kind: 'assigned', partition: `${topic}-0`, position: 30, isFromGroup: false, first: 30 })
    source.begin(`${topic}-0`, 10, [])
    const window = new Uint8Array(100_000)
    await eventually('there is something', () => source.lag().records === 70)
    await eventually('it is read', () => {
      const chunk = source.read(window)
      if (chunk === null || chunk instanceof Promise || !hasRecords(chunk)) return false
      assert.deepEqual([chunk.records.numbers[0], chunk.records.count], [30, 70])
      return true
    })
    assert.deepEqual(rig.world.events('kafkaRecordsGone'), [
      { source: 'kafka', partition: `${topic}-0`, from: 10, to: 30, records: 20 },
    ])
    await source.stop()
  })

  test('on where there is something when retention overtakes it', async () => {
    const topic = await topics.create(1)
    await topics.send(topic, toPartition(0, values(0, 100)))
    const source = rig.make({ ...optionsFor(topic), fetchMaxBytes: 1024, fetchMaxBytesPerPartition: 1024 })
    await source.start([])
    source.takeMoves()
    // The source does not know yet that the first half is gone.
    await topics.removeBefore(topic, 0, 50)
    source.begin(`${topic}-0`, 0, [])
    source.delivered(`${topic}-0`, 20)
    const window = new Uint8Array(100_000)
    const numbers: number[] = []
    await eventually('the rest is read', () => {
      const chunk = source.read(window)
      if (chunk === null || chunk instanceof Promise || !hasRecords(chunk)) return false
      numbers.push(...chunk.records.numbers)
      source.advance(chunk, chunk.length)
      return numbers.at(-1) === 99
    })
    assert.deepEqual([numbers.length, numbers[0]], [50, 50])
    assert.deepEqual(rig.world.events('kafkaRecordsGone').at(-1)?.['records'], 50)
    await eventually('the group knows what was delivered', async () => {
      const [committed] = await topics.committed(`group-of-${topic}`, topic)
      return committed === 20
    })
    await source.stop()
  })
})
