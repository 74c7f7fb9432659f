// What the store as a sink owes lines that were stored before the ids of their attempt were known.
import assert from 'node:assert/strict'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { rowsOf } from '../../store/temporary-store.ts'
import { blockOf, line } from './line-block.ts'
import { doubtful, fresh, nextBatch, type Obligations, Stage, storedMs } from './sink-obligations.ts'

export const lineIdObligations: Obligations = {
  'lines get the ids that the platform gave their attempt, also those with an owner told late, and twice is once':
    async rig => {
      const stage = new Stage(rig)
      const { batch } = stage.batch
      const requestId = `it's ${batch}`
      const streamId = batch.toString(16).padStart(16, '0')
      const traceId = 'ab'.repeat(16)
      const spanId = '11'.repeat(8)
      const own = { streamId, requestId, traceId, spanId }
      const lines = [
        line({ ...own, position: 1, body: `line 0 of ${batch}` }),
        line({ ...own, position: 2, spanId: '22'.repeat(8), body: `line 1 of ${batch}` }),
        line({ ...own, position: 3, requestId: 'other', body: `line 2 of ${batch}` }),
        line({ ...own, position: 4, requestId: '', isWaiting: true, body: `line 3 of ${batch}` }),
      ]
      await stage.sink.deliver(stage.sink.stageLines(stage.batch, blockOf(lines))[0]!, fresh)
      const owners = stage.sink.stageOwners(stage.batch, [{ place: [streamId, 4], requestId, traceId, spanId }])
      await stage.sink.deliver(owners[0]!, fresh)
      const platform = { traceId: 'cd'.repeat(16), spanId: 'ef'.repeat(8), parentSpanId: '33'.repeat(8) }
      const origin = { position: '', revision: 1, firstStoredMs: storedMs, priorHours: 0, mayKnowLess: false }
      const identityWords = new Int32Array(6).fill(0x11111111)
      const attempt = { ...emptyAttempt(), requestId, ...platform, startTimeMs: storedMs - 1000 }
      const lineSpans = [0x11111111, 0x11111111]
      stage.attempts.add(attempt, { ...origin, identityWords, hasPlatformIds: true, lineSpans })
      const [ids] = stage.sink.stageIds(stage.batch, stage.attempts)
      assert.ok(ids !== undefined && stage.sink.comesBehindOthers(ids))
      const sql = `SELECT TraceId, SpanId FROM otel_logs WHERE endsWith(Body, ' of ${batch}') ORDER BY Body`
      const before = await rowsOf(rig.store, sql)
      for (const options of [fresh, doubtful]) {
        await stage.sink.deliver(ids, options)
        const given = { TraceId: platform.traceId, SpanId: platform.spanId }
        assert.deepEqual(await rowsOf(rig.store, sql), [given, before[1], before[2], given])
        const found = `SELECT count() AS found FROM otel_logs WHERE TraceId = '${platform.traceId}' AND requestId = '${requestId.replace("'", "\\'")}'`
        assert.deepEqual(await rowsOf(rig.store, found), [{ found: 2 }])
      }
    },
  'two attempts that changed numbers: their lines change ids, and do not change back': async rig => {
    const stage = new Stage(rig)
    const { batch } = stage.batch
    const requestId = `swapped ${batch}`
    const streamId = batch.toString(16).padStart(16, '0')
    const spans = ['11'.repeat(8), '22'.repeat(8)] as const
    const lines = spans.map((spanId, at) =>
      line({ streamId, requestId, spanId, position: at, body: `line ${at} of ${batch}` }),
    )
    await stage.sink.deliver(stage.sink.stageLines(stage.batch, blockOf(lines))[0]!, fresh)
    const origin = { position: '', revision: 1, firstStoredMs: storedMs, priorHours: 0, mayKnowLess: false }
    for (const [attempt, own, other] of [
      [0, 0x11111111, 0x22222222],
      [1, 0x22222222, 0x11111111],
    ] as const) {
      const identityWords = new Int32Array(6).fill(own)
      const spanId = spans[attempt]
      const lineSpans = [other, other]
      const how = { identityWords, hasPlatformIds: false, lineSpans }
      stage.attempts.add({ ...emptyAttempt(), requestId, attempt, spanId }, { ...origin, ...how })
    }
    const [ids] = stage.sink.stageIds(stage.batch, stage.attempts)
    assert.ok(ids !== undefined)
    for (const options of [fresh, doubtful]) {
      await stage.sink.deliver(ids, options)
      const sql = `SELECT SpanId FROM otel_logs WHERE endsWith(Body, ' of ${batch}') ORDER BY Body`
      assert.deepEqual(await rowsOf(rig.store, sql), [{ SpanId: spans[1] }, { SpanId: spans[0] }])
    }
  },
  'more lines than one statement can tell': async rig => {
    const stage = new Stage(rig)
    const { batch } = stage.batch
    const count = 4000
    const streamId = batch.toString(16).padStart(16, '0')
    const ofNumber = (at: number): { requestId: string; words: [number, number]; hex: string } => {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32LE(batch, 0)
      bytes.writeUInt32LE(at + 1, 4)
      // Whatever is printed as an id stands in the statement.
      return { requestId: `"it's" \\ ${batch}-${at}`, words: [batch, at + 1], hex: bytes.toString('hex') }
    }
    const all = Array.from({ length: count }, (_, at) => ofNumber(at))
    const lines = all.map(({ requestId, hex }, position) =>
      line({ streamId, requestId, spanId: hex, position, body: `line of ${batch}` }),
    )
    await stage.sink.deliver(stage.sink.stageLines(stage.batch, blockOf(lines))[0]!, fresh)
    const origin = { position: '', revision: 1, firstStoredMs: storedMs, priorHours: 0, mayKnowLess: false }
    for (const { requestId, words, hex } of all) {
      const ids = { traceId: 'cd'.repeat(16), spanId: `ee${hex.slice(2)}` }
      const how = { identityWords: new Int32Array(6), hasPlatformIds: true, lineSpans: words }
      stage.attempts.add({ ...emptyAttempt(), requestId, ...ids }, { ...origin, ...how })
    }
    await stage.sink.deliver(stage.sink.stageIds(stage.batch, stage.attempts)[0]!, fresh)
    const sql = `SELECT count() AS n, countIf(startsWith(SpanId, 'ee')) AS told, uniqExact(SpanId) AS spans
      FROM otel_logs WHERE Body = 'line of ${batch}' AND TraceId = '${'cd'.repeat(16)}'`
    assert.deepEqual(await rowsOf(rig.store, sql), [{ n: count, told: count, spans: count }])
    assert.deepEqual(stage.events, [])
  },
  'a store that takes no updates of rows: lines keep their ids, which is said once': async rig => {
    const stage = new Stage(rig)
    const of = (requestId: string) => ({ ...emptyAttempt(), requestId })
    const origin = { position: '', revision: 1, firstStoredMs: storedMs, priorHours: 0, mayKnowLess: false }
    for (const batch of [stage.batch, { ...stage.batch, batch: nextBatch() }]) {
      stage.attempts.clear()
      const how = { identityWords: new Int32Array(6), hasPlatformIds: false, lineSpans: [1, 2] }
      stage.attempts.add(of('r'), { ...origin, ...how })
      const [ids] = stage.sink.stageIds(batch, stage.attempts)
      assert.ok(ids !== undefined)
      await rig.store.run('RENAME TABLE line_owners TO away')
      await rig.store.run(
        'CREATE TABLE line_owners (requestId String, TraceId String, SpanId String, storedAt DateTime64(3)) ENGINE = Log',
      )
      try {
        await stage.sink.deliver(ids, fresh)
      } finally {
        await rig.store.run('DROP TABLE line_owners')
        await rig.store.run('RENAME TABLE away TO line_owners')
      }
    }
    assert.deepEqual(stage.events, ['lineIdsKept'])
  },
}
