// What must hold for signals of any content: the texts in them may come from anybody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Confidence } from '../../src/classify/cause-rule.ts'
import { findCauses } from '../../src/classify/find-causes.ts'
import { judge, type Verdict } from '../../src/classify/judge.ts'
import type { AttemptSignals } from '../../src/model/attempt-signals.ts'
import { sentences } from '../../src/model/error-detail.ts'
import { outcomes } from '../../src/model/outcome.ts'
import { phases } from '../../src/model/record-kind.ts'

/** Pieces that rules look for, so that random texts meet them often. */
const pieces = [
  'Function instance exited unexpectedly(code 127, message:key has expired)',
  'Function instance exited unexpectedly(code 1',
  " with start command '/code/bootstrap '. Logs:",
  " with start command 'npm run start '. Logs:",
  'Function instance health check failed on port 9000 in 120 seconds.',
  "The CA's http server cannot be started:",
  'Ping CA failed due to: dial tcp 21.0.5.7:9000: getsockopt: connection refused',
  'Logs : ',
  'Listening on port 8080',
  'http://127.0.0.1:9000',
  'exec format error',
  'ELF',
  'bash\\r’: No such file or directory',
  'bash\r: not found',
  'permission denied',
  'the file /code/bootstrap is not exist',
  'Process exited unexpectedly before completing request',
  'TypeError: x',
  'SyntaxError: y',
  'JSON',
  "No module named 'z'",
  'heap out of memory',
  'Killed',
  'ECONNREFUSED',
  'SystemExit',
  'manifest unknown',
  'payload size exceeds',
  'ResourceExhausted',
  'Reserve resource exceeded limit',
  'x'.repeat(400),
  '😀'.repeat(200),
  '\n',
  '\r',
  ' ',
  '__proto__',
]
const anyText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary', maxLength: 20 })), {
    maxLength: 6,
  })
  .map(parts => parts.join(''))
const anyCode = fc.constantFrom(
  null,
  'CAExited',
  'CAFilePermission',
  'CAFileNotFound',
  'FunctionNotStarted',
  'BadResponse',
  'ResourceExhausted',
  'ResourceThrottled',
  'InternalServerError',
  'ImagePullFailed',
  '__proto__',
  '',
)
const anyFigure = fc.option(fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true })), { nil: null })
const anyError = fc.record({
  detail: fc.record({
    code: anyCode,
    type: fc.option(fc.oneof(anyText, fc.constantFrom('Error', 'ImportModuleError', 'SyntaxError')), { nil: null }),
    message: anyText,
    stack: fc.option(anyText, { nil: null }),
    sentence: fc.constantFrom(null, ...sentences),
    durationMs: anyFigure,
    maxMemoryUsedMB: anyFigure,
  }),
  inAppLine: fc.boolean(),
})
const anySignals: fc.Arbitrary<AttemptSignals> = fc.record({
  phase: fc.constantFrom(...phases),
  hasStart: fc.boolean(),
  hasEnd: fc.boolean(),
  endOutcome: fc.constantFrom(null, ...outcomes),
  metrics: fc.option(
    fc.record({
      hasFunctionError: fc.constantFrom(null, true, false),
      errorType: fc.constantFrom(
        null,
        '',
        'FunctionOOMError',
        'FunctionTimeoutError',
        'FunctionUnhandledError',
        '__proto__',
      ),
    }),
    { nil: null },
  ),
  httpMethod: fc.constantFrom(null, 'GET', 'POST', 'patch', '', 'X'.repeat(99)),
  httpStatus: fc.constantFrom(null, 200, 429, 499, 500, 502, 503),
  errors: fc.array(anyError, { maxLength: 8 }),
  troubleLines: fc.array(anyText, { maxLength: 8 }),
  lines: fc.nat(20),
  durationMs: anyFigure,
  memoryMB: anyFigure,
  maxMemoryUsedMB: anyFigure,
  timeoutMs: anyFigure,
  idleBeforeMs: anyFigure,
})

test('causes are ranked, explained and grounded, whatever the signals', () => {
  const confidences = new Set<number>(Object.values(Confidence))
  fc.assert(
    fc.property(anySignals, signals => {
      const verdict = judge(signals)
      const causes = findCauses(signals, verdict, 'en')
      assert.equal(causes.length === 0, verdict.status === 'ok')
      assert.equal(new Set(causes.map(cause => cause.code)).size, causes.length)
      let last = 1
      for (const { confidence, evidence } of causes) {
        assert.ok(confidences.has(confidence) && confidence <= last)
        last = confidence
        assert.ok(evidence.length > 0)
        for (const piece of evidence) assert.ok(isGrounded(piece, { signals, verdict }), JSON.stringify(piece))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('judging twice gives the same, and nothing is changed', () => {
  fc.assert(
    fc.property(anySignals, signals => {
      const before = structuredClone(signals)
      const verdict = judge(signals)
      assert.deepEqual(findCauses(signals, verdict, 'zh'), findCauses(signals, judge(signals), 'zh'))
      assert.deepEqual(structuredClone(signals), before)
    }),
    { numRuns: 200 },
  )
})

test('long hostile texts are searched in bounded time', () => {
  const hostile = [
    'image ',
    'listening ',
    'bootstrap exec ',
    "$'",
    'the file ',
    'a.b:',
    '\r',
    'Logs:',
    'Function instance exited unexpectedly(code 1 ',
  ]
  for (const piece of hostile) {
    const message = piece.repeat(1_000_000 / piece.length)
    const signals: AttemptSignals = {
      ...(fc.sample(anySignals, { seed: 1, numRuns: 1 })[0] ?? assert.fail()),
      hasEnd: false,
      endOutcome: null,
      metrics: null,
      errors: Array.from({ length: 8 }, () => ({
        detail: {
          code: null,
          type: null,
          message,
          stack: message,
          sentence: 'healthCheckFailed',
          durationMs: null,
          maxMemoryUsedMB: null,
        } as const,
        inAppLine: false,
      })),
      troubleLines: Array.from({ length: 8 }, () => message.slice(0, 1000)),
    }
    const startedAt = performance.now()
    findCauses(signals, judge(signals), 'en')
    const tookMs = performance.now() - startedAt
    assert.ok(tookMs < 2_000, `${JSON.stringify(piece)}: ${tookMs} ms`)
  }
})

/** True when a piece of evidence is quoted from the signals or gives one of their figures. */
function isGrounded(piece: string, { signals, verdict }: { signals: AttemptSignals; verdict: Verdict }): boolean {
  const texts = signals.errors.flatMap(({ detail }) => [detail.message, detail.type ?? '', detail.stack ?? ''])
  if (piece.length <= 300 && piece !== '' && [...texts, ...signals.troubleLines].some(text => text.includes(piece)))
    return true
  const peakMB = signals.maxMemoryUsedMB ?? verdict.maxMemoryUsedMB
  const durationMs = signals.durationMs ?? verdict.durationMs
  const idleSeconds = Math.round((signals.idleBeforeMs ?? Number.NaN) / 100) / 10
  const method = signals.httpMethod?.slice(0, 16)
  const figures: unknown[] = [
    `maxMemoryUsedMB ${peakMB}`,
    `maxMemoryUsedMB ${peakMB} of ${signals.memoryMB}`,
    `duration ${durationMs} ms`,
    `duration ${durationMs} ms of timeout ${signals.timeoutMs} ms`,
    `idle ${idleSeconds} s before this request`,
    `idle ${idleSeconds} s before this ${method} request`,
    `method ${method}`,
    `statusCode ${signals.httpStatus}`,
    `errorType ${signals.metrics?.errorType}`,
    `End outcome ${signals.endOutcome}`,
    ...signals.errors.map(({ detail }) => `errorCode ${detail.code}`),
    ...(signals.metrics?.hasFunctionError === true ? ['hasFunctionError true'] : []),
    ...(signals.hasStart && !signals.hasEnd ? ['Start without an End'] : []),
    `lines ${signals.lines}`,
  ]
  return figures.includes(piece) && !/\b(?:null|undefined|NaN)\b/.test(piece)
}
