// Error bodies of all runtimes and the platform's sentences (facts/fc-log-formats §4a, §4b).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readError } from '../../../parsers/fc-text/read-error.ts'
import type { ErrorDetail } from '../../../src/model/error-detail.ts'

const says = (name: string, text: string, expected: Partial<ErrorDetail>): void => {
  test(name, () => {
    const detail = readError(text)
    assert.ok(detail !== null)
    const seen = Object.fromEntries(Object.keys(expected).map(key => [key, detail[key as keyof ErrorDetail]]))
    assert.deepEqual(seen, expected)
  })
}

says(
  'Node',
  '{"errorMessage":"boom","errorType":"TypeError","stackTrace":["TypeError: boom","at x (/code/index.js:1:1)"]}',
  {
    code: null,
    type: 'TypeError',
    message: 'boom',
    stack: 'TypeError: boom\nat x (/code/index.js:1:1)',
    sentence: null,
    durationMs: null,
    maxMemoryUsedMB: null,
  },
)
says(
  'Python, several lines',
  '\n{\n  "errorMessage": "m",\n  "errorType": "E",\n  "stackTrace": [\n  [ "File \\"/code/index.py\\"", "line 14", "in f", "x()" ],\n ["b"] ]\n}\n',
  {
    type: 'E',
    message: 'm',
    stack: 'File "/code/index.py", line 14, in f, x()\nb',
  },
)
says(
  'Python dict',
  `{'errorMessage': "Unable to import module 'index'", 'errorType': 'ImportModuleError', 'stackTrace': [u'a', b'c', None]}`,
  {
    type: 'ImportModuleError',
    message: "Unable to import module 'index'",
    stack: 'a\nc\n',
  },
)
says(
  'PHP var_export',
  "array (\n  'errorMessage' => 'it\\'s',\n  'errorType' => 'Exception',\n  'stackTrace' => \n  array (\n    'file' => '/code/index.php',\n    'line' => 5,\n    'traceString' => '#0 a.php(12): f()\n#1 {main}',\n  ),\n)",
  {
    type: 'Exception',
    message: "it's",
    stack: '/code/index.php:5\n#0 a.php(12): f()\n#1 {main}',
  },
)
says('PHP list', "array ( 'errorMessage' => 'x', 'stackTrace' => array ( 0 => 'a', 1 => 'b', ), )", { stack: 'a\nb' })
says(
  'JavaScript literal',
  "{ errorMessage: 'Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 0MB)' }",
  {
    code: 'ProcessExitedUnexpectedly',
    sentence: 'processExited',
    durationMs: 12,
    maxMemoryUsedMB: 0,
  },
)
says(
  'JavaScript literal, joined strings',
  "{ errorMessage:\n   'a long ' +\n   'text', stackTrace: [ 'a', ... 2 more items ] }",
  { message: 'a long text' },
)
says(
  'Java with a cause',
  '{"errorMessage":"x","errorType":"a.B","errorCause":{"errorMessage":"y","errorType":"c.D","stackTrace":["e.f(G.java:1)"]},"stackTrace":["h.i(J.java:2)"]}',
  {
    type: 'a.B',
    stack: 'h.i(J.java:2)\nCaused by: c.D: y\ne.f(G.java:1)',
  },
)
says(
  'Go panic',
  '{"errorMessage":"boom","errorType":"errorString","stackTrace":[{"path":"main.go","line":12,"label":"main.f"}],"shouldExit":true}',
  {
    stack: 'main.go:12 main.f',
  },
)
says(
  'custom runtime start',
  '{\n"ErrorCode":"CAFilePermission",\n"ErrorMessage":"The CA process cannot be started due to bootstrap file don\'t have execute permissions"\n}',
  {
    code: 'CAFilePermission',
    sentence: 'cannotBeStarted',
  },
)
says('API error', '{"errorCode":"ResourceExhausted","errorMessage":"too many"}', {
  code: 'ResourceExhausted',
  sentence: null,
})
says('cut by the runtime', '{"errorMessage":"a long te... Truncated by FunctionCompute', { message: 'a long te' })
says('cut in a stack', '{"errorMessage":"m","stackTrace":["a","b', { message: 'm', stack: 'a\nb' })
says('unguarded quotes', '{"errorMessage":"Function "x" failed","errorType":"E"}', {
  message: 'Function "x" failed',
  type: 'E',
})
says('a missing comma', '{"errorMessage":"m"\n"errorType":"E"}', { message: 'm', type: 'E' })
says('a message that is an object', '{"errorMessage":{"a":[1,2]},"errorCode":null}', { message: 'a: 1, 2', code: null })
says('escapes', String.raw`{"errorMessage":"\u4f60\x41\n\t\"\q"}`, { message: '\u4f60A\n\t"\\q' })
says('a console time in front', '2022-07-26 15:20:48{"errorMessage":"m"}', { message: 'm' })

const sentences: [text: string, code: string | null, sentence: string][] = [
  ['Process exited unexpectedly before completing request', 'ProcessExitedUnexpectedly', 'processExited'],
  ['Function instance exited unexpectedly(code 1, message:x)', 'CAExited', 'instanceExited'],
  ['Function instance health check failed on port 9000 in 120 seconds.', 'FunctionNotStarted', 'healthCheckFailed'],
  ['Function not ready: failed to start container', 'FunctionNotStarted', 'notReady'],
  ['The function cannot be started. Error: the file /code/bootstrap is not exist', 'CAFileNotFound', 'cannotBeStarted'],
  ['The function cannot be started. permission denied', 'CAFilePermission', 'cannotBeStarted'],
  ['The function cannot be started. x', 'CAExited', 'cannotBeStarted'],
  ['The CA process either cannot be started or exited:x', 'CAExited', 'cannotStartOrExited'],
  ["The CA's http server cannot be started:x", 'FunctionNotStarted', 'serverNotStarted'],
  ['Reserve resource exceeded limit', 'ResourceThrottled', 'noCapacity'],
  ['Code: CAFileNotFound', 'CAFileNotFound', 'code'],
  ['an internal error has occurred. Please retry.', 'InternalServerError', 'internalError'],
  ['no initializer handler registered', null, 'other'],
]
for (const [text, code, sentence] of sentences)
  says(text, text, { code, sentence: sentence as ErrorDetail['sentence'], message: text, type: null, stack: null })
says('a time-out has its seconds', '"Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)"', {
  code: 'FunctionTimeoutError',
  message: 'Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)',
  durationMs: 30_000,
  maxMemoryUsedMB: 47.28,
})
says('canceled', 'Error: Invocation canceled by client (duration: 3565ms, maxMemoryUsage: 10.28MB)', {
  code: null,
  sentence: 'canceled',
  durationMs: 3565,
  maxMemoryUsedMB: 10.28,
})
says('behind a console prefix', 'c-62e79e0a-0190ce336a61499caec12022-08-01 17:34:03Function not ready: x', {
  message: 'Function not ready: x',
})

test('anything else says nothing', () => {
  for (const text of [
    '',
    ' \n',
    'hello',
    '{"a":1}',
    '{"__proto__":{"errorMessage":"x"}}',
    '[1]',
    '{',
    'array (',
    'Code: 12',
  ])
    assert.equal(readError(text), null, text)
})

test('keys of a prototype are keys like others', () => {
  const detail = readError('{"__proto__":{"errorType":"bad"},"constructor":1,"errorMessage":"m"}')
  assert.deepEqual([detail?.message, detail?.type], ['m', null])
})

test('what JSON says is what is read', () => {
  const body = fc.record({
    errorMessage: fc.string(),
    errorType: fc.string({ minLength: 1 }),
    stackTrace: fc.array(fc.string(), { minLength: 1 }),
  })
  const plain = (text: string): string => text.toWellFormed()
  fc.assert(
    fc.property(body, fc.constantFrom(0, 4), (fields, indent) => {
      const detail = readError(JSON.stringify(fields, null, indent))
      assert.equal(detail?.message, plain(fields.errorMessage))
      assert.equal(detail?.type, plain(fields.errorType))
      assert.equal(detail?.stack, plain(fields.stackTrace.join('\n')))
    }),
    { numRuns: 2000 },
  )
})

test('sizes are bounded', () => {
  const long = '\u4f60'.repeat(10_000)
  const detail = readError(
    JSON.stringify({ errorMessage: long, stackTrace: Array.from({ length: 5000 }, () => long.slice(0, 50)) }),
  )
  assert.equal(Buffer.byteLength(detail?.message ?? ''), 4095)
  const stackBytes = Buffer.byteLength(detail?.stack ?? '')
  assert.ok(stackBytes > 8000 && stackBytes <= 8192, String(stackBytes))
})

test('hostile text takes no time and no stack', () => {
  const texts = [
    '{',
    '{"errorMessage":',
    '[(',
    "{b'",
    "'':",
    'array(',
    'ab(',
    'x\n',
    '\\',
    '" x',
    '"          ',
    '{"errorMessage":1,"a":[{"b":',
  ]
  const from = performance.now()
  for (const piece of texts) readError(`{"errorMessage":1,${piece.repeat(300_000 / piece.length)}`)
  // About 0.3 s on a slow core; quadratic code takes minutes.
  assert.ok(performance.now() - from < 10_000)
})
