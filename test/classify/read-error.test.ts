// What each error sentence and body says about an attempt without an End (docs/semantics.md §8, the table under 3).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge, type Verdict } from '../../src/classify/judge.ts'
import type { AttemptSignals } from '../../src/model/attempt-signals.ts'
import { printed, signalsWith, withoutEnd } from './signals.ts'

const typeError = { type: 'TypeError', message: 'x is not a function' }
const processExited = {
  sentence: 'processExited',
  message: 'Process exited unexpectedly before completing request',
} as const
const exitedWithCommand = {
  sentence: 'instanceExited',
  message:
    "Function instance exited unexpectedly(code 1, message:operation not permitted) with start command 'npm run start '. Logs:",
} as const
const exitedWithoutCommand = {
  sentence: 'instanceExited',
  message: 'Function instance exited unexpectedly(code 1, message:operation not permitted)',
} as const
const healthCheck = {
  sentence: 'healthCheckFailed',
  message: 'Function instance health check failed on port 9001 in 120 seconds.',
} as const
const timedOut = {
  sentence: 'timedOut',
  message: 'Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)',
} as const

const said = (
  name: string,
  detail: Parameters<typeof printed>[0],
  expected: [Verdict['status'], string | null],
  changes: Partial<AttemptSignals> = {},
) =>
  test(`says: ${name}`, () => {
    const verdict = judge(signalsWith({ ...withoutEnd, errors: [printed(detail)], ...changes }))
    assert.deepEqual([verdict.status, verdict.errorCode, verdict.statusSource], [...expected, 'message'])
  })
said('process exited', processExited, ['processExited', 'ProcessExitedUnexpectedly'])
said('instance exited with start command', exitedWithCommand, ['startFailed', 'CAExited'])
said('instance exited, a Start was seen', exitedWithoutCommand, ['processExited', 'CAExited'])
said('instance exited, no Start', exitedWithoutCommand, ['startFailed', 'CAExited'], { hasStart: false })
said('either cannot be started or exited', { sentence: 'cannotStartOrExited', message: 'The CA process either …' }, [
  'startFailed',
  'CAExited',
])
said('health check failed', healthCheck, ['startFailed', 'FunctionNotStarted'])
said("http server can't start", { sentence: 'serverNotStarted', message: "The CA's http server cannot be started:" }, [
  'startFailed',
  'FunctionNotStarted',
])
said('not ready', { sentence: 'notReady', message: 'Function not ready: failed to start container in 0.1 seconds.' }, [
  'startFailed',
  'FunctionNotStarted',
])
const cannotBeStarted = (name: string, rest: string, code: string) =>
  said(
    `cannot be started, ${name}`,
    { sentence: 'cannotBeStarted', message: `The function cannot be started. ${rest}` },
    ['startFailed', code],
  )
cannotBeStarted(
  'no file',
  'Failed to start function instance. Error: the file /code/bootstrap is not exist',
  'CAFileNotFound',
)
cannotBeStarted('no permission', "due to bootstrap file don't have execute permissions", 'CAFilePermission')
cannotBeStarted('else', 'Failed to start function instance.', 'CAExited')
cannotBeStarted(
  "an exit code's strerror is not a permission",
  "Function instance exited unexpectedly(code 13, message:permission denied) with start command '/code/bootstrap '.",
  'CAExited',
)
said('timed out', timedOut, ['timeout', 'FunctionTimeoutError'])
said('canceled', { sentence: 'canceled', message: 'Error: Invocation canceled by client' }, ['canceled', null])
said('no capacity', { sentence: 'noCapacity', message: 'Reserve resource exceeded limit' }, [
  'platformError',
  'ResourceThrottled',
])
said('internal error', { sentence: 'internalError', message: 'an internal error has occurred. Please retry.' }, [
  'platformError',
  'InternalServerError',
])
said('console code', { sentence: 'code', code: 'CAExited', message: 'Code: CAExited' }, ['startFailed', 'CAExited'])
const body = (code: string, status: Verdict['status']) =>
  said(`a body with ${code}`, { code, message: 'because' }, [status, code])
body('CAExited', 'startFailed')
body('CAFileNotFound', 'startFailed')
body('CAFilePermission', 'startFailed')
body('FunctionNotStarted', 'startFailed')
body('ResourceExhausted', 'throttled')
body('ResourceThrottled', 'platformError')
body('InternalServerError', 'platformError')
body('BadResponse', 'unhandledError')
body('EntityTooLarge', 'unhandledError')
body('CAPTCHA', 'unhandledError')
said('a typed body', typeError, ['unhandledError', 'UnhandledInvocationError'])
said('an untyped body', { message: 'this is error' }, ['unhandledError', 'UnhandledInvocationError'])
said('a handled body', { type: 'FunctionHandledError', message: 'no' }, ['handledError', 'HandledInvocationError'])
