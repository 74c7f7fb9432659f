// Attempts and lines in the store's views are what `reconstruct` says of them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type Attempt,
  attemptFlags,
  closers,
  sourcedFields,
  statuses,
  valueSources,
} from '../../../src/model/attempt.ts'
import { causeCodes } from '../../../src/model/cause.ts'
import { levelNames } from '../../../src/model/level.ts'
import { timeSources } from '../../../src/model/line-block.ts'
import { phases } from '../../../src/model/record-kind.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { AttemptJsonWriter } from '../../../src/sinks/stdout/attempt-json.ts'
import { rowsOf, withoutChdb } from '../../store/temporary-store.ts'
import { blockOf, line, lineKinds } from './line-block.ts'
import { fresh, Stage } from './sink-obligations.ts'
import { type StoreRig, storeRigs } from './store-rig.ts'

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 70 }))
const name = fc.option(fc.oneof(fc.constantFrom('f', 'g'), text))
const figure = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0))
const count = fc.oneof(fc.nat(9), fc.integer({ min: 0, max: 4_294_967_295 }))
const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
const time = fc.option(fc.integer({ min: -2_208_988_800_000, max: 10_413_791_999_999 }))

const cause = fc.record({
  code: fc.constantFrom(...causeCodes),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }).map(value => value + 0),
  evidence: fc.array(text, { maxLength: 3 }),
  remedy: text,
  docs: text,
})

const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    names: fc.record({
      functionName: name,
      serviceName: name,
      qualifier: name,
      versionId: name,
      instanceID: name,
      invocationType: name,
      triggerType: name,
      resourceMode: name,
      errorCode: name,
      errorType: name,
      errorMessage: name,
      httpMethod: name,
      httpPath: name,
      parentSpanId: fc.option(hex(16)),
    }),
    figures: fc.record({
      durationMs: figure,
      billedMs: figure,
      memoryMB: figure,
      maxMemoryUsedMB: figure,
      coldStartMs: figure,
      prepareCodeMs: figure,
      runtimeInitMs: figure,
      initializeMs: figure,
      scheduleMs: figure,
    }),
    rest: fc.record({
      attempt: count,
      phase: fc.constantFrom(...phases),
      status: fc.constantFrom(...statuses),
      httpStatus: fc.option(fc.integer({ min: 0, max: 65_535 })),
      startTimeMs: time,
      endTimeMs: time,
      durationUncertaintyMs: fc.constantFrom(0, 1000),
      coldStart: fc.option(fc.boolean()),
      linesAfterEnd: count,
      levels: fc.record(
        Object.fromEntries(levelNames.map(level => [level, count])) as Record<
          (typeof levelNames)[number],
          typeof count
        >,
      ),
      traceId: hex(32),
      spanId: hex(16),
      closedBy: fc.constantFrom(...closers),
      flags: fc.subarray([...attemptFlags]),
      causes: fc.array(cause, { maxLength: 3 }),
      sources: fc.dictionary(fc.constantFrom(...sourcedFields), fc.constantFrom(...valueSources)),
    }),
  })
  .map(({ names, figures, rest }) => ({ ...emptyAttempt(), ...names, ...figures, ...rest }))

/** What `reconstruct` prints. */
function printed(one: Attempt): Record<string, unknown> {
  const writer = new AttemptJsonWriter()
  writer.write(one)
  return JSON.parse(writer.json.bytes.toString('utf8', 0, writer.json.length))
}

describe('what is stored', { skip: withoutChdb }, () => {
  let rig: StoreRig
  before(async () => {
    rig = await storeRigs['an embedded store']!()
  })
  after(() => rig.close())

  async function stored(attempts: readonly Attempt[]): Promise<Record<string, unknown>[]> {
    const stage = new Stage(rig)
    for (const [index, one] of attempts.entries()) {
      // Without a request id it is the position that tells attempts apart.
      const origin = {
        position: `p-${index}`,
        revision: one.revision,
        firstStoredMs: stage.batch.storedMs,
        mayKnowLess: false,
        priorHours: 0,
      }
      stage.attempts.add(one, { ...origin, identityWords: new Int32Array(6), hasPlatformIds: true, lineSpans: [] })
    }
    await stage.sink.deliver(stage.sink.stageAttempts(stage.batch, stage.attempts)[0]!, fresh)
    const rows = await rowsOf(rig.store, 'SELECT * FROM invocations ORDER BY lines')
    await rig.store.run('TRUNCATE TABLE attempts')
    return rows
  }

  test('attempts are what reconstruct prints', async () => {
    const property = fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 12 }), async attempts => {
      const given = attempts.map((one, index) => ({
        ...one,
        requestId: index % 3 === 0 ? null : `r-${index}`,
        revision: index + 1,
        lines: index,
      }))
      assert.deepEqual(await stored(given), given.map(printed))
    })
    await fc.assert(property, { numRuns: 15 })
  })

  const limits: [name: string, put: Partial<Attempt>, said: Record<string, unknown>][] = [
    ['times before 1900', { startTimeMs: -2_208_988_800_001 }, { startTime: null }],
    ['times after 2299', { endTimeMs: 10_413_792_000_000 }, { endTime: null }],
    ['an HTTP status beyond 16 bits', { httpStatus: 65_536 }, { httpStatus: null }],
    ['an HTTP status that is no number', { httpStatus: Number.NaN }, { httpStatus: null }],
    ['half a surrogate pair', { errorMessage: 'a\ud800' }, { errorMessage: 'a\ufffd' }],
  ]
  for (const [what, put, said] of limits) {
    test(`what no column holds: ${what}`, async () => {
      const [row = {}] = await stored([{ ...emptyAttempt(), ...put }])
      assert.deepEqual(Object.fromEntries(Object.keys(said).map(key => [key, row[key]])), said)
    })
  }

  test('ids that were derived, as words', async () => {
    const stage = new Stage(rig)
    const identityWords = Int32Array.from([0x33221100, 0x77665544, -1, 1, 0x03020100, 0x07060504])
    const origin = { position: '', revision: 1, firstStoredMs: stage.batch.storedMs, priorHours: 0, mayKnowLess: false }
    stage.attempts.add(
      { ...emptyAttempt(), requestId: 'words' },
      { ...origin, identityWords, hasPlatformIds: false, lineSpans: [] },
    )
    await stage.sink.deliver(stage.sink.stageAttempts(stage.batch, stage.attempts)[0]!, fresh)
    assert.deepEqual(
      await rowsOf(rig.store, "SELECT traceId, spanId, parentSpanId FROM invocations WHERE requestId = 'words'"),
      [{ traceId: '0011223344556677ffffffff01000000', spanId: '0001020304050607', parentSpanId: null }],
    )
  })

  test('the newest revision is shown, whatever the order of coming; a withdrawn attempt is not', async () => {
    const give = async (lines: number, revision: number): Promise<void> => {
      const stage = new Stage(rig)
      const origin = { position: '', revision, firstStoredMs: stage.batch.storedMs, priorHours: 0, mayKnowLess: false }
      if (lines < 0) stage.attempts.withdraw({ requestId: 'revised', phase: 'invoke', attempt: 0, ...origin })
      else
        stage.attempts.add(
          { ...emptyAttempt(), requestId: 'revised', lines, revision },
          { ...origin, identityWords: new Int32Array(6), hasPlatformIds: true, lineSpans: [] },
        )
      await stage.sink.deliver(stage.sink.stageAttempts(stage.batch, stage.attempts)[0]!, fresh)
    }
    const shown = async (): Promise<unknown[]> =>
      (await rowsOf(rig.store, "SELECT lines FROM invocations WHERE requestId = 'revised'")).map(row => row['lines'])
    await give(1, 1)
    await give(3, 3)
    await give(2, 2)
    assert.deepEqual(await shown(), [3])
    await rig.store.run('OPTIMIZE TABLE attempts FINAL')
    assert.deepEqual(await shown(), [3])
    await give(-1, 4)
    assert.deepEqual(await shown(), [])
    await give(5, 5)
    assert.deepEqual(await shown(), [5])
  })

  test('what may know less counts where there is nothing', async () => {
    const give = async (lines: number, how: { revision: number; mayKnowLess: boolean }): Promise<void> => {
      const stage = new Stage(rig)
      const origin = {
        position: '',
        firstStoredMs: stage.batch.storedMs,
        priorHours: 0,
        identityWords: new Int32Array(6),
        hasPlatformIds: true,
        lineSpans: [],
        ...how,
      }
      for (const requestId of ['known', `of ${lines} lines`])
        stage.attempts.add({ ...emptyAttempt(), requestId, lines, revision: how.revision }, origin)
      await stage.sink.deliver(stage.sink.stageAttempts(stage.batch, stage.attempts)[0]!, fresh)
    }
    await give(5, { revision: 1, mayKnowLess: false })
    await give(2, { revision: 7, mayKnowLess: true })
    const sql =
      "SELECT requestId, lines FROM invocations WHERE requestId LIKE 'of %' OR requestId = 'known' ORDER BY requestId"
    assert.deepEqual(await rowsOf(rig.store, sql), [
      { requestId: 'known', lines: 5 },
      { requestId: 'of 2 lines', lines: 2 },
      { requestId: 'of 5 lines', lines: 5 },
    ])
  })

  const anyLine = fc
    .record({
      time: fc.integer({ min: -2_208_988_800_000, max: 9_214_646_399_999 }),
      timeSource: fc.constantFrom(...timeSources),
      kind: fc.constantFrom(...lineKinds),
      level: fc.constantFrom(...levelNames),
      severityText: text,
      body: text,
      requestId: text,
      traceId: hex(32),
      spanId: hex(16),
      functionName: name,
      instanceID: name,
      streamId: fc.constantFrom('00000000000000a1', '00000000000000b2'),
      position: fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
    })
    .map(line)

  const severityNumbers = { fatal: 21, error: 17, warn: 13, info: 9, debug: 5, trace: 1, other: 0 } as const
  const orNothing = (id: string): string => (/^0+$/.test(id) ? '' : id)

  test('lines are what was collected', async () => {
    const property = fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 12 }), async lines => {
      const stage = new Stage(rig)
      // Rows are told apart by what is not looked at otherwise.
      const given = lines.map((one, index) => ({ ...one, label: one.streamId, severityText: `${index}` }))
      await stage.sink.deliver(stage.sink.stageLines(stage.batch, blockOf(given))[0]!, fresh)
      const fields =
        'Timestamp, TraceId, SpanId, SeverityText, SeverityNumber, ServiceName, Body, requestId, functionName, instanceID, level, kind, timeSource, stream, toString(position) AS position'
      const rows = await rowsOf(rig.store, `SELECT ${fields} FROM otel_logs ORDER BY toUInt32(SeverityText)`)
      await rig.store.run('TRUNCATE TABLE log_lines')
      assert.deepEqual(
        rows,
        given.map(one => ({
          Timestamp: new Date(one.time).toISOString().replace('Z', '000000Z'),
          TraceId: orNothing(one.traceId),
          SpanId: orNothing(one.spanId),
          SeverityText: one.severityText,
          SeverityNumber: severityNumbers[one.level],
          ServiceName: one.functionName ?? '',
          Body: one.body,
          requestId: one.requestId,
          functionName: one.functionName ?? '',
          instanceID: one.instanceID ?? '',
          level: one.level === 'other' ? null : one.level,
          kind: one.kind,
          timeSource: one.timeSource === 'none' ? null : one.timeSource,
          stream: one.streamId,
          position: String(one.position),
        })),
      )
    })
    await fc.assert(property, { numRuns: 15 })
  })

  test('a line of 4 MiB', async () => {
    const stage = new Stage(rig)
    const body = `${'x'.repeat(4 * 1024 * 1024 - 2)}é`
    await stage.sink.deliver(stage.sink.stageLines(stage.batch, blockOf([line({ body }), line()]))[0]!, fresh)
    const rows = await rowsOf(rig.store, 'SELECT Body FROM otel_logs ORDER BY length(Body) DESC')
    assert.deepEqual(rows, [{ Body: body }, { Body: 'hello' }])
  })
})
