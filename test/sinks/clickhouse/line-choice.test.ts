// Lines that the store has already stay out, on every kind of store: as many as it has, and no more.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { BackfillLines } from '../../../src/app/backfill/backfill-lines.ts'
import { EdgeRequests } from '../../../src/app/backfill/edge-requests.ts'
import { AttemptRows } from '../../../src/sinks/clickhouse/attempt-rows.ts'
import { ClickHouseSink } from '../../../src/sinks/clickhouse/clickhouse-sink.ts'
import { rowsOf } from '../../store/temporary-store.ts'
import { inEveryStore } from './in-every-store.ts'
import { blockOf, line, type PlainLine } from './line-block.ts'
import { doubtful, fresh } from './sink-obligations.ts'
import type { StoreRig } from './store-rig.ts'

const storedMs = Date.now()
let workers = 1000

/** A sink of a run of its own: lines of `own` are those of its range, those of `beside` are not to be stored. */
class Run {
  readonly own = `00000000000000${(++workers).toString(16).slice(-2)}`
  readonly beside = `10000000000000${workers.toString(16).slice(-2)}`
  readonly events: string[] = []
  readonly sink: ClickHouseSink
  readonly #rig: StoreRig
  #batch = 0

  constructor(rig: StoreRig, options: { chooses: boolean }) {
    this.#rig = rig
    const folder = join(rig.folder, `run-${workers}`)
    mkdirSync(folder)
    const streams = new Map([
      [this.own, 'within' as const],
      [this.beside, 'behind' as const],
    ])
    const lineChoice = new BackfillLines(streams, new EdgeRequests())
    this.sink = new ClickHouseSink(
      {
        store: rig.store,
        folder,
        workerNumber: workers,
        generation: 0,
        retentionDays: 1,
        nowMs: () => storedMs,
        log: { write: (_, event) => this.events.push(event) },
        ...(options.chooses && { lineChoice }),
      },
      new AttemptRows(),
    )
  }

  stage(lines: readonly Partial<PlainLine>[]) {
    const batch = { batch: ++this.#batch, storedMs }
    const block = blockOf(lines.map((says, position) => line({ streamId: this.own, position, ...says })))
    return this.sink.stageLines(batch, block)
  }

  async store(lines: readonly Partial<PlainLine>[], options = fresh): Promise<void> {
    for (const delivery of this.stage(lines)) await this.sink.deliver(delivery, options)
  }

  /** Bodies of one function, with how many there are of each. */
  async counts(functionName: string): Promise<Record<string, number>> {
    const sql = `SELECT Body, count() AS n FROM otel_logs WHERE functionName = '${functionName}' GROUP BY Body ORDER BY Body`
    const rows = await rowsOf<{ Body: string; n: number }>(this.#rig.store, sql)
    return Object.fromEntries(rows.map(({ Body, n }) => [Body, n]))
  }
}

const noon = Date.UTC(2026, 0, 15, 12)

inEveryStore(rigOf => {
  const says = (functionName: string, ...bodies: readonly string[]): Partial<PlainLine>[] =>
    bodies.map(body => ({ functionName, body }))

  test('what is there stays out, what is not goes in, and a second run changes nothing', async () => {
    await new Run(rigOf(), { chooses: false }).store(says('half', 'a', 'c'))
    const first = new Run(rigOf(), { chooses: true })
    await first.store(says('half', 'a', 'b', 'c', 'd'))
    assert.deepEqual(await first.counts('half'), { a: 1, b: 1, c: 1, d: 1 })
    const second = new Run(rigOf(), { chooses: true })
    await second.store(says('half', 'a', 'b', 'c', 'd'))
    assert.deepEqual(await second.counts('half'), { a: 1, b: 1, c: 1, d: 1 })
  })

  test('equal lines go in as far as some are missing, also over several batches', async () => {
    await new Run(rigOf(), { chooses: false }).store(says('equal', 'x', 'x', 'y'))
    const run = new Run(rigOf(), { chooses: true })
    await run.store(says('equal', 'x', 'y'))
    assert.deepEqual(await run.counts('equal'), { x: 2, y: 1 })
    await run.store(says('equal', 'x', 'z'))
    assert.deepEqual(await run.counts('equal'), { x: 2, y: 1, z: 1 })
    await run.store(says('equal', 'x', 'x', 'z'))
    assert.deepEqual(await run.counts('equal'), { x: 4, y: 1, z: 2 })
  })

  test('only time, function, instance and text make lines equal', async () => {
    await new Run(rigOf(), { chooses: false }).store([{ functionName: 'told', body: 'x', requestId: '' }])
    const run = new Run(rigOf(), { chooses: true })
    await run.store([
      { functionName: 'told', body: 'x', requestId: 'r-9', level: 'error', severityText: 'ERR' },
      { functionName: 'told', body: 'x', time: noon + 1 },
      { functionName: 'told', body: 'x', instanceID: 'c-2' },
      { functionName: 'told', body: 'x ' },
      { functionName: 'told-2', body: 'x' },
    ])
    assert.deepEqual(await run.counts('told'), { x: 3, 'x ': 1 })
    assert.deepEqual(await run.counts('told-2'), { x: 1 })
  })

  const times: [what: string, ms: number][] = [
    ['1900', -2_208_988_800_000],
    ['before 1970', -1],
    ['1970', 0],
    ['the last second of DateTime', 4_294_967_295_999],
    ['behind it', 4_294_967_296_000],
    ['2261', 9_214_646_399_999],
  ]
  test('whatever time a program prints', async () => {
    const odd = times.map(([body, time]) => ({ functionName: 'odd', body, time }))
    await new Run(rigOf(), { chooses: false }).store(odd)
    const run = new Run(rigOf(), { chooses: true })
    await run.store([...odd, { functionName: 'odd', body: 'new' }])
    assert.deepEqual(await run.counts('odd'), Object.fromEntries([...times.map(([body]) => [body, 1]), ['new', 1]]))
  })

  test('lines beside the range count, and stay out', async () => {
    const run = new Run(rigOf(), { chooses: true })
    const { beside } = run
    await run.store([{ functionName: 'edge', body: 'x', streamId: beside }])
    assert.deepEqual(await run.counts('edge'), {})
    await new Run(rigOf(), { chooses: false }).store(says('edge', 'x'))
    await run.store([
      { functionName: 'edge', body: 'x' },
      { functionName: 'edge', body: 'y', streamId: beside },
    ])
    assert.deepEqual(await run.counts('edge'), { x: 2 })
  })

  test('a delivery of which a part was stored is made again: nothing changes', async () => {
    await new Run(rigOf(), { chooses: false }).store(says('again', 'a'))
    const run = new Run(rigOf(), { chooses: true })
    const [delivery] = run.stage(says('again', 'a', 'b'))
    assert.ok(delivery !== undefined)
    for (const options of [fresh, doubtful, doubtful]) {
      await run.sink.deliver(delivery, options)
      assert.deepEqual(await run.counts('again'), { a: 1, b: 1 })
    }
    assert.deepEqual(run.events, ['batchWasThere', 'batchWasThere'])
  })

  test('a delivery of which nothing is new', async () => {
    await new Run(rigOf(), { chooses: false }).store(says('none', 'a'))
    const run = new Run(rigOf(), { chooses: true })
    await run.store(says('none', 'a'))
    await run.store(says('none', 'a', 'b'), doubtful)
    assert.deepEqual(await run.counts('none'), { a: 2, b: 1 })
  })

  test('a batch that is written again counts its lines once', async () => {
    await new Run(rigOf(), { chooses: false }).store(says('twice', 'a'))
    const run = new Run(rigOf(), { chooses: true })
    const lines = blockOf([line({ functionName: 'twice', body: 'a', streamId: run.own })])
    const choice = new BackfillLines(new Map([[run.own, 'within']]), new EdgeRequests())
    assert.deepEqual([...choice.choose(1, lines).copies], [1])
    assert.deepEqual([...choice.choose(1, lines).copies], [1])
    assert.deepEqual([...choice.choose(2, lines).copies], [2])
  })

  test('many lines at once', async () => {
    const many = Array.from({ length: 70_000 }, (_, i) => ({
      functionName: 'many',
      body: `line ${i}`,
      time: noon + i,
    }))
    await new Run(rigOf(), { chooses: false }).store(many.filter((_, i) => i % 2 === 0))
    const run = new Run(rigOf(), { chooses: true })
    await run.store(many)
    const [row] = await rowsOf<{ n: number; texts: number }>(
      rigOf().store,
      "SELECT count() AS n, uniqExact(Body) AS texts FROM log_lines WHERE functionName = 'many'",
    )
    assert.deepEqual(row, { n: 70_000, texts: 70_000 })
    const [parts] = await rowsOf<{ n: number }>(
      rigOf().store,
      `SELECT uniqExact(_block_number) AS n FROM log_lines WHERE streamId = '${run.own}'`,
    )
    assert.deepEqual(parts, { n: 1 }, 'one block')
  })
})
