// The verdict on an attempt, line by line of docs/semantics.md §8 and of rule 8 of the outside contract.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge, type Verdict } from '../../src/classify/judge.ts'
import type { AttemptSignals } from '../../src/model/attempt-signals.ts'
import { logged, printed, rowOnly, signalsWith, withoutEnd } from './signals.ts'

const row = (errorType: string | null, hasFunctionError: boolean | null = errorType !== null) => ({
  metrics: { errorType, hasFunctionError },
})
const unhandledRow = row('FunctionUnhandledError')

const typeError = { type: 'TypeError', message: 'x is not a function' }
const processExited = {
  sentence: 'processExited',
  message: 'Process exited unexpectedly before completing request (duration: 43ms, maxMemoryUsage: 65MB)',
  durationMs: 43,
  maxMemoryUsedMB: 65,
} as const
const exitedWithCommand = {
  sentence: 'instanceExited',
  message:
    "Function instance exited unexpectedly(code 1, message:operation not permitted) with start command 'npm run start '. Logs:",
} as const
const healthCheck = {
  sentence: 'healthCheckFailed',
  message: 'Function instance health check failed on port 9001 in 120 seconds.',
} as const
const timedOut = {
  sentence: 'timedOut',
  message: 'Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)',
  durationMs: 30_000,
  maxMemoryUsedMB: 47.28,
} as const

const is = (name: string, changes: Partial<AttemptSignals>, expected: Partial<Verdict>) =>
  test(name, () => {
    const verdict: Partial<Verdict> = judge(signalsWith(changes))
    const named = Object.fromEntries(Object.keys(expected).map(key => [key, verdict[key as keyof Verdict]]))
    assert.deepEqual(named, expected)
  })

const all = (status: Verdict['status'], statusSource: Verdict['statusSource'], errorCode: string | null) => ({
  status,
  statusSource,
  errorCode,
})

// Nothing failed.
is('an End without suffix is ok', {}, all('ok', 'marker', null))
is('an End and a healthy row are ok', row(null, false), all('ok', 'marker', null))
is('an empty errorType of a row is none', row('', false), all('ok', 'marker', null))
is('a healthy row alone is ok', { ...rowOnly, ...row(null, false) }, all('ok', 'metrics', null))
is('lines and a row without an End are ok', { ...withoutEnd, ...row(null, false) }, all('ok', 'metrics', null))
is('a Start alone is incomplete', { ...withoutEnd, lines: 0 }, all('incomplete', null, null))
is('lines without an End are incomplete', withoutEnd, all('incomplete', null, null))

// 1. The row's errorType.
is('row: time-out', row('FunctionTimeoutError'), all('timeout', 'metrics', 'FunctionTimeoutError'))
is('row: out of memory', row('FunctionOOMError'), all('outOfMemory', 'metrics', 'FunctionOOMError'))
is(
  'row: time-out wins over the End',
  { ...row('FunctionTimeoutError'), endOutcome: 'unhandledError' },
  all('timeout', 'metrics', 'FunctionTimeoutError'),
)
is('row: unhandled and nothing else', unhandledRow, all('unhandledError', 'metrics', 'FunctionUnhandledError'))
is('row: failed without a type', row(null, true), all('unhandledError', 'metrics', 'UnhandledInvocationError'))
is(
  'row: unhandled, refined by an End that says handled',
  { ...unhandledRow, endOutcome: 'handledError' },
  all('handledError', 'marker', 'FunctionUnhandledError'),
)
is(
  'row: unhandled, refined by an End that says canceled',
  { ...unhandledRow, endOutcome: 'canceled' },
  all('canceled', 'marker', null),
)
is(
  'row: unhandled, refined by the process sentence',
  { ...withoutEnd, ...unhandledRow, errors: [printed(processExited)] },
  all('processExited', 'message', 'FunctionUnhandledError'),
)
is(
  'row: unhandled, refined by a failed start',
  { ...withoutEnd, ...unhandledRow, errors: [printed(healthCheck)] },
  all('startFailed', 'message', 'FunctionNotStarted'),
)
is(
  'row: unhandled, refined by a handled body',
  { ...unhandledRow, errors: [printed({ type: 'FunctionHandledError', message: 'no' })] },
  all('handledError', 'message', 'FunctionUnhandledError'),
)
is(
  'row: unhandled after a silent End, the logged body gives message and type',
  { ...unhandledRow, errors: [logged(typeError)] },
  { status: 'unhandledError', statusSource: 'metrics', errorType: 'TypeError', errorMessage: 'x is not a function' },
)

// 2. The End's suffix.
is('End: unhandled', { endOutcome: 'unhandledError' }, all('unhandledError', 'marker', 'UnhandledInvocationError'))
is('End: handled', { endOutcome: 'handledError' }, all('handledError', 'marker', 'HandledInvocationError'))
is('End: canceled', { endOutcome: 'canceled' }, all('canceled', 'marker', null))
is(
  'End: unhandled wins over a healthy row',
  { ...row(null, false), endOutcome: 'unhandledError' },
  all('unhandledError', 'marker', 'UnhandledInvocationError'),
)
is(
  'End: unhandled, the logged body explains it',
  { endOutcome: 'unhandledError', errors: [logged(typeError)] },
  { status: 'unhandledError', errorType: 'TypeError', errorMessage: 'x is not a function' },
)
is(
  'End: canceled has no message',
  { endOutcome: 'canceled', errors: [logged(typeError)] },
  { status: 'canceled', errorCode: null, errorType: null, errorMessage: null },
)

// 3. Sentences and bodies after an End that says nothing.
is(
  'End without suffix, body in an application line: caught and logged, ok',
  { errors: [logged(typeError)] },
  { ...all('ok', 'marker', null), errorType: null, errorMessage: null },
)
is(
  'End without suffix, platform sentence in an application line: ok',
  { errors: [logged(processExited)] },
  { ...all('ok', 'marker', null), durationMs: null },
)
is(
  'End without suffix, body printed after it: PHP',
  { errors: [printed({ type: 'Exception', message: 'boom' })] },
  { ...all('unhandledError', 'message', 'UnhandledInvocationError'), errorType: 'Exception', errorMessage: 'boom' },
)
is(
  'End without suffix, a runtime text that decides nothing: ok',
  { errors: [printed({ sentence: 'other', message: 'Dumping stack trace after function timeout' })] },
  all('ok', 'marker', null),
)

// 3. Sentences and bodies without an End; what each of them says is in read-error.test.ts.
is(
  'without an End a logged body counts',
  { ...withoutEnd, errors: [logged(typeError)] },
  all('unhandledError', 'message', 'UnhandledInvocationError'),
)
is(
  'a text that decides nothing leaves it incomplete',
  { ...withoutEnd, errors: [printed({ sentence: 'other', message: 'no initializer handler registered' })] },
  all('incomplete', null, null),
)

// Several signals of one fault are one fault.
is(
  'exception and process sentence: the process went, the exception explains it',
  { ...withoutEnd, errors: [logged(typeError), printed(processExited)] },
  {
    ...all('processExited', 'message', 'ProcessExitedUnexpectedly'),
    errorType: 'TypeError',
    errorMessage: 'x is not a function',
  },
)
is(
  'a time-out ends the process too: it is a time-out, in either order',
  { ...withoutEnd, errors: [printed(timedOut), printed(processExited)] },
  all('timeout', 'message', 'FunctionTimeoutError'),
)
is(
  'a failed start and a body of the same',
  { ...withoutEnd, errors: [printed({ ...exitedWithCommand, code: 'CAExited' }), printed(exitedWithCommand)] },
  all('startFailed', 'message', 'CAExited'),
)
is(
  'of two typed bodies the last explains',
  { endOutcome: 'unhandledError', errors: [logged(typeError), printed({ type: 'RangeError', message: 'deep' })] },
  { errorType: 'RangeError', errorMessage: 'deep' },
)
is(
  'a typed body explains before a later sentence and an untyped body',
  { ...withoutEnd, errors: [printed(typeError), printed({ message: 'plain' }), printed(healthCheck)] },
  { status: 'startFailed', errorType: 'TypeError', errorMessage: 'x is not a function' },
)
is(
  'the console code explains less than the sentence before it',
  {
    ...withoutEnd,
    errors: [printed(healthCheck), printed({ sentence: 'code', code: 'FunctionNotStarted', message: 'Code: …' })],
  },
  { errorMessage: healthCheck.message },
)

// 4. An HTTP status, only where no line and no End exists.
const answered = (httpStatus: number, expected: [Verdict['status'], string | null]) =>
  is(
    `row with ${httpStatus} and nothing else`,
    { ...rowOnly, ...row(null, false), httpStatus },
    { status: expected[0], errorCode: expected[1], statusSource: 'metrics' },
  )
answered(429, ['throttled', 'ResourceExhausted'])
answered(499, ['canceled', null])
answered(500, ['platformError', 'InternalServerError'])
answered(502, ['processExited', 'ProcessExitedUnexpectedly'])
answered(503, ['platformError', 'ResourceThrottled'])
answered(200, ['ok', null])
answered(404, ['ok', null])
is(
  'a 500 of an attempt with an End is the function’s own answer',
  { ...row(null, false), lines: 0, httpStatus: 500 },
  all('ok', 'marker', null),
)
is(
  'a 503 of an attempt with lines is the function’s own answer',
  { ...withoutEnd, ...row(null, false), httpStatus: 503 },
  all('ok', 'metrics', null),
)
is(
  'a 502 with the sentence is processExited by the sentence',
  { ...withoutEnd, ...row(null, false), lines: 1, httpStatus: 502, errors: [printed(processExited)] },
  all('processExited', 'message', 'ProcessExitedUnexpectedly'),
)
is(
  'a row that says unhandled is not read by its HTTP status',
  { ...rowOnly, ...unhandledRow, httpStatus: 502 },
  all('unhandledError', 'metrics', 'FunctionUnhandledError'),
)

// Out of memory, as far as the figures show.
const memory = (name: string, changes: Partial<AttemptSignals>, suspectedOutOfMemory: boolean) =>
  is(`memory: ${name}`, { ...withoutEnd, memoryMB: 512, ...changes }, { suspectedOutOfMemory })
const exit = { errors: [printed({ sentence: 'processExited', message: 'Process exited unexpectedly' })] }
memory('process exited at exactly 1 % of the limit', { ...exit, maxMemoryUsedMB: 506.88 }, true)
memory('process exited just below', { ...exit, maxMemoryUsedMB: 506.87 }, false)
memory('process exited above the limit', { ...exit, maxMemoryUsedMB: 513 }, true)
memory('limit not known', { ...exit, memoryMB: null, maxMemoryUsedMB: 512 }, false)
memory('limit 0', { ...exit, memoryMB: 0, maxMemoryUsedMB: 0 }, false)
memory('time-out at the limit', { ...row('FunctionTimeoutError'), maxMemoryUsedMB: 512 }, true)
memory('502 of a row at the limit', { ...rowOnly, ...row(null, false), httpStatus: 502, maxMemoryUsedMB: 512 }, true)
memory('out of memory needs no suspicion', { ...row('FunctionOOMError'), maxMemoryUsedMB: 512 }, false)
memory('an exception at the limit', { errors: [printed(typeError)], maxMemoryUsedMB: 512 }, false)
memory('peak only in the sentence', { memoryMB: 65, errors: [printed(processExited)] }, true)

// What the sentences say besides.
is(
  'figures of the process sentence',
  { ...withoutEnd, errors: [printed(processExited)] },
  { durationMs: 43, maxMemoryUsedMB: 65, errorType: null, errorMessage: processExited.message },
)
is(
  'figures of the time-out sentence',
  { ...withoutEnd, errors: [printed(timedOut)] },
  { durationMs: 30_000, maxMemoryUsedMB: 47.28 },
)

test('verdicts without trouble are shared and frozen', () => {
  const healthyRow = row(null, false)
  assert.equal(judge(signalsWith()), judge(signalsWith(healthyRow)))
  assert.equal(judge(signalsWith({ ...withoutEnd, ...healthyRow })), judge(signalsWith({ ...rowOnly, ...healthyRow })))
  assert.ok(Object.isFrozen(judge(signalsWith())))
  assert.ok(Object.isFrozen(judge(signalsWith(withoutEnd))))
})
