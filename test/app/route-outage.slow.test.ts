// The cluster of the topic goes away while sources go on: nothing is lost, it is told, and a stop does not wait for ever.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { KafkaBroker, noKafka } from '../services/kafka-broker.ts'
import { KafkaTopics } from '../services/kafka-topics.ts'
import { RouteStage } from './route/route-stage.ts'
import { mustBeRouted, readRouted, rowOf } from './route/routed-rows.ts'
import { MetricsPage } from './worker/metrics-page.ts'

const partitions = 2
const waitMs = 60_000

describe('a topic that is away', { skip: noKafka }, () => {
  let source: KafkaBroker
  let goal: KafkaBroker
  let topics: KafkaTopics
  const stage = new RouteStage()
  before(async () => {
    source = await KafkaBroker.start()
    goal = await KafkaBroker.start({ hasOldCoordinator: true })
    topics = await KafkaTopics.open(source.address)
  })
  after(async () => {
    await stage.end()
    await topics?.close()
    await source?.stop()
    await goal?.stop()
  })

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const untilMs = performance.now() + waitMs
    while (!(await holds())) {
      if (performance.now() > untilMs) throw new Error(`never: ${what}\n${stage.said}`)
      await pause(100)
    }
  }

  test('is waited for, and said to be', { timeout: 280_000 }, async () => {
    const topic = await topics.create(partitions)
    const goals = await KafkaTopics.open(goal.address)
    const routed = await goals.create(3)
    await goals.close()
    const rows = new Map(Array.from({ length: partitions }, (_, p) => [`p${p}`, [] as string[]] as const))
    let messages = 0
    const send = async (count: number): Promise<void> => {
      for (const [p, [from, list]] of [...rows].entries()) {
        const more = Array.from({ length: count }, (_, i) => rowOf(from, list.length + i, `fn-${i % 7}`))
        list.push(...more)
        messages += count
        await topics.send(
          topic,
          more.map(value => ({ partition: p, value })),
        )
      }
    }
    const isTold = async (): Promise<boolean> => {
      const told = await topics.committed('routers', topic)
      return told.reduce((sum, offset) => sum + Math.max(0, offset), 0) === messages
    }
    const sections = {
      sources: [
        { type: 'kafka', brokers: [source.address], topics: [topic], groupId: 'routers', sessionTimeoutMs: 6000 },
      ],
      route: { brokers: [goal.address], topic: routed },
    }
    const run = stage.start('outage', sections)
    const metrics = String((await run.event('routeStarted'))['metrics'])
    const isReady = async (): Promise<boolean> => (await fetch(new URL('/readyz', metrics))).ok
    await send(500)
    await until('the first rows are told', isTold)
    assert.ok(await isReady())

    await goal.halt()
    await send(500)
    await run.event('routeTroubled')
    await until('it is not ready', async () => !(await isReady()))
    assert.ok((await fetch(new URL('/healthz', metrics))).ok)
    await goal.comeBack()
    await until('all rows are told', isTold)
    await run.event('routeRecovered')
    assert.ok(await isReady())
    const page = await MetricsPage.read(metrics)
    assert.deepEqual(page.sumsBy('fcscope_records_total', ['source', 'fate']), { 'kafka attached': messages })
    assert.ok(page.sum('fcscope_delivery_total', { sink: 'route', result: 'failed' }) > 0)
    assert.ok(page.sum('fcscope_delivery_total', { sink: 'route', result: 'ok' }) > 0)
    assert.equal(page.sum('fcscope_unaccounted_records'), 0)

    await goal.halt()
    await send(100)
    await pause(2000)
    const beganMs = performance.now()
    assert.deepEqual(await run.stop(), { status: 0, signal: null })
    assert.ok(performance.now() - beganMs < 30_000, 'it stops in time')
    await goal.comeBack()
    const last = stage.start('outage', sections, ['--once'])
    assert.deepEqual(await last.end(), { status: 0, signal: null }, stage.said)
    mustBeRouted(await readRouted(goal.address, routed), rows)
  })
})
