// What `DeliverySink` asks of the store as a sink, one test each. Every test has batch numbers of its own.
import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../../src/model/store-connection.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { AttemptRows } from '../../../src/sinks/clickhouse/attempt-rows.ts'
import { ClickHouseSink } from '../../../src/sinks/clickhouse/clickhouse-sink.ts'
import { rowsOf } from '../../store/temporary-store.ts'
import { blockOf, line } from './line-block.ts'
import type { StoreRig } from './store-rig.ts'

let lastBatch = 100
/** A number that no batch had. */
export const nextBatch = (): number => ++lastBatch
export const storedMs = Date.now()
export const { signal } = new AbortController()
export const fresh = { mayBeThere: false, signal }
export const doubtful = { mayBeThere: true, signal }

/** A sink on the rig's store, and a batch of its own. */
export class Stage {
  readonly rig: StoreRig
  readonly events: string[] = []
  readonly attempts = new AttemptRows()
  readonly sink: ClickHouseSink
  readonly batch: { readonly batch: number; readonly storedMs: number }
  nowMs = storedMs

  constructor(rig: StoreRig, options: { workerNumber?: number; batch?: number } = {}) {
    const { workerNumber = 7, batch = ++lastBatch } = options
    this.rig = rig
    this.batch = { batch, storedMs }
    const folder = join(rig.folder, `spill-${workerNumber}`)
    mkdirSync(folder, { recursive: true })
    const log = { write: (_: unknown, event: string) => this.events.push(event) }
    const parts = { store: rig.store, folder, workerNumber, generation: 0, retentionDays: 1, log }
    this.sink = new ClickHouseSink({ ...parts, nowMs: () => this.nowMs }, this.attempts)
  }

  /** Lines that name their batch. */
  lines(count = 3) {
    const { batch } = this.batch
    const lines = Array.from({ length: count }, (_, i) => line({ position: i, body: `line ${i} of ${batch}` }))
    return this.sink.stageLines(this.batch, blockOf(lines))[0]!
  }

  async bodies(): Promise<string[]> {
    const sql = `SELECT Body FROM otel_logs WHERE endsWith(Body, ' of ${this.batch.batch}') ORDER BY Body`
    return (await rowsOf<{ Body: string }>(this.rig.store, sql)).map(({ Body }) => Body)
  }

  /** Attempts of these request ids, first stored at these times. */
  attemptsAt(firstStored: Readonly<Record<string, number>>) {
    for (const [requestId, firstStoredMs] of Object.entries(firstStored)) {
      const given = {
        position: '',
        revision: 1,
        firstStoredMs,
        priorHours: 0,
        mayKnowLess: false,
        identityWords: new Int32Array(6),
        hasPlatformIds: false,
        lineSpans: [],
      }
      this.attempts.add({ ...emptyAttempt(), requestId }, given)
    }
    return this.sink.stageAttempts(this.batch, this.attempts)[0]!
  }

  async requestIds(): Promise<unknown[]> {
    const sql = `SELECT requestId FROM invocations WHERE endsWith(requestId, '-${this.batch.batch}') ORDER BY 1`
    return (await rowsOf<{ requestId: string }>(this.rig.store, sql)).map(({ requestId }) => requestId)
  }
}

const three = (batch: number): string[] => [0, 1, 2].map(i => `line ${i} of ${batch}`)

export type Obligations = Readonly<Record<string, (rig: StoreRig) => Promise<void>>>

export const obligations: Obligations = {
  'a delivery arrives': async rig => {
    const stage = new Stage(rig)
    await stage.sink.deliver(stage.lines(), fresh)
    assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
  },
  'a delivery that is made twice arrives once': async rig => {
    const stage = new Stage(rig)
    const delivery = stage.lines()
    await stage.sink.deliver(delivery, fresh)
    await stage.sink.deliver(delivery, fresh)
    assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
  },
  'a delivery that may be there and is not arrives': async rig => {
    const stage = new Stage(rig)
    await stage.sink.deliver(stage.lines(), doubtful)
    assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
    assert.deepEqual(stage.events, [])
  },
  'a delivery that may be there and is stays as it is, and is told of': async rig => {
    const stage = new Stage(rig)
    const delivery = stage.lines()
    await stage.sink.deliver(delivery, fresh)
    await stage.sink.deliver(delivery, doubtful)
    assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
    assert.deepEqual(stage.events, ['batchWasThere'])
  },
  'a token that was noted before a kill does not keep the rows out': async rig => {
    const stage = new Stage(rig)
    const delivery = stage.lines()
    await stage.sink.deliver(delivery, fresh)
    const mine = `endsWith(Body, ' of ${stage.batch.batch}')`
    await rig.store.run(`ALTER TABLE log_lines DELETE WHERE ${mine} SETTINGS mutations_sync = 2`)
    assert.deepEqual(await stage.bodies(), [])
    await stage.sink.deliver(delivery, fresh)
    assert.deepEqual(await stage.bodies(), [], 'the token is still known: a plain delivery cannot tell')
    await stage.sink.deliver(delivery, doubtful)
    assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
  },
  'what waited longer than rows are kept is given up, which is said': async rig => {
    const stage = new Stage(rig)
    const delivery = stage.lines()
    stage.nowMs += 86_400_000
    await stage.sink.deliver(delivery, doubtful)
    assert.deepEqual([await stage.bodies(), stage.events], [[], ['batchTooOld']])
    stage.nowMs -= 1
    await stage.sink.deliver(delivery, doubtful)
    assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
  },
  'batches of one number of two workers both arrive': async rig => {
    const one = new Stage(rig, { workerNumber: 1 })
    const { batch } = one.batch
    const other = new Stage(rig, { workerNumber: 0xffff_ffff, batch })
    await one.sink.deliver(one.lines(1), fresh)
    await other.sink.deliver(other.lines(2), fresh)
    assert.deepEqual(await one.bodies(), [`line 0 of ${batch}`, `line 0 of ${batch}`, `line 1 of ${batch}`])
  },
  'as many as the sink allows at the same time': async rig => {
    const stages = Array.from({ length: 2 }, () => new Stage(rig))
    assert.equal(stages[0]?.sink.maxConcurrent, 2)
    await Promise.all(stages.map(stage => stage.sink.deliver(stage.lines(), fresh)))
    for (const stage of stages) assert.deepEqual(await stage.bodies(), three(stage.batch.batch))
  },
  'attempts of two months of which one arrived before a kill': async rig => {
    const stage = new Stage(rig)
    const { batch } = stage.batch
    const delivery = stage.attemptsAt({ [`a-${batch}`]: storedMs, [`b-${batch}`]: storedMs - 31 * 86_400_000 })
    await stage.sink.deliver(delivery, fresh)
    await rig.store.run(`ALTER TABLE attempts DELETE WHERE requestId = 'a-${batch}' SETTINGS mutations_sync = 2`)
    assert.deepEqual(await stage.requestIds(), [`b-${batch}`])
    await stage.sink.deliver(delivery, doubtful)
    assert.deepEqual(await stage.requestIds(), [`a-${batch}`, `b-${batch}`])
  },
  'attempts that newer revisions have replaced meanwhile are no fault': async rig => {
    const stage = new Stage(rig)
    const id = `a-${stage.batch.batch}`
    const delivery = stage.attemptsAt({ [id]: storedMs })
    await stage.sink.deliver(delivery, fresh)
    await rig.store.run(`ALTER TABLE attempts DELETE WHERE requestId = '${id}' SETTINGS mutations_sync = 2`)
    const newer = new Stage(rig)
    newer.attempts.add(
      { ...emptyAttempt(), requestId: id, lines: 9 },
      {
        position: '',
        revision: 2,
        firstStoredMs: storedMs,
        priorHours: 0,
        mayKnowLess: false,
        identityWords: new Int32Array(6),
        hasPlatformIds: false,
        lineSpans: [],
      },
    )
    await newer.sink.deliver(newer.sink.stageAttempts(newer.batch, newer.attempts)[0]!, fresh)
    await stage.sink.deliver(delivery, doubtful)
    assert.deepEqual(await rowsOf(rig.store, `SELECT lines FROM invocations WHERE requestId = '${id}'`), [{ lines: 9 }])
  },
  'owners of lines that waited are told later, and twice is once': async rig => {
    const stage = new Stage(rig)
    const { batch } = stage.batch
    const streamId = batch.toString(16).padStart(16, '0')
    const waiting = line({ streamId, position: 2 ** 40, isWaiting: true, requestId: '', body: `line 0 of ${batch}` })
    await stage.sink.deliver(stage.sink.stageLines(stage.batch, blockOf([waiting]))[0]!, fresh)
    const place: [string, number] = [streamId, 2 ** 40]
    const owner = { place, requestId: 'late', traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }
    const owners = stage.sink.stageOwners(stage.batch, [owner])[0]!
    await stage.sink.deliver(owners, fresh)
    await stage.sink.deliver(owners, doubtful)
    const sql = `SELECT requestId, TraceId, SpanId FROM otel_logs WHERE Body = 'line 0 of ${batch}'`
    assert.deepEqual(await rowsOf(rig.store, sql), [
      { requestId: 'late', TraceId: 'ab'.repeat(16), SpanId: 'cd'.repeat(8) },
    ])
  },
  'a table that is not there: ClickHouse’s own code, on one line': async rig => {
    const stage = new Stage(rig)
    await rig.store.run('RENAME TABLE log_lines TO away')
    try {
      await assert.rejects(stage.sink.deliver(stage.lines(), fresh), (error: unknown) => {
        assert.ok(error instanceof StoreError)
        assert.equal(error.clickhouseCode, 60)
        assert.equal(error.isTransient, false)
        assert.match(error.message, /^[^\n]{1,401}$/)
        return true
      })
    } finally {
      await rig.store.run('RENAME TABLE away TO log_lines')
    }
  },
  'a file that is gone fails, and the next delivery does not': async rig => {
    const stage = new Stage(rig)
    const delivery = stage.lines()
    rmSync(delivery.file)
    await assert.rejects(stage.sink.deliver(delivery, fresh), StoreError)
    assert.deepEqual(await stage.bodies(), [])
    const next = new Stage(rig)
    await next.sink.deliver(next.lines(), fresh)
    assert.deepEqual(await next.bodies(), three(next.batch.batch))
  },
}
