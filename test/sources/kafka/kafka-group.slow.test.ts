// Several workers of one group at a real broker: every line once, whoever comes, goes, dies, or is away for a while.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { KafkaBroker, noKafka } from '../../services/kafka-broker.ts'
import { KafkaTopics } from '../../services/kafka-topics.ts'
import { endsOf, leadersOf } from '../../services/topic-leaders.ts'
import { eventually, type KafkaOptions, KafkaRig } from './kafka-rig.ts'
import { LineStore, type StoredLine } from './partition-worker.ts'

const program = fileURLToPath(new URL('run-partition-worker.ts', import.meta.url))
const partitions = 6

/** Sends numbered lines until it is told to stop. */
class Stream {
  sent = 0
  #isStopping = false
  readonly #sending: Promise<void>

  constructor(topics: KafkaTopics, topic: string, everyMs = 5) {
    this.#sending = this.#send(topics, topic, everyMs)
  }

  async #send(topics: KafkaTopics, topic: string, everyMs: number): Promise<void> {
    while (!this.#isStopping) {
      const messages = Array.from({ length: 20 }, (_, i) => ({
        value: `line ${this.sent + i}`,
        partition: (this.sent + i) % partitions,
      }))
      await topics.send(topic, messages)
      this.sent += messages.length
      await pause(everyMs)
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#sending
  }

  /** All lines that were sent, each once. */
  assertAllIn(store: LineStore): void {
    const missing = new Set(Array.from({ length: this.sent }, (_, i) => `line ${i}\n`))
    for (const text of store.texts) assert.ok(missing.delete(text), `twice, or never sent: ${text}`)
    assert.deepEqual([...missing], [])
  }
}

/** A worker in another process. */
class Elsewhere {
  readonly #child: ChildProcess
  readonly #file: string
  said = ''
  /** What it wrote to standard error. */
  complaints = ''

  constructor(options: KafkaOptions, file: string) {
    this.#file = file
    this.#child = spawn(process.execPath, [program, JSON.stringify(options), file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.complaints += text.toString()
    })
    this.#child.stdout?.on('data', (text: Buffer) => {
      this.said += text.toString()
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** What it delivered. */
  get lines(): readonly StoredLine[] {
    if (!existsSync(this.#file)) return []
    // The last line may be half there.
    const whole = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1)
    return whole.map((line): StoredLine => JSON.parse(line))
  }
}

describe('workers of one Kafka group', { skip: noKafka }, () => {
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

  const optionsFor = (topic: string): KafkaOptions => ({
    brokers: [broker.address],
    topics: [topic],
    groupId: `group-of-${topic}`,
  })
  const count = (events: readonly string[], kind: string): number =>
    events.filter(event => event.startsWith(kind)).length

  test('wait until what was read is delivered before partitions change hands', async () => {
    const topic = await topics.create(partitions)
    const stream = new Stream(topics, topic)
    const store = new LineStore()
    const first = await rig.run(optionsFor(topic), { store })
    await eventually('it reads', () => store.size > 200)
    first.worker.isBlocked = true
    const second = rig.run(optionsFor(topic), { store })
    await eventually('they are revoked', () => count(first.worker.events, 'revoked') === partitions)
    await stream.stop()
    // Longer than a session: the group must not give the first one up meanwhile.
    const { size } = store
    await pause(8000)
    assert.equal(count(first.worker.events, 'lost'), 0)
    assert.equal(store.size, size)
    first.worker.isBlocked = false
    const { worker, stop } = await second
    await eventually('both have some', () => count(worker.events, 'assigned') === 3)
    await eventually('everything is there', () => store.size === stream.sent)
    stream.assertAllIn(store)
    assert.equal(store.again, 0)
    await stop()
    await first.stop()
  })

  test('lose nothing and read nothing twice while they come and go', async () => {
    const topic = await topics.create(partitions)
    const stream = new Stream(topics, topic)
    const store = new LineStore()
    const first = await rig.run(optionsFor(topic), { store, deliverAfterMs: 30 })
    const second = await rig.run(optionsFor(topic), { store, deliverAfterMs: 30 })
    await eventually('they read', () => store.size > 1000)
    const third = await rig.run(optionsFor(topic), { store, deliverAfterMs: 30 })
    await eventually('the third one reads', () => third.worker.records > 500)
    await first.stop()
    const before = second.worker.records
    await eventually('the others go on', () => second.worker.records > before + 500)
    await third.stop()
    const fourth = await rig.run(optionsFor(topic), { store, deliverAfterMs: 30 })
    await eventually('the fourth one reads', () => fourth.worker.records > 500)
    await stream.stop()
    await eventually('everything is there', () => store.size === stream.sent)
    stream.assertAllIn(store)
    assert.equal(store.again, 0)
    await fourth.stop()
    await second.stop()
    const atEnd = await topics.committed(`group-of-${topic}`, topic)
    assert.equal(
      atEnd.reduce((sum, each) => sum + each, 0),
      stream.sent,
    )
  })

  test('find partitions that are added', async () => {
    const topic = await topics.create(2)
    const store = new LineStore()
    const options = { ...optionsFor(topic), metadataMaxAgeMs: 1000 }
    const first = await rig.run(options, { store })
    const second = await rig.run(options, { store })
    const numbered = (from: number, to: number) =>
      Array.from({ length: 100 }, (_, i) => ({ value: `line ${from + i}`, partition: i % to }))
    await topics.send(topic, numbered(0, 2))
    await eventually('everything is there', () => store.size === 100)
    await topics.admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] })
    // To a partition without a leader kafkajs sends again, and to all others with it.
    await leadersOf(topics.admin, topic, 4)
    // The producer of before does not know the new ones yet, and would leave out what is for them.
    const again = await KafkaTopics.open(broker.address)
    assert.equal((await endsOf(again.admin, topic)).size, 4)
    await again.send(topic, numbered(100, 4))
    await again.close()
    await eventually('and what is in the new ones', () => store.size === 200)
    assert.deepEqual(new Set(store.texts).size, 200)
    assert.equal(store.again, 0)
    assert.equal(count(first.worker.events, 'lost') + count(second.worker.events, 'lost'), 0)
    await first.stop()
    await second.stop()
  })

  test('read on where one was killed', async () => {
    const topic = await topics.create(partitions)
    const stream = new Stream(topics, topic)
    const store = new LineStore()
    const file = join(rig.world.folder, 'killed.jsonl')
    const other = new Elsewhere(optionsFor(topic), file)
    await eventually('the other one delivers', () => other.lines.length > 500)
    const { worker, stop } = await rig.run(optionsFor(topic), { store })
    await eventually('both deliver', () => worker.records > 500 && other.said.split('assigned').length > partitions)
    other.signal('SIGKILL')
    await eventually('all are ours', () => count(worker.events, 'assigned') >= 3 + partitions)
    await stream.stop()
    const total = (): number => new Set([...store.texts, ...other.lines.map(({ text }) => text)]).size
    await eventually('everything is there', () => total() === stream.sent)
    for (const line of other.lines) store.add(line)
    stream.assertAllIn(store)
    assert.equal(other.complaints, '')
    await stop()
  })

  test('give up what was theirs while they were away', async () => {
    const topic = await topics.create(partitions)
    const stream = new Stream(topics, topic)
    const store = new LineStore()
    const other = new Elsewhere(optionsFor(topic), join(rig.world.folder, 'away.jsonl'))
    await eventually('the other one delivers', () => other.lines.length > 500)
    other.signal('SIGSTOP')
    const { worker, stop } = await rig.run(optionsFor(topic), { store })
    await eventually('all are ours', () => count(worker.events, 'assigned') === partitions)
    await eventually('and are read', () => worker.records > 500)
    other.signal('SIGCONT')
    await eventually('it hears of it', () => other.said.split('lost').length - 1 === partitions)
    await eventually('it is given some again', () => other.said.split('assigned').length - 1 === partitions + 3)
    await stream.stop()
    const total = (): number => new Set([...store.texts, ...other.lines.map(({ text }) => text)]).size
    await eventually('everything is there', () => total() === stream.sent)
    other.signal('SIGKILL')
    for (const line of other.lines) store.add(line)
    stream.assertAllIn(store)
    assert.equal(other.complaints, '')
    await stop()
  })

  test('lose what they do not deliver in time', async () => {
    const topic = await topics.create(partitions)
    const stream = new Stream(topics, topic)
    const store = new LineStore()
    const options = { ...optionsFor(topic), rebalanceTimeoutMs: 10_000 }
    const first = await rig.run(options, { store })
    await eventually('it reads', () => store.size > 200)
    first.worker.isBlocked = true
    const second = await rig.run(options, { store })
    await eventually('all go to the second', () => count(second.worker.events, 'assigned') >= partitions)
    await stream.stop()
    await eventually('the first one hears of it', () => count(first.worker.events, 'lost') === partitions)
    first.worker.isBlocked = false
    assert.equal(rig.world.events('kafkaMembershipLost').length > 0, true)
    await eventually('everything is there', () => store.size === stream.sent)
    stream.assertAllIn(store)
    await second.stop()
    await first.stop()
  })

  test('get over a broker that goes and comes back', async () => {
    const topic = await topics.create(partitions)
    const store = new LineStore()
    const first = await rig.run(optionsFor(topic), { store })
    const second = await rig.run(optionsFor(topic), { store })
    const before = new Stream(topics, topic)
    await eventually('they read', () => store.size > 500)
    await before.stop()
    await eventually('everything is there', () => store.size === before.sent)
    await broker.halt()
    await pause(3000)
    await broker.comeBack()
    const again = await KafkaTopics.open(broker.address)
    for (let i = 0; i < 20; i += 1)
      await again.send(topic, [{ value: `line ${before.sent + i}`, partition: i % partitions }])
    before.sent += 20
    await eventually('what came since is there', () => store.size === before.sent)
    before.assertAllIn(store)
    await again.close()
    await first.stop()
    await second.stop()
  })
})
