// `fcscope route` against a real broker: every row once, whatever is killed. FCSCOPE_ROUTE_KILLS asks for more kills,
// FCSCOPE_ROUTE_SEED for other moments.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Random } from '../../src/lib/random.ts'
import { KafkaBroker, kafkaUser, noKafka } from '../services/kafka-broker.ts'
import { KafkaTopics } from '../services/kafka-topics.ts'
import type { RouteProcess } from './route/route-process.ts'
import { RouteStage } from './route/route-stage.ts'
import { mustBeRouted, readRouted, rowOf } from './route/routed-rows.ts'

const kills = Number(process.env['FCSCOPE_ROUTE_KILLS'] ?? 6)
const seed = Number(process.env['FCSCOPE_ROUTE_SEED'] ?? 1)

describe('fcscope route', { skip: noKafka }, () => {
  let broker: KafkaBroker
  let topics: KafkaTopics
  before(async () => {
    broker = await KafkaBroker.start({ hasRights: true })
    topics = await KafkaTopics.open(broker.address)
  })
  after(async () => {
    await topics?.close()
    await broker?.stop()
  })

  const random = new Random(seed)
  const rowsFrom = (from: string, count: number): string[] =>
    Array.from({ length: count }, (_, serial) => rowOf(from, serial, `fn-${random.below(40)}`))

  test('a file, by a process that is killed again and again', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const topic = await topics.create(5)
    const rows = rowsFrom('file', 40_000 * (kills + 1))
    writeFileSync(stage.path('rows.log'), rows.join(''))
    const sections = {
      sources: [{ type: 'file', paths: ['rows.log'], startAt: 'beginning' }],
      route: { brokers: [broker.address], topic, compression: 'gzip', lingerMs: 20 },
      batch: { maxRows: 4000 },
    }
    let recovered = 0
    for (let n = 0; n < kills; n += 1) {
      const run = stage.start('file', sections)
      if (n % 3 === 0) await pause(300 + random.below(900))
      else {
        await run.event('routeStarted')
        await pause(random.below(500))
      }
      await run.kill()
      if (run.stderr.includes('stateRecovered')) recovered += 1
    }
    const last = stage.start('file', sections, ['--once'])
    assert.deepEqual(await last.ended, { status: 0, signal: null }, stage.said)
    mustBeRouted(await readRouted(broker.address, topic), new Map([['file', rows]]))
    const { seconds } = await last.event('routeStopped')
    t.diagnostic(`seed ${seed}, ${recovered} of ${kills} runs found something, the last took ${seconds} s`)
  })

  test('a topic, by two processes that are killed, and a broker that goes away', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const source = await topics.create(4)
    const topic = await topics.create(6)
    const rows = new Map(Array.from({ length: 4 }, (_, p) => [`p${p}`, rowsFrom(`p${p}`, 12_000)] as const))
    const sections = {
      sources: [
        { type: 'kafka', brokers: [broker.address], topics: [source], groupId: `of-${source}`, sessionTimeoutMs: 6000 },
      ],
      route: { brokers: [broker.address], topic, lingerMs: 30 },
    }
    const names = ['one', 'two']
    const running = new Map<string, RouteProcess>(names.map(name => [name, stage.start(name, sections)]))
    const steps = kills + 3
    let sent = 0
    for (let step = 0; step < steps; step += 1) {
      for (const [p, list] of [...rows.values()].entries()) {
        const part = list.slice((step * list.length) / steps, ((step + 1) * list.length) / steps)
        // A message holds one row or several.
        const messages = Array.from({ length: Math.ceil(part.length / 3) }, (_, i) => part.slice(3 * i, 3 * i + 3))
        await topics.send(
          source,
          messages.map(value => ({ partition: p, value: value.join('') })),
        )
        sent += messages.length
      }
      if (step === 2) {
        // Without a broker they would not start.
        for (const each of running.values()) await each.event('routeStarted')
        await broker.halt()
        await pause(3000)
        await broker.comeBack()
        // The first answers after a start are of no use.
        await pause(1000)
        continue
      }
      await pause(random.below(2500))
      const name = names[step % 2] ?? ''
      await running.get(name)?.kill()
      running.set(name, stage.start(name, sections))
    }
    await untilAll(source, sent)
    const ends = await Promise.all([...running.values()].map(async each => (await each.stop()).status))
    assert.deepEqual(ends, [0, 0], stage.said)
    const written = (await topics.admin.fetchTopicOffsets(source)).reduce((sum, { high }) => sum + Number(high), 0)
    assert.equal(written, sent, 'the test itself has written nothing twice')
    mustBeRouted(await readRouted(broker.address, topic), rows)
  })

  test('several that start at the same time', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const source = await topics.create(4)
    const sections = {
      sources: [{ type: 'kafka', brokers: [broker.address], topics: [source], groupId: `of-${source}` }],
      route: { brokers: [broker.address], topic: await topics.create(2) },
    }
    const running = Array.from({ length: 5 }, (_, i) => stage.start(`at-once-${i}`, sections))
    for (const each of running) await each.event('routeStarted')
    for (const each of running) assert.equal((await each.stop()).status, 0, stage.said)
  })

  /** The group was told of all messages. */
  async function untilAll(source: string, messages: number): Promise<void> {
    const untilMs = performance.now() + 120_000
    for (;;) {
      const told = await topics.committed(`of-${source}`, source)
      if (told.reduce((sum, offset) => sum + Math.max(0, offset), 0) >= messages) return
      if (performance.now() > untilMs) throw new Error(`the group was told of ${told}, of ${messages} messages`)
      await pause(200)
    }
  }

  test('a message that holds more than a transaction, and lines of all kinds', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const topic = await topics.create(3, { 'max.message.bytes': '200000' })
    const row = (message: string): string => `${JSON.stringify({ __time__: 1, functionName: 'fn', message })}\n`
    const long = row('x'.repeat(150_000))
    const tooLong = row('x'.repeat(250_000))
    const text = ['2024-01-13 plain text\n', '\n', '{"breaks off\n', '\xff\xfe\n']
    const lines = [row('first'), ...text.slice(0, 2), long, tooLong, ...text.slice(2), row('last')]
    writeFileSync(stage.path('mixed.log'), Buffer.from(lines.join(''), 'latin1'))
    const run = stage.start(
      'mixed',
      {
        sources: [{ type: 'file', paths: ['mixed.log'], startAt: 'beginning' }],
        route: { brokers: [broker.address], topic },
      },
      ['--once'],
    )
    assert.deepEqual(await run.ended, { status: 0, signal: null }, stage.said)
    const routed = await readRouted(broker.address, topic)
    const ofKey = Map.groupBy(routed, ({ key }) => key)
    assert.deepEqual(
      ofKey.get('/fn')?.flatMap(each => each.lines),
      [row('first'), long, row('last')],
    )
    const [stream] = [...ofKey.keys()].filter(key => key !== '/fn')
    assert.match(stream ?? '', /^[0-9a-f]{16}$/)
    assert.equal(ofKey.get(stream ?? '')?.flatMap(each => each.lines).length, text.length)
    assert.equal(ofKey.size, 2)
    const { records, deadLettered } = await run.event('routeStopped')
    assert.deepEqual({ records, deadLettered }, { records: lines.length, deadLettered: 1 })
  })

  interface Refused {
    readonly title: string
    readonly route: Readonly<Record<string, unknown>>
    readonly sources?: readonly Readonly<Record<string, unknown>>[]
    readonly status: number
    readonly says: RegExp
  }
  const password = 'not this one'

  test('what is wrong is told in one line', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const there = await topics.create(1)
    const { saslAddress, address } = broker
    const sasl = { mechanism: 'plain', ...kafkaUser }
    const cases: readonly Refused[] = [
      {
        title: 'no topic',
        route: { brokers: [address], topic: 'nobody-made-this' },
        status: 3,
        says: /there is no topic nobody-made-this at .* \[FCS_OUTPUT_FAILED\]/,
      },
      {
        title: 'no broker',
        route: { brokers: ['127.0.0.1:1'], topic: there },
        status: 3,
        says: /no Kafka broker answers at 127\.0\.0\.1:1 /,
      },
      {
        title: 'no user',
        route: { brokers: [saslAddress], topic: there },
        status: 3,
        says: /route: .* Set sasl, or ssl\./,
      },
      {
        title: 'wrong password',
        route: { brokers: [saslAddress], topic: there, sasl: { ...sasl, password } },
        status: 3,
        says: /refuses the user name or the password/,
      },
      {
        title: 'no rights',
        route: { brokers: [saslAddress], topic: there, sasl },
        status: 3,
        says: /there is no topic|may not write/,
      },
      {
        title: 'its own topic',
        route: { brokers: [address], topic: there },
        sources: [{ type: 'kafka', brokers: [address], topics: ['a', there], groupId: 'g' }],
        status: 2,
        says: /route\.topic: a source reads/,
      },
    ]
    for (const { title, route, sources, status, says } of cases) {
      await t.test(title, async () => {
        const file = [{ type: 'file', paths: ['none.log'] }]
        const run = stage.start('refused', { sources: sources ?? file, route })
        assert.equal((await run.ended).status, status, run.stderr)
        assert.match(run.stderr, says)
        assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr)
        assert.ok(!run.stderr.includes(password))
      })
    }
  })

  test('with the rights that the page names, and no others', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const topic = await topics.create(2)
    const source = await topics.create(1)
    const rows = rowsFrom('p0', 100)
    await topics.send(source, [{ partition: 0, value: rows.join('') }])
    const user = kafkaUser.username
    await topics.allow(user, 'TOPIC', topic, ['WRITE', 'READ', 'DESCRIBE'])
    await topics.allow(user, 'TRANSACTIONAL_ID', `${topic}.route.`, ['WRITE', 'DESCRIBE'])
    await topics.allow(user, 'GROUP', `${topic}.route.`, ['READ'])
    await topics.allow(user, 'TRANSACTIONAL_ID', 'fcscope-route-', ['WRITE', 'DESCRIBE'])
    await topics.allow(user, 'GROUP', 'fcscope-route-', ['READ'])
    writeFileSync(stage.path('rows.log'), rowsFrom('file', 100).join(''))
    const run = stage.start(
      'rights',
      {
        sources: [
          { type: 'kafka', brokers: [broker.address], topics: [source], groupId: `of-${source}` },
          { type: 'file', paths: ['rows.log'], startAt: 'beginning' },
        ],
        route: { brokers: [broker.saslAddress], topic, sasl: { mechanism: 'scram-sha-256', ...kafkaUser } },
      },
      ['--once'],
    )
    assert.deepEqual(await run.ended, { status: 0, signal: null }, stage.said)
    const routed = await readRouted(broker.address, topic)
    assert.equal(routed.flatMap(({ lines }) => lines).length, 200)
  })
})
