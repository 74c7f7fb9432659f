// The view `otel_traces` shows the spans that are sent: the same ones, with everything they carry.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Attempt } from '../../../src/model/attempt.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { SpanBatch } from '../../../src/sinks/otlp/span-batch.ts'
import { rowsOf, withoutChdb } from '../../store/temporary-store.ts'
import { fresh, Stage } from '../clickhouse/sink-obligations.ts'
import { type StoreRig, storeRigs } from '../clickhouse/store-rig.ts'
import { attemptsWithSpans } from './arbitrary-attempt.ts'
import { decodeRequest, type SeenSpan } from './official-spans.ts'

const sent = (attempts: readonly Attempt[]): readonly SeenSpan[] => {
  const batch = new SpanBatch({ withErrorLines: true })
  for (const one of attempts) batch.add(one, null)
  return batch.requests(1024 ** 2).flatMap(({ bytes }) => decodeRequest(bytes))
}

const kinds: Record<string, string> = { SPAN_KIND_SERVER: 'Server', SPAN_KIND_INTERNAL: 'Internal' }
const statuses: Record<string, string> = {
  STATUS_CODE_UNSET: 'Unset',
  STATUS_CODE_OK: 'Ok',
  STATUS_CODE_ERROR: 'Error',
}

/** A span as a row of the OpenTelemetry exporter's table. */
const rowOf = (span: SeenSpan): Record<string, unknown> => ({
  startNs: span.startNs,
  TraceId: span.traceId,
  SpanId: span.spanId,
  ParentSpanId: span.parentSpanId,
  TraceState: '',
  SpanName: span.name,
  SpanKind: kinds[span.kind],
  ServiceName: span.resource['service.name'],
  ResourceAttributes: span.resource,
  ScopeName: span.scope,
  ScopeVersion: '',
  SpanAttributes: span.attributes,
  Duration: String(BigInt(span.endNs) - BigInt(span.startNs)),
  StatusCode: statuses[span.status],
  StatusMessage: span.statusMessage,
  eventNs: span.events.map(({ timeNs }) => timeNs),
  'Events.Name': span.events.map(event => event.name),
  'Events.Attributes': span.events.map(event => event.attributes),
  'Links.TraceId': span.links.map(({ traceId }) => traceId),
  'Links.SpanId': span.links.map(({ spanId }) => spanId),
  'Links.TraceState': span.links.map(() => ''),
  'Links.Attributes': span.links.map(() => ({})),
})

const sql = `SELECT toString(toUnixTimestamp64Nano(Timestamp)) AS startNs, * EXCEPT (Timestamp, Duration, \`Events.Timestamp\`),
  toString(Duration) AS Duration,
  arrayMap(time -> toString(toUnixTimestamp64Nano(time)), \`Events.Timestamp\`) AS eventNs
FROM otel_traces`

const byId = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  rows.toSorted((a, b) => (`${a['TraceId']}${a['SpanId']}` < `${b['TraceId']}${b['SpanId']}` ? -1 : 1))

describe('the view of spans', { skip: withoutChdb }, () => {
  let rig: StoreRig
  before(async () => {
    rig = await storeRigs['an embedded store']!()
  })
  after(() => rig.close())

  async function store(attempts: readonly Attempt[]): Promise<void> {
    const stage = new Stage(rig)
    for (const one of attempts) {
      const origin = {
        position: '',
        revision: 1,
        firstStoredMs: stage.batch.storedMs,
        priorHours: 0,
        mayKnowLess: false,
      }
      stage.attempts.add(one, { ...origin, identityWords: new Int32Array(6), hasPlatformIds: true, lineSpans: [] })
    }
    await stage.sink.deliver(stage.sink.stageAttempts(stage.batch, stage.attempts)[0]!, fresh)
  }

  async function shown(attempts: readonly Attempt[]): Promise<Record<string, unknown>[]> {
    await store(attempts)
    const rows = await rowsOf(rig.store, sql)
    await rig.store.run('TRUNCATE TABLE attempts')
    return rows
  }

  test('a trace is found by the index', async () => {
    await store([{ ...emptyAttempt(), requestId: 'indexed' }])
    const plan = await rig.store.query({
      sql: "EXPLAIN indexes = 1 SELECT SpanName FROM otel_traces WHERE TraceId = '0af7651916cd43dd8448eb211c80319c'",
    })
    assert.match(plan.toString('utf8'), /traceIdIndex/)
    await rig.store.run('TRUNCATE TABLE attempts')
  })

  test('the spans of any attempts', async () => {
    let spans = 0
    let links = 0
    const property = fc.asyncProperty(attemptsWithSpans({ minLength: 20, maxLength: 60 }), async attempts => {
      const expected = sent(attempts)
      spans += expected.length
      links += expected.reduce((sum, span) => sum + span.links.length, 0)
      assert.deepEqual(byId(await shown(attempts)), byId(expected.map(rowOf)))
    })
    await fc.assert(property, { numRuns: 15, endOnFailure: true })
    assert.ok(spans > 500 && links > 10, `only ${spans} spans and ${links} links`)
  })
})
