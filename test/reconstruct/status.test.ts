// Rule 8 of the contract, docs/semantics.md §8.
import { end, failedEnd, metricsRow, playScenarios, row, type Scenario, start } from './scenario.ts'

const failed = { hasFunctionError: 'true', errorType: 'FunctionUnhandledError' }

/** What one sentence or body, behind a Start and without an End, makes of an attempt. */
const says = (line: string, expected: Record<string, unknown>): Scenario => ({
  name: `without an End: ${line.slice(0, 80)}`,
  records: [start('a'), line],
  attempts: [expected],
})

/** What one HTTP status makes of an attempt of which nothing else is known. */
const answers = (statusCode: number, status: string, errorCode: string | null): Scenario => ({
  name: `only a row with status ${statusCode}`,
  records: [metricsRow('a', 0, 1, { statusCode: String(statusCode), method: 'GET' })],
  attempts: [{ status, errorCode, httpStatus: statusCode, flags: ['metricsOnly'] }],
})

playScenarios([
  says('Process exited unexpectedly before completing request (duration: 43ms, maxMemoryUsage: 65MB)', {
    status: 'processExited',
    errorCode: 'ProcessExitedUnexpectedly',
    closedBy: 'errorText',
  }),
  says(
    "Function instance exited unexpectedly(code 1, message:operation not permitted) with start command 'npm start '. Logs:x",
    {
      status: 'startFailed',
      errorCode: 'CAExited',
      closedBy: 'errorText',
    },
  ),
  says('Function instance exited unexpectedly(code 137, message:killed)', {
    status: 'processExited',
    errorCode: 'CAExited',
  }),
  says('Function instance health check failed on port 9000 in 120 seconds.', {
    status: 'startFailed',
    errorCode: 'FunctionNotStarted',
    closedBy: 'errorText',
  }),
  says(
    "The CA's http server cannot be started:ContainerStartDuration:25000000000. Ping CA failed due to: dial tcp 21.0.5.7:9000: getsockopt: connection refused Logs : x",
    {
      status: 'startFailed',
      errorCode: 'FunctionNotStarted',
    },
  ),
  says('Function timed out after 3 seconds (maxMemoryUsage: 65.25MB)', {
    status: 'timeout',
    errorCode: 'FunctionTimeoutError',
    durationMs: 3000,
    maxMemoryUsedMB: 65.25,
    closedBy: 'errorText',
  }),
  says('{"errorMessage":"boom","errorType":"ValueError","stackTrace":["x"]}', {
    status: 'unhandledError',
    errorCode: 'UnhandledInvocationError',
    errorType: 'ValueError',
    errorMessage: 'boom',
    closedBy: 'eof',
  }),
  says(
    '{"ErrorCode":"CAFileNotFound","ErrorMessage":"The function cannot be started. fork/exec /code/bootstrap: no such file or directory"}',
    {
      status: 'startFailed',
      errorCode: 'CAFileNotFound',
    },
  ),
  says('{"ErrorCode":"CAFilePermission","ErrorMessage":"The CA process cannot be started. File permission denied"}', {
    status: 'startFailed',
    errorCode: 'CAFilePermission',
  }),
  says('{"ErrorCode":"ResourceExhausted","ErrorMessage":"Your request is throttled"}', {
    status: 'throttled',
    errorCode: 'ResourceExhausted',
  }),
  says('{"ErrorCode":"ResourceThrottled","ErrorMessage":"Reserve resource exceeded limit"}', {
    status: 'platformError',
    errorCode: 'ResourceThrottled',
  }),
  says('{"ErrorCode":"InternalServerError","ErrorMessage":"an internal error has occurred. Please retry."}', {
    status: 'platformError',
    errorCode: 'InternalServerError',
  }),
  says('{"ErrorCode":"BadResponse","ErrorMessage":"x"}', { status: 'unhandledError', errorCode: 'BadResponse' }),
  says('nothing in particular', { status: 'incomplete', errorCode: null, errorType: null, errorMessage: null }),
  answers(200, 'ok', null),
  answers(404, 'ok', null),
  answers(429, 'throttled', 'ResourceExhausted'),
  answers(499, 'canceled', null),
  answers(500, 'platformError', 'InternalServerError'),
  answers(502, 'processExited', 'ProcessExitedUnexpectedly'),
  answers(503, 'platformError', 'ResourceThrottled'),
  {
    name: 'an HTTP status says nothing of an attempt that has lines',
    records: [row(0, start('a')), row(1, 'x'), metricsRow('a', 0, 5, { statusCode: '500' })],
    attempts: [{ status: 'ok', httpStatus: 500 }],
  },
  {
    name: 'a status of 502 is kept when the process exited',
    records: [
      row(0, start('a')),
      row(5, 'Process exited unexpectedly before completing request (duration: 5ms, maxMemoryUsage: 65MB)'),
      metricsRow('a', 0, 5, { ...failed, statusCode: '502' }),
    ],
    attempts: [{ status: 'processExited', errorCode: 'FunctionUnhandledError', httpStatus: 502 }],
  },
  {
    name: 'a row that only says that it failed is refined by the End',
    records: [row(0, start('a')), row(5, `${end('a')}, Error: Handled function error`), metricsRow('a', 0, 5, failed)],
    attempts: [{ status: 'handledError', errorCode: 'FunctionUnhandledError' }],
  },
  {
    name: 'and without anything else it is an unhandled error',
    records: [metricsRow('a', 0, 5, failed)],
    attempts: [{ status: 'unhandledError', errorCode: 'FunctionUnhandledError' }],
  },
  {
    name: 'a row that failed without a type',
    records: [row(0, start('a')), row(5, end('a')), metricsRow('a', 0, 5, { hasFunctionError: 'true' })],
    attempts: [{ status: 'unhandledError', errorCode: 'UnhandledInvocationError' }],
  },
  {
    name: 'time-out and memory: the row’s word is the last',
    records: [
      row(0, start('a')),
      row(3000, failedEnd('a')),
      metricsRow('a', 0, 3000, { hasFunctionError: 'true', errorType: 'FunctionTimeoutError' }),
      row(0, start('b'), { instanceID: 'c-2' }),
      metricsRow('b', 0, 3000, { instanceID: 'c-2', hasFunctionError: 'true', errorType: 'FunctionOOMError' }),
    ],
    attempts: [
      { status: 'timeout', errorCode: 'FunctionTimeoutError', flags: [] },
      { status: 'outOfMemory', errorCode: 'FunctionOOMError', flags: ['missingEnd'] },
    ],
  },
  {
    name: 'an error that the function logged and survived is not its outcome',
    records: [
      start('a'),
      '2025-01-15T12:00:00.000Z 1-65a24fa0-0b44b15d-431a6b32cc8c [ERROR] {"errorMessage":"boom","errorType":"Error"}',
      end('1-65a24fa0-0b44b15d-431a6b32cc8c'),
      end('a'),
    ],
    attempts: [
      { status: 'ok', errorCode: null, errorMessage: null, flags: ['missingStart'], lines: 1 },
      { requestId: 'a', status: 'ok' },
    ],
  },
  {
    name: 'without an End it is the best there is',
    records: [
      '2025-01-15T12:00:00.000Z 1-65a24fa0-0b44b15d-431a6b32cc8c [ERROR] {"errorMessage":"boom","errorType":"Error"}',
    ],
    attempts: [{ status: 'unhandledError', errorMessage: 'boom', errorType: 'Error' }],
  },
  {
    name: 'an error body printed after an End that says nothing is the outcome',
    records: [start('a'), end('a'), 'array (', "  'errorMessage' => 'boom',", "  'errorType' => 'Exception',", ')'],
    attempts: [{ status: 'unhandledError', errorMessage: 'boom', errorType: 'Exception', lines: 4, linesAfterEnd: 4 }],
  },
  {
    name: 'an error body over several records is one error and as many lines',
    records: [
      start('a'),
      '2025-01-15T12:00:00.000Z 1-65a24fa0-0b44b15d-431a6b32cc8c [ERROR] {',
      '    "errorMessage": "boom",',
      '    "errorType": "ValueError"',
      '}',
      failedEnd('1-65a24fa0-0b44b15d-431a6b32cc8c'),
      end('a'),
    ],
    attempts: [
      { status: 'unhandledError', errorMessage: 'boom', errorType: 'ValueError', lines: 3 },
      { requestId: 'a', status: 'ok' },
    ],
  },
  {
    name: 'a typed body tells more than a sentence',
    records: [
      start('a'),
      '{"errorMessage":"boom","errorType":"ValueError"}',
      'Process exited unexpectedly before completing request (duration: 43ms, maxMemoryUsage: 65MB)',
    ],
    attempts: [{ status: 'processExited', errorType: 'ValueError', errorMessage: 'boom' }],
  },
  {
    name: 'a peak near the limit makes a time-out suspicious',
    records: [
      row(0, start('a')),
      metricsRow('a', 0, 3000, {
        hasFunctionError: 'true',
        errorType: 'FunctionTimeoutError',
        memoryMB: '128',
        memoryUsageMB: '126.72',
      }),
      metricsRow('b', 0, 3000, {
        hasFunctionError: 'true',
        errorType: 'FunctionTimeoutError',
        memoryMB: '128',
        memoryUsageMB: '126.71',
      }),
    ],
    attempts: [{ flags: ['missingEnd', 'suspectedOutOfMemory'] }, { flags: ['metricsOnly'] }],
  },
])
