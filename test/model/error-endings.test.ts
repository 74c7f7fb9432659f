// Which errors end a process, and which say that none came up: cases as data, from the platform's sentences (facts §4b).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorDetail, Sentence } from '../../src/model/error-detail.ts'
import { endsProcess, isStartFailure } from '../../src/model/error-endings.ts'

const detail = (message: string, sentence: Sentence | null, code: string | null = null): ErrorDetail => ({
  code,
  type: null,
  message,
  stack: null,
  sentence,
  durationMs: null,
  maxMemoryUsedMB: null,
})

const is = (name: string, error: ErrorDetail, expected: { ends: boolean; startFailure: boolean }) =>
  test(name, () => assert.deepEqual({ ends: endsProcess(error), startFailure: isStartFailure(error) }, expected))

const exited = 'Function instance exited unexpectedly(code 1, message:operation not permitted)'
is('process exited', detail('Process exited unexpectedly before completing request', 'processExited'), {
  ends: true,
  startFailure: false,
})
is('instance exited', detail(exited, 'instanceExited', 'CAExited'), { ends: true, startFailure: true })
is(
  'instance exited at its start',
  detail(`${exited} with start command 'npm run start '. Logs:`, 'instanceExited', 'CAExited'),
  {
    ends: true,
    startFailure: true,
  },
)
is(
  'health check',
  detail(
    'Function instance health check failed on port 9000 in 120 seconds.',
    'healthCheckFailed',
    'FunctionNotStarted',
  ),
  { ends: true, startFailure: true },
)
is('timed out', detail('Function timed out after 30 seconds', 'timedOut'), { ends: true, startFailure: false })
is('canceled', detail('Error: Invocation canceled by client', 'canceled'), { ends: false, startFailure: false })
is('a body with CAExited', detail('because', null, 'CAExited'), { ends: true, startFailure: true })
is("a function's own code", detail('because', null, 'CAPTCHA_FAILED'), { ends: false, startFailure: false })
is('throttled', detail('because', null, 'ResourceExhausted'), { ends: false, startFailure: false })
is('an exception', detail('boom', null), { ends: false, startFailure: false })
