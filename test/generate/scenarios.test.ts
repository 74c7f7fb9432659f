// Tiny scenarios, their records and their truth written out by hand: what the generator knows must be what the rules say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startFailureDetail } from '../../src/generate/failures.ts'
import { Job } from '../../src/generate/job.ts'
import type { MetricsFields } from '../../src/generate/metrics-fields.ts'
import type { TrueAttempt } from '../../src/generate/truth.ts'
import { instanceID, noon, stageOf } from './stage.ts'

const row: MetricsFields = {
  requestId: 'a',
  invocationType: 'Sync',
  triggerType: null,
  startMs: noon,
  durationMs: 20.2,
  memoryMB: 512,
  memoryUsageMB: 40,
  isColdStart: false,
  hasFunctionError: false,
  errorType: null,
  retryCount: null,
  scheduleLatencyMs: 1,
  coldStartLatencyMs: null,
  prepareCodeLatencyMs: null,
  runtimeInitializationMs: null,
  initializationMs: null,
  http: null,
  traceContext: null,
}

/** The fields of a truth that the scenario is about. */
const pick = <K extends keyof TrueAttempt>(attempt: TrueAttempt | undefined, ...keys: K[]): unknown[] =>
  keys.map(key => attempt?.[key])

test('text: one warm invocation with its summary', () => {
  const stage = stageOf('text')
  const script = stage.script('a')
  script.marker('invoke', 'Start')
  script.log('info', 'hello')
  script.plain('printed')
  script.marker('invoke', 'End')
  script.add('text', '')
  const figures = { durationMs: 20.5, billedMs: 21, memoryMB: 128, maxMemoryUsedMB: 9 }
  script.add('summary', 'Duration: 20.50 ms, Billed Duration: 21 ms, Memory Size: 128 MB, Max Memory Used: 9.00 MB', {
    figures,
  })
  const { lines, truth, ledger } = stage.see()
  assert.deepEqual(lines, [
    'FC Invoke Start RequestId: a',
    '2025-01-15T12:00:00.000Z a [INFO] hello',
    'printed',
    'FC Invoke End RequestId: a',
    '',
    'Duration: 20.50 ms, Billed Duration: 21 ms, Memory Size: 128 MB, Max Memory Used: 9.00 MB',
  ])
  assert.equal(truth.length, 1)
  assert.deepEqual(pick(truth[0], 'requestId', 'attempt', 'status', 'lines', 'linesAfterEnd', 'closedBy', 'flags'), [
    'a',
    0,
    'ok',
    2,
    0,
    'end',
    [],
  ])
  assert.deepEqual(
    pick(truth[0], 'startTimeMs', 'endTimeMs', 'durationMs', 'billedMs', 'memoryMB', 'maxMemoryUsedMB', 'coldStart'),
    [null, null, 20.5, 21, 128, 9, null],
  )
  assert.deepEqual(truth[0]?.sources, {
    status: 'marker',
    durationMs: 'summary',
    billedMs: 'summary',
    memoryMB: 'summary',
    maxMemoryUsedMB: 'summary',
  })
  assert.deepEqual([ledger.received, ledger.attached, ledger.ignored, ledger.unattached], [6, 5, 1, 0])
})

test('text: with two open, a line without an id belongs to nobody and its frames neither; frames of a line with an id to its attempt', () => {
  const stage = stageOf('text')
  const a = stage.script('a')
  const b = stage.script('b')
  a.marker('invoke', 'Start')
  b.marker('invoke', 'Start')
  a.plain('whose?')
  a.plain('  at nowhere')
  b.log('error', 'broken\n  at work')
  a.marker('invoke', 'End')
  b.plain('mine')
  b.marker('invoke', 'End', { outcome: 'unhandledError' })
  const { truth, ledger } = stage.see()
  const byId = new Map(truth.map(attempt => [attempt.requestId, attempt]))
  assert.deepEqual(pick(byId.get('a'), 'status', 'lines'), ['ok', 0])
  assert.deepEqual(pick(byId.get('b'), 'status', 'errorCode', 'lines', 'levels'), [
    'unhandledError',
    'UnhandledInvocationError',
    3,
    { fatal: 0, error: 1, warn: 0, info: 0, debug: 0, trace: 0, other: 2 },
  ])
  assert.deepEqual([ledger.attached, ledger.unattached], [7, 2])
})

test('text: a second Start of an ended request is a retry, one of an open request a copy', () => {
  const stage = stageOf('text')
  const script = stage.script('a')
  script.marker('invoke', 'Start')
  script.marker('invoke', 'Start', { text: 'FC Invoke Start RequestId:a' })
  script.marker('invoke', 'End', { outcome: 'unhandledError' })
  script.marker('invoke', 'Start')
  script.marker('invoke', 'End')
  const { truth, ledger } = stage.see()
  assert.deepEqual(
    truth.map(attempt => pick(attempt, 'attempt', 'status', 'flags')),
    [
      [0, 'unhandledError', ['duplicateMarkers', 'retried']],
      [1, 'ok', ['retried']],
    ],
  )
  assert.equal(ledger.duplicate, 1)
})

test('sls: a cold start, and the row that knows better than the whole seconds of records', () => {
  const stage = stageOf('sls')
  const init = stage.script('i', noon)
  init.marker('initialize', 'Start')
  init.marker('initialize', 'End')
  const script = stage.script('a', noon + 900)
  script.marker('invoke', 'Start')
  script.advance(200)
  script.marker('invoke', 'End')
  script.metrics({
    ...row,
    startMs: noon + 900,
    durationMs: 199.31,
    isColdStart: true,
    coldStartLatencyMs: 800.5,
    errorType: null,
  })
  const { lines, truth } = stage.see()
  assert.equal(
    lines[0],
    `{"__time__":"1736942400","__topic__":"FCLogs:f","__source__":"","functionName":"f","qualifier":"LATEST","versionId":"","instanceID":"${instanceID}","message":"FC Initialize Start RequestId: i"}`,
  )
  assert.deepEqual(
    truth.map(attempt =>
      pick(
        attempt,
        'phase',
        'durationMs',
        'durationUncertaintyMs',
        'billedMs',
        'coldStart',
        'coldStartMs',
        'initializeMs',
      ),
    ),
    [
      ['initialize', 0, 1000, 0, null, null, null],
      ['invoke', 199.31, 0, 200, true, 800.5, null],
    ],
  )
  assert.deepEqual(pick(truth[1], 'startTimeMs', 'endTimeMs', 'instanceID', 'functionName', 'versionId', 'closedBy'), [
    noon + 900,
    noon + 1099,
    instanceID,
    'f',
    null,
    'end',
  ])
})

test('sls: a line that waited goes to the attempt that rows leave over', () => {
  const stage = stageOf('sls')
  const a = stage.script('a', noon)
  const b = stage.script('b', noon + 5000)
  a.marker('invoke', 'Start')
  b.marker('invoke', 'Start')
  b.plain('of b, because a is over by now')
  b.marker('invoke', 'End')
  a.metrics(row)
  const { truth, ledger } = stage.see()
  const byId = new Map(truth.map(attempt => [attempt.requestId, attempt]))
  assert.deepEqual(pick(byId.get('a'), 'status', 'lines', 'closedBy', 'flags'), ['ok', 0, 'metrics', ['missingEnd']])
  assert.deepEqual(pick(byId.get('b'), 'status', 'lines', 'closedBy', 'flags'), ['ok', 1, 'end', []])
  assert.equal(ledger.unattached, 0)
})

test('sls: a failed start belongs to the row whose time covers it', () => {
  const failure = {
    code: 'CAFileNotFound',
    message: 'The function cannot be started. gone',
    sentence: 'cannotBeStarted',
    cause: 'bootstrapMissing',
  } as const
  const stage = stageOf('sls')
  const script = stage.script('a', noon)
  script.body('errorJson', '{"ErrorCode":"CAFileNotFound","ErrorMessage":"The function cannot be started. gone"}', {
    error: startFailureDetail(failure),
    cause: failure.cause,
  })
  script.metrics({ ...row, hasFunctionError: true, errorType: 'FunctionUnhandledError' })
  const far = stage.script('b', noon + 60_000)
  far.body('errorJson', '{"ErrorCode":"CAFileNotFound","ErrorMessage":"The function cannot be started. gone"}', {
    error: startFailureDetail(failure),
  })
  const { truth, ledger } = stage.see()
  assert.equal(truth.length, 1)
  assert.deepEqual(pick(truth[0], 'status', 'errorCode', 'errorMessage', 'lines', 'flags', 'causes'), [
    'startFailed',
    'CAFileNotFound',
    'The function cannot be started. gone',
    1,
    ['missingStart', 'missingEnd'],
    [{ code: 'bootstrapMissing' }],
  ])
  assert.deepEqual([ledger.attached, ledger.unattached], [2, 1])
})

test('sls: lines up to 2 s (3 where times are whole seconds) after an End are its own, later ones nobody’s', () => {
  const stage = stageOf('sls')
  const script = stage.script('a', noon)
  script.marker('invoke', 'Start')
  script.marker('invoke', 'End')
  script.advance(2999)
  script.plain('late')
  script.advance(1)
  script.plain('too late')
  const { truth, ledger } = stage.see()
  assert.deepEqual(pick(truth[0], 'lines', 'linesAfterEnd'), [1, 1])
  assert.equal(ledger.unattached, 1)
})

test('sls: an End that comes before its Start is its End', () => {
  const stage = stageOf('sls')
  const job = new Job()
  const early = stage.script('a', noon + 4000, job)
  early.marker('invoke', 'End')
  const script = stage.script('a', noon, job)
  script.marker('invoke', 'Start')
  script.log('info', 'while it ran')
  const { truth } = stage.see()
  assert.equal(truth.length, 1)
  assert.deepEqual(pick(truth[0], 'status', 'durationMs', 'lines', 'linesAfterEnd', 'flags'), ['ok', 4000, 1, 0, []])
})

test('console: prefix times are the record times, in Shanghai', () => {
  const stage = stageOf('console')
  const script = stage.script('a', noon)
  script.marker('invoke', 'Start')
  script.advance(1500)
  script.log('warn', 'slow')
  script.marker('invoke', 'End')
  const { lines, truth } = stage.see()
  assert.deepEqual(lines, [
    '2025-01-15 20:00:00FC Invoke Start RequestId: a',
    '2025-01-15 20:00:012025-01-15 20:00:01 a [WARNING] slow',
    '2025-01-15 20:00:01FC Invoke End RequestId: a',
  ])
  assert.deepEqual(pick(truth[0], 'startTimeMs', 'endTimeMs', 'durationMs', 'durationUncertaintyMs'), [
    noon,
    noon + 1000,
    1000,
    1000,
  ])
})
