import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, type TestContext, test } from 'node:test'
import type { Delivery, DeliverySink } from '../../../src/model/delivery.ts'
import { DeliveryQueue } from '../../../src/sinks/shared/delivery-queue.ts'
import type { LogFields } from '../../../src/telemetry/log.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-queue-'))
after(() => rmSync(folder, { recursive: true }))
beforeEach(t => (t as TestContext).mock.timers.enable({ apis: ['setTimeout', 'Date'] }))

/** Promises that are settled have their say. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

interface Visit {
  readonly delivery: Delivery
  readonly mayBeThere: boolean
  readonly signal: AbortSignal
  ok(): Promise<void>
  fail(why?: string): Promise<void>
}

/** A sink whose deliveries a test ends by hand. */
class HandSink implements DeliverySink {
  readonly name: string
  readonly maxConcurrent: number
  readonly visits: Visit[] = []

  constructor(maxConcurrent = 1, name = 'store') {
    this.name = name
    this.maxConcurrent = maxConcurrent
  }

  deliver(delivery: Delivery, { mayBeThere, signal }: { mayBeThere: boolean; signal: AbortSignal }): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const ok = (): Promise<void> => {
      resolve()
      return turn()
    }
    const fail = (why = 'down'): Promise<void> => {
      reject(new Error(why))
      return turn()
    }
    signal.addEventListener('abort', () => reject(new Error('aborted')))
    this.visits.push({ delivery, mayBeThere, signal, ok, fail })
    return promise
  }

  /** Batches of all visits so far. */
  get batches(): number[] {
    return this.visits.map(({ delivery }) => delivery.batch)
  }

  get last(): Visit {
    return this.visits.at(-1)!
  }
}

/** A queue with what it told; waits have their full length unless `random` says so. */
class Rig {
  readonly sink: HandSink
  readonly queue: DeliveryQueue
  readonly delivered: number[] = []
  readonly tries: { ok: boolean; seconds: number }[] = []
  readonly events: [string, LogFields][] = []
  changes = 0

  constructor(options: { maxConcurrent?: number; maxBytes?: number; random?: () => number; name?: string } = {}) {
    this.sink = new HandSink(options.maxConcurrent, options.name)
    this.queue = new DeliveryQueue({
      sink: this.sink,
      maxBytes: options.maxBytes ?? 1000,
      onDelivered: ({ batch, file }) => {
        assert.ok(existsSync(file), 'it is noted before the file goes')
        this.delivered.push(batch)
      },
      onTry: result => this.tries.push(result),
      log: { write: (_, event, __, fields = {}) => this.events.push([event, fields]) },
      nowMs: () => Date.now(),
      random: options.random ?? (() => 1),
    })
  }

  add(batch: number, options: { mayBeThere?: boolean; bytes?: number } = {}): Delivery {
    const file = join(folder, `${this.sink.name}-${batch}`)
    writeFileSync(file, '')
    const { bytes = 10, mayBeThere = false } = options
    const delivery = { sink: this.sink.name, batch, part: 'lines', file, rows: 1, bytes, storedMs: 0 }
    this.queue.add([delivery], { mayBeThere })
    return delivery
  }

  named(event: string): LogFields[] {
    return this.events.filter(([name]) => name === event).map(([, fields]) => fields)
  }
}

test('files go out one after the other, oldest first, and are removed when they are there', async () => {
  const rig = new Rig()
  const files = [1, 2, 3].map(batch => rig.add(batch).file)
  assert.deepEqual([rig.sink.batches, rig.queue.bytes, rig.queue.isEmpty], [[1], 30, false])
  await rig.sink.last.ok()
  assert.deepEqual([rig.sink.batches, rig.delivered, rig.queue.bytes], [[1, 2], [1], 20])
  await rig.sink.last.ok()
  await rig.sink.last.ok()
  assert.deepEqual([rig.delivered, rig.queue.bytes, rig.queue.isEmpty], [[1, 2, 3], 0, true])
  assert.deepEqual(files.map(existsSync), [false, false, false])
  assert.deepEqual(rig.events, [])
})

test('as many at a time as the sink takes', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3, 4]) rig.add(batch)
  assert.deepEqual(rig.sink.batches, [1, 2])
  await rig.sink.visits[1]!.ok()
  assert.deepEqual(rig.sink.batches, [1, 2, 3])
  await rig.sink.visits[0]!.ok()
  assert.deepEqual(rig.sink.batches, [1, 2, 3, 4])
  for (const visit of rig.sink.visits) await visit.ok()
  assert.deepEqual(rig.delivered, [2, 1, 3, 4])
})

test('a failed file is tried again, later each time, up to half a minute', async t => {
  const rig = new Rig()
  const delivery = rig.add(1)
  const waits: number[] = []
  for (let tries = 1; tries <= 10; tries++) {
    await rig.sink.last.fail('no route')
    const { nextTryMs } = rig.named('deliveryFailed').at(-1)!
    waits.push(Number(nextTryMs))
    t.mock.timers.tick(Number(nextTryMs) - 1)
    await turn()
    assert.equal(rig.sink.visits.length, tries)
    t.mock.timers.tick(1)
    await turn()
    assert.equal(rig.sink.visits.length, tries + 1)
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  assert.ok(existsSync(delivery.file))
  assert.deepEqual(
    rig.sink.visits.map(({ mayBeThere }) => mayBeThere),
    [false, ...Array(10).fill(true)],
    'a failed try may have reached its goal',
  )
  assert.deepEqual(rig.named('deliveryFailed')[0], {
    sink: 'store',
    tries: 1,
    nextTryMs: 250,
    waitingBytes: 10,
    reason: 'no route',
  })
  await rig.sink.last.ok()
  assert.deepEqual(rig.named('deliveryRecovered'), [
    { sink: 'store', afterMs: waits.reduce((sum, ms) => sum + ms), waitingBytes: 0 },
  ])
  // Another failure begins with short waits again.
  rig.add(2)
  await rig.sink.last.fail()
  assert.equal(rig.named('deliveryFailed').at(-1)?.['nextTryMs'], 250)
})

test('waits are spread by chance, between half and all of their length', async t => {
  for (const [random, waitMs] of [
    [0, 125],
    [0.5, 188],
    [0.999, 250],
  ] as const) {
    const rig = new Rig({ random: () => random })
    rig.add(1)
    await rig.sink.last.fail()
    assert.equal(rig.named('deliveryFailed')[0]?.['nextTryMs'], waitMs)
    t.mock.timers.tick(waitMs)
    await turn()
    assert.equal(rig.sink.visits.length, 2)
  }
})

test('a sink that is down is tried by one, and those behind wait', async t => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3]) rig.add(batch)
  await rig.sink.visits[0]!.fail()
  await rig.sink.visits[1]!.fail()
  assert.deepEqual(rig.sink.batches, [1, 2])
  rig.add(4)
  assert.deepEqual(rig.sink.batches, [1, 2])
  t.mock.timers.tick(500)
  await turn()
  assert.deepEqual(rig.sink.batches, [1, 2, 1], 'the oldest, alone')
  await rig.sink.last.ok()
  assert.deepEqual(rig.sink.batches, [1, 2, 1, 2, 3], 'well again: as many as it takes')
  assert.deepEqual(
    rig.sink.visits.slice(3).map(({ mayBeThere }) => mayBeThere),
    [true, false],
  )
})

test('one that succeeds while another waits ends the failing, and none is lost', async t => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3]) rig.add(batch)
  await rig.sink.visits[0]!.fail()
  assert.equal(rig.queue.isFailing, true)
  await rig.sink.visits[1]!.ok()
  assert.equal(rig.queue.isFailing, false)
  for (let step = 0; step < 4; step++) {
    for (const visit of rig.sink.visits) await visit.ok()
    t.mock.timers.tick(1000)
    await turn()
  }
  assert.deepEqual(rig.delivered.toSorted(), [1, 2, 3])
  assert.equal(rig.queue.isEmpty, true)
})

test('a sink that is well has room for a few files, one that is down for so many bytes', async () => {
  const rig = new Rig({ maxBytes: 100 })
  const room: boolean[] = []
  for (let batch = 1; batch <= 6; batch++) {
    room.push(rig.queue.hasRoom)
    rig.add(batch)
  }
  assert.deepEqual([room, rig.queue.hasRoom], [Array(6).fill(true), false])
  await rig.sink.last.fail()
  assert.equal(rig.queue.hasRoom, true)
  rig.add(7, { bytes: 39 })
  assert.equal(rig.queue.hasRoom, true)
  rig.add(8, { bytes: 1 })
  assert.deepEqual([rig.queue.hasRoom, rig.queue.hasRoom], [false, false])
  assert.deepEqual(rig.named('spillFull'), [{ sink: 'store', waitingBytes: 100, maxBytes: 100 }], 'told once')
})

test('changes are told: a file that arrived, a try that failed', async () => {
  const rig = new Rig()
  rig.add(1)
  const first = rig.queue.changed()
  await rig.sink.last.fail()
  await first
  const second = rig.queue.changed()
  assert.notEqual(first, second)
  rig.queue.retryNow()
  await turn()
  await rig.sink.last.ok()
  await second
})

test('since when it fails is known, until it does not', async t => {
  const rig = new Rig()
  assert.equal(rig.queue.failingSinceMs, null)
  rig.add(1)
  t.mock.timers.tick(70)
  await rig.sink.last.fail()
  t.mock.timers.tick(250)
  await turn()
  await rig.sink.last.fail()
  assert.equal(rig.queue.failingSinceMs, 70)
  rig.queue.retryNow()
  await turn()
  await rig.sink.last.ok()
  assert.equal(rig.queue.failingSinceMs, null)
})

test('every try is counted with its time', async t => {
  const rig = new Rig()
  rig.add(1)
  t.mock.timers.tick(1500)
  await rig.sink.last.fail()
  t.mock.timers.tick(250)
  await turn()
  t.mock.timers.tick(20)
  await rig.sink.last.ok()
  assert.deepEqual(rig.tries, [
    { ok: false, seconds: 1.5 },
    { ok: true, seconds: 0.02 },
  ])
})

test('files of an earlier run may be there', async () => {
  const rig = new Rig()
  rig.add(1, { mayBeThere: true })
  assert.equal(rig.sink.last.mayBeThere, true)
})

test('a sink that is down holds up nobody else', async () => {
  const [dead, alive] = [new Rig({ name: 'dead' }), new Rig({ name: 'alive' })]
  for (const rig of [dead, alive]) for (const batch of [1, 2]) rig.add(batch)
  await dead.sink.last.fail()
  await alive.sink.last.ok()
  await alive.sink.last.ok()
  assert.deepEqual([dead.delivered, alive.delivered], [[], [1, 2]])
})

test('stop: what is under way is told, nothing more is tried, and the files stay', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  const files = [1, 2, 3].map(batch => rig.add(batch).file)
  const stopping = rig.queue.stop()
  assert.deepEqual(
    rig.sink.visits.map(({ signal }) => signal.aborted),
    [true, true],
  )
  await stopping
  await rig.queue.stop()
  assert.deepEqual([rig.sink.batches, rig.delivered], [[1, 2], []])
  assert.deepEqual(files.map(existsSync), [true, true, true])
  assert.deepEqual(rig.named('deliveryFailed'), [], 'a stop is no fault')
  rig.add(4)
  await turn()
  assert.deepEqual(rig.sink.batches, [1, 2])
})

test('stop while a file arrives: the others stay', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3, 4]) rig.add(batch)
  const [first] = rig.sink.visits
  // Said before the sink hears of the stop.
  const arriving = first!.ok()
  const stopping = rig.queue.stop()
  await arriving
  await stopping
  assert.deepEqual([rig.delivered, rig.sink.batches], [[1], [1, 2]])
})

test('stop while it waits to try again', async () => {
  const rig = new Rig()
  rig.add(1)
  await rig.sink.last.fail()
  await rig.queue.stop()
  assert.deepEqual(rig.sink.batches, [1])
})
