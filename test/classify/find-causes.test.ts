// Causes of attempts that failed after their start (facts/fc-log-formats §4b, §4d; the FAQ on processes that exit).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCauses } from '../../src/classify/find-causes.ts'
import { judge } from '../../src/classify/judge.ts'
import type { AttemptSignals } from '../../src/model/attempt-signals.ts'
import { causes, platform } from './cause-cases.ts'
import { logged, printed, rowOnly, signalsWith, withoutEnd } from './signals.ts'

test('an attempt that is ok has no causes', () => {
  assert.deepEqual(findCauses(signalsWith(), judge(signalsWith()), 'en'), [])
})

// A process that went away.
const gone: Partial<AttemptSignals> = {
  ...withoutEnd,
  errors: [
    printed({
      sentence: 'processExited',
      message: 'Process exited unexpectedly before completing request (duration: 6ms, maxMemoryUsage: 49MB)',
      durationMs: 6,
      maxMemoryUsedMB: 49,
    }),
  ],
}
causes(
  'POST after a long idle time',
  { ...gone, httpMethod: 'POST', httpStatus: 502, idleBeforeMs: 612_000 },
  ['keepAliveClosed', 'exitCalled'],
  ['idle 612 s before this POST request', 'duration 6 ms', 'statusCode 502'],
)
causes('GET after a long idle time is retried by the platform', { ...gone, httpMethod: 'GET', idleBeforeMs: 612_000 }, [
  'exitCalled',
  'keepAliveClosed',
])
causes('POST right after another', { ...gone, httpMethod: 'POST', idleBeforeMs: 100 }, ['exitCalled'])
causes('an event after a long idle time', { ...gone, idleBeforeMs: 612_000 }, ['keepAliveClosed', 'exitCalled'])
causes('a call of exit in the log', { ...gone, troubleLines: ['SystemExit: 1'] }, ['exitCalled'], ['SystemExit: 1'])
causes(
  'an exception in the log',
  { ...gone, troubleLines: ["TypeError: Cannot read properties of undefined (reading 'id')"] },
  ['uncaughtException'],
)
causes('uncaughtException, as Node says it', { ...gone, troubleLines: ['FunctionUnhandledError: uncaughtException'] }, [
  'uncaughtException',
])
causes(
  'memory at its limit',
  { ...gone, memoryMB: 512, maxMemoryUsedMB: 511.2 },
  ['outOfMemory'],
  ['maxMemoryUsedMB 511.2 of 512'],
)
causes(
  'a shell says Killed',
  { ...gone, troubleLines: ['/code/bootstrap: line 3:    17 Killed                  python3 app.py'] },
  ['outOfMemory', 'exitCalled'],
)
causes(
  'a row with 502 only',
  { ...rowOnly, metrics: { hasFunctionError: false, errorType: null }, httpStatus: 502 },
  ['exitCalled'],
  ['statusCode 502'],
)

// Errors of functions.
const unhandled = (type: string | null, message: string): Partial<AttemptSignals> => ({
  endOutcome: 'unhandledError',
  errors: [logged({ type, message })],
})
causes(
  'an exception',
  unhandled('UnboundLocalError', "local variable 'push_message' referenced before assignment"),
  ['uncaughtException'],
  ['push_message'],
)
causes(
  'an unhandled End alone',
  { endOutcome: 'unhandledError' },
  ['uncaughtException'],
  ['End outcome unhandledError'],
)
causes(
  'a row that says unhandled',
  { ...rowOnly, metrics: { hasFunctionError: true, errorType: 'FunctionUnhandledError' } },
  ['uncaughtException'],
  ['errorType FunctionUnhandledError'],
)
causes(
  'a handled error',
  { endOutcome: 'handledError', errors: [logged({ type: 'Error', message: 'no such user' })] },
  ['uncaughtException'],
)
causes('a module is missing', unhandled('ImportModuleError', "Unable to import module 'index'"), [
  'moduleNotFound',
  'uncaughtException',
])
causes('Node: a module is missing', unhandled('Error', "Cannot find module 'express'"), [
  'moduleNotFound',
  'uncaughtException',
])
causes('Java: a class is missing', unhandled('java.lang.ClassNotFoundException', 'example.HelloFC'), [
  'moduleNotFound',
  'uncaughtException',
])
causes('the code has a syntax error', unhandled('UserCodeSyntaxError', "Syntax error in module 'index'"), [
  'syntaxError',
  'uncaughtException',
])
causes(
  'JSON that cannot be read is no syntax error of the code',
  unhandled('SyntaxError', 'Unexpected token < in JSON at position 0'),
  ['uncaughtException'],
)
causes('memory of Python', unhandled('MemoryError', ''), ['outOfMemory', 'uncaughtException'])
causes('a database that refuses', unhandled('Error', 'connect ECONNREFUSED 10.0.0.5:6379'), [
  'dependencyUnreachable',
  'uncaughtException',
])
causes(
  'response headers too large',
  { ...withoutEnd, errors: [printed({ code: 'BadResponse', message: 'response headers too large' })] },
  ['responseTooLarge'],
)
causes(
  'payload too large',
  {
    ...withoutEnd,
    errors: [printed({ code: 'EntityTooLarge', message: 'payload size exceeds maximum allowed size (6291456 bytes)' })],
  },
  ['responseTooLarge'],
)
causes(
  'an image that cannot be pulled',
  {
    ...platform(
      'cannotBeStarted',
      'The function cannot be started. failed to pull image registry.cn-hangzhou.aliyuncs.com/a/b:1: manifest unknown',
    ),
  },
  ['imagePullFailed'],
)
causes(
  'an image event',
  { ...withoutEnd, errors: [printed({ code: 'ImagePullFailed', message: 'pull access denied' })] },
  ['imagePullFailed'],
)

// The rest.
causes(
  'a time-out',
  {
    ...withoutEnd,
    metrics: { hasFunctionError: true, errorType: 'FunctionTimeoutError' },
    durationMs: 60_000,
    timeoutMs: 60_000,
  },
  ['executionTimeout'],
  ['duration 60000 ms of timeout 60000 ms'],
)
causes(
  'a time-out sentence',
  {
    ...withoutEnd,
    errors: [
      printed({
        sentence: 'timedOut',
        message: 'Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)',
        durationMs: 30_000,
        maxMemoryUsedMB: 47.28,
      }),
    ],
  },
  ['executionTimeout'],
  ['Function timed out after 30 seconds'],
)
causes(
  'a time-out at the memory limit',
  {
    ...withoutEnd,
    metrics: { hasFunctionError: true, errorType: 'FunctionTimeoutError' },
    memoryMB: 512,
    maxMemoryUsedMB: 512,
  },
  ['executionTimeout', 'outOfMemory'],
)
causes(
  'a time-out while connecting',
  {
    ...withoutEnd,
    metrics: { hasFunctionError: true, errorType: 'FunctionTimeoutError' },
    troubleLines: ['redis: timed out connecting to 10.0.0.5:6379'],
  },
  ['executionTimeout', 'dependencyUnreachable'],
)
causes(
  'out of memory',
  {
    ...withoutEnd,
    metrics: { hasFunctionError: true, errorType: 'FunctionOOMError' },
    memoryMB: 512,
    maxMemoryUsedMB: 512,
  },
  ['outOfMemory'],
  ['errorType FunctionOOMError'],
)
causes(
  'canceled',
  { endOutcome: 'canceled', durationMs: 3565 },
  ['clientTimeout'],
  ['End outcome canceled', 'duration 3565 ms'],
)
causes(
  'a row with 499',
  { ...rowOnly, metrics: { hasFunctionError: false, errorType: null }, httpStatus: 499 },
  ['clientTimeout'],
  ['statusCode 499'],
)
causes(
  'throttled',
  { ...withoutEnd, errors: [printed({ code: 'ResourceExhausted', message: 'too many instances' })] },
  ['quotaExceeded'],
)
causes('a row with 429', { ...rowOnly, metrics: { hasFunctionError: false, errorType: null }, httpStatus: 429 }, [
  'quotaExceeded',
])
causes('no GPU left', platform('noCapacity', 'Reserve resource exceeded limit'), ['noCapacity'])
causes('a row with 503', { ...rowOnly, metrics: { hasFunctionError: false, errorType: null }, httpStatus: 503 }, [
  'noCapacity',
])
causes(
  'an internal error',
  platform('internalError', 'an internal error has occurred. Please retry.'),
  ['unknown'],
  ['an internal error has occurred'],
)
causes('no End and nothing else', withoutEnd, ['unknown'], ['Start without an End'])
causes(
  'no End after a traceback',
  { ...withoutEnd, troubleLines: ['Traceback (most recent call last):', 'ValueError: x'] },
  ['uncaughtException'],
)
causes('no End at the time-out', { ...withoutEnd, troubleLines: ['Dumping stack trace after function timeout'] }, [
  'executionTimeout',
])

causes(
  'an exception is quoted with the frame of the function itself',
  {
    endOutcome: 'unhandledError',
    errors: [
      logged({
        type: 'TypeError',
        message: 'x is not a function',
        stack:
          'TypeError: x is not a function\n    at get (/code/node_modules/a/index.js:1:1)\n    at handler (/code/index.js:12:7)',
      }),
    ],
  },
  ['uncaughtException'],
  ['x is not a function', 'at handler (/code/index.js:12:7)'],
)
