// Partitions are routed: everything once, in order, whatever fails and whoever has them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Random } from '../../src/lib/random.ts'
import { MemoryGroup } from './partitions/memory-group.ts'
import { MemoryTopic } from './route/memory-topic.ts'
import { Router } from './route/router.ts'

const functions = ['orders', 'mail', 'thumbnails', '支付', 'report']

const rowOf = (name: string, partition: string, serial: number): string =>
  `${JSON.stringify({ __time__: 1, message: `${partition} ${serial}`, functionName: name })}\n`

/** Records of one to four rows each, and the rows of each partition in their order. */
function makeRecords(random: Random, counts: { partitions: number; records: number }) {
  const records = new Map<string, Buffer[]>()
  const rows = new Map<string, string[]>()
  for (let p = 0; p < counts.partitions; p += 1) {
    const partition = `part-${p}`
    const lines: string[] = []
    const list = Array.from({ length: counts.records }, () => {
      const own = Array.from({ length: 1 + random.below(4) }, (_, i) => {
        const name = functions[random.below(functions.length)] ?? ''
        return rowOf(name, partition, lines.length + i)
      })
      lines.push(...own)
      return Buffer.from(own.join(''))
    })
    records.set(partition, list)
    rows.set(partition, lines)
  }
  return { records, rows }
}

/** Every row is there once, rows of a key are in one partition, and those that came from one partition in their order. */
function mustHold(topic: MemoryTopic, rows: ReadonlyMap<string, readonly string[]>): void {
  const all = topic.written.flatMap(({ key, partition, value }) =>
    value.split(/(?<=\n)/).map(line => ({ key, partition, line, from: /"message":"(\S+) /.exec(line)?.[1] ?? '' })),
  )
  assert.equal(new Set(all.map(({ line }) => line)).size, all.length, 'a row twice')
  assert.equal(all.length, [...rows.values()].flat().length, 'rows')
  for (const { key, line } of all) assert.equal(key, `/${JSON.parse(line).functionName}`)
  for (const key of new Set(all.map(each => each.key))) {
    const ofKey = all.filter(each => each.key === key)
    assert.equal(new Set(ofKey.map(({ partition }) => partition)).size, 1, `${key} is in several partitions`)
    for (const [partition, wanted] of rows) {
      const got = ofKey.filter(({ from }) => from === partition).map(({ line }) => line)
      assert.deepEqual(
        got,
        wanted.filter(line => key === `/${JSON.parse(line).functionName}`),
      )
    }
  }
}

/** So long this may take on a busy machine. */
async function until(what: string, holds: () => boolean): Promise<void> {
  const untilMs = performance.now() + 60_000
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`never: ${what}`)
    await pause(2)
  }
}

function stage(seed: number, counts = { partitions: 4, records: 300 }) {
  const random = new Random(seed)
  const { records, rows } = makeRecords(random, counts)
  const group = new MemoryGroup(records)
  group.visible = counts.records
  const topic = new MemoryTopic(random)
  return { random, rows, group, topic, records }
}

test('everything that is there, with --once', async () => {
  const { group, topic, rows } = stage(1)
  const router = new Router({ group, topic, once: true })
  assert.equal(await router.ended, true)
  mustHold(topic, rows)
  assert.equal(router.records, [...rows.values()].flat().length)
  assert.ok(group.isDone, 'the group was told')
})

test('what comes later goes out within the time that it may wait', async () => {
  const { group, topic, rows, records } = stage(2)
  group.visible = 0
  const router = new Router({ group, topic })
  for (const visible of [1, 2, 150, 300]) {
    group.visible = visible
    router.wake()
    const wanted = [...records.values()].flatMap(list => list.slice(0, visible)).join('')
    await until(`${visible} records`, () => topic.written.map(({ value }) => value).join('').length === wanted.length)
  }
  router.stop()
  assert.equal(await router.ended, true)
  mustHold(topic, rows)
})

test('no more is read than may wait, while nobody answers', async () => {
  const { group, topic, rows } = stage(3, { partitions: 4, records: 2000 })
  const router = new Router({ group, topic, maxBufferedBytes: 10_000, once: true })
  await until('something is written', () => topic.written.length > 0)
  topic.isAway = true
  await until('it is full', () => router.peakBytes >= 10_000)
  await pause(50)
  // A chunk holds 50 records of up to four rows.
  assert.ok(router.peakBytes < 10_000 + 50 * 4 * 100, `${router.peakBytes} bytes`)
  topic.isAway = false
  assert.equal(await router.ended, true)
  mustHold(topic, rows)
})

test('told to stop while nobody answers at the end of the input', async () => {
  const { group, topic } = stage(6)
  const router = new Router({ group, topic, maxBufferedBytes: 10_000_000, once: true, stopWaitMs: 20 })
  await until('something is written', () => topic.written.length > 0)
  topic.isAway = true
  await until('everything was read', () => router.source.isDone())
  // So that the loop has seen it too.
  await pause(100)
  router.stop()
  assert.equal(await router.ended, false)
})

test('what cannot be kept as a dead letter holds everything up', async () => {
  const { group, topic, records } = stage(4)
  const long = records.get('part-1')?.[7]
  const size = Math.max(
    ...[...records.values()].flat().flatMap(each =>
      each
        .toString()
        .split('\n')
        .map(({ length }) => length),
    ),
  )
  assert.ok(long !== undefined)
  records.get('part-1')?.splice(7, 1, Buffer.from(rowOf('orders', 'x'.repeat(size), 0)))
  let mayBury = false
  const router = new Router({ group, topic, once: true, maxLineBytes: size + 20, mayBury: () => mayBury })
  await pause(30)
  assert.equal(topic.written.length, 0)
  mayBury = true
  assert.equal(await router.ended, true)
  assert.equal(router.letters.length, 1)
  assert.ok(group.isDone, 'its record is done with')
})

test('a partition that is given up is brought to its end first', async () => {
  const { group, topic, rows } = stage(5)
  const first = new Router({ group, topic })
  await until('something is written', () => topic.written.length > 0)
  const second = new Router({ group, topic })
  await until('all is delivered', () => group.isDone)
  for (const router of [first, second]) router.stop()
  assert.deepEqual(await Promise.all([first.ended, second.ended]), [true, true])
  mustHold(topic, rows)
  assert.ok(first.saw('routePartitionsGivenUp').length > 0)
  assert.equal(topic.fenced, 0)
})

for (let seed = 10; seed < 30; seed += 1) {
  test(`failures, kills, and routers that do not know that they are out: seed ${seed}`, async t => {
    const { random, group, topic, rows } = stage(seed, { partitions: 4, records: 400 })
    topic.faults = 0.1
    group.visible = 0
    const routers: Router[] = [new Router({ group, topic }), new Router({ group, topic })]
    for (let round = 1; round <= 12; round += 1) {
      group.visible = Math.floor((400 * round) / 12)
      for (const router of routers) router.wake()
      await pause(random.below(25))
      const router = routers[random.below(routers.length)]
      if (router === undefined || (await isOver(router))) continue
      if (random.float() < 0.5) router.kill()
      else router.expel()
      routers.push(new Router({ group, topic }))
    }
    const last = new Router({ group, topic })
    routers.push(last)
    await until('all is delivered', () => group.isDone)
    for (const router of routers) router.stop()
    await Promise.all(routers.map(({ ended }) => ended))
    mustHold(topic, rows)
    t.diagnostic(`${routers.length} routers, ${topic.failed} failures, ${topic.fenced} shut out`)
  })
}

const isOver = (router: Router): Promise<boolean> =>
  Promise.race([router.ended.then(() => true), Promise.resolve(false)])
