// Attempts of which most have spans, with everything that can stand in them.
import fc from 'fast-check'
import { deriveSpanId, deriveTraceId } from '../../../src/lib/trace-id.ts'
import { type Attempt, type AttemptFlag, statuses } from '../../../src/model/attempt.ts'
import { errorLevels } from '../../../src/model/error-line.ts'
import { phases } from '../../../src/model/record-kind.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom('x'.repeat(63), 'x'.repeat(65), 'x'.repeat(130), '字'.repeat(5000), '😀'.repeat(4097)),
)
const name = fc.option(fc.oneof(fc.constantFrom('f', 'g', ''), text))
const hex = (digits: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter(id => /[1-9a-f]/.test(id))
const length = fc.option(
  fc.oneof(
    fc.nat(100_000).map(hundredths => hundredths / 100),
    fc.double({ min: 0, max: 4e9, noNaN: true }).map(value => value + 0),
    fc.constantFrom(0, -1, 0.0000005),
  ),
  { freq: 8 },
)
const startTimeMs = fc.option(
  fc.oneof(
    fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
    fc.constantFrom(0, 8_999_999_999, 9_000_000_000, 9_219_999_999_999, 9_220_000_000_000),
  ),
  { freq: 8 },
)

const errorLine = fc.record({
  timeMs: fc.option(startTimeMs.filter(ms => ms !== null)),
  level: fc.constantFrom(...errorLevels),
  text,
})

const attemptParts = fc.record({
  attempt: fc.constantFrom(0, 0, 1, 2, 70_000),
  phase: fc.constantFrom(...phases),
  functionName: name,
  serviceName: name,
  qualifier: name,
  versionId: name,
  instanceID: name,
  triggerType: fc.option(fc.constantFrom('http', 'timer', 'oss', 'mns_topic', 'kafka', 'somethingNew', '')),
  errorCode: name,
  errorType: name,
  errorMessage: name,
  errorStack: name,
  errorLines: fc.array(errorLine, { maxLength: 3 }),
  errors: fc.constantFrom(0, 3, 300),
  httpMethod: name,
  httpPath: fc.option(fc.constantFrom('/a', '/a?token=secret', '?x', '')),
  httpStatus: fc.option(fc.constantFrom(200, 502, 65_536)),
  durationMs: length,
  memoryMB: fc.option(fc.constantFrom(128, 512, 1536.5)),
  coldStart: fc.option(fc.boolean(), { freq: 8 }),
  coldStartMs: length,
  prepareCodeMs: length,
  runtimeInitMs: length,
  initializeMs: length,
  scheduleMs: length,
  status: fc.constantFrom(...statuses),
  startTimeMs,
  durationUncertaintyMs: fc.constantFrom(0, 1000),
  flags: fc.constantFrom<AttemptFlag[]>([], ['retried'], ['metricsOnly'], ['retried', 'metricsOnly']),
  causes: fc.constantFrom([], [{ code: 'unknown' as const, confidence: 1, evidence: [], remedy: '', docs: '' }]),
  given: fc.option(fc.record({ traceId: hex(32), spanId: hex(16), parentSpanId: fc.option(hex(16)) })),
})

/** Attempts of different requests, with ids that follow from the identity, or with others. */
export const attemptsWithSpans = (length: { minLength: number; maxLength: number }): fc.Arbitrary<Attempt[]> =>
  fc.array(attemptParts, length).map(list =>
    list.map(({ given, errors, ...rest }, index) => {
      const requestId = `1-6612a1c0-${index}`
      const traceId = deriveTraceId(requestId)
      const spanId = deriveSpanId(requestId, { phase: phases.indexOf(rest.phase), attempt: rest.attempt })
      const levels = { ...emptyAttempt().levels, error: errors }
      return { ...emptyAttempt(), ...rest, levels, requestId, ...(given ?? { traceId, spanId, parentSpanId: null }) }
    }),
  )
