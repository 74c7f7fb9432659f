// Continuations (docs/semantics.md §4) and lines that tell of an exception, with prose that must not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isContinuation } from '../../../parsers/fc-text/is-continuation.ts'
import { isTroubleText } from '../../../parsers/fc-text/is-trouble.ts'

const within = (judge: (buf: Uint8Array, start: number, end: number) => boolean, text: string): boolean => {
  const buf = Buffer.from(`x${text}.java:1) ECONNREFUSED Error:`)
  return judge(buf, 1, 1 + Buffer.byteLength(text))
}

const continuations = [
  ' Payload: {',
  '\tat com.x.Y.z(Y.java:1)',
  '    at Client.request (/node_modules/client.js:177:19)',
  'at com.x.Y.z(Y.java:1)',
  'Caused by: java.io.IOException: x',
  '... 12 more',
  '... 3 common frames omitted',
  '#0 /var/fc/runtime/php7.2/src/invoke.php(12): handler()',
  '#1 {main}',
  'example.HelloFC.handleRequest(HelloFC.java:15)',
  'sun.reflect.NativeMethodAccessorImpl.invoke0(Native Method)',
  'com.x.Y.<init>(Y.java:3)\r',
]
const ownLines = [
  '',
  'attention',
  'a',
  'Caused',
  '...',
  '... and so on',
  '#include',
  '#',
  'call(me)',
  '(x)',
  'f(Y.java',
  'hello (world)',
]

test('continuations', () => {
  for (const text of continuations) assert.equal(within(isContinuation, text), true, text)
  for (const text of ownLines) assert.equal(within(isContinuation, text), false, text)
})

const troubles = [
  'Traceback (most recent call last):',
  'panic: runtime error: index out of range [5] with length 3',
  'Exception in thread "main" java.lang.NullPointerException',
  'Uncaught Exception',
  'TypeError: x is not a function',
  "Error: Cannot find module 'x'",
  'Error [ERR_X]: y',
  "KeyError: 'a'",
  'MemoryError',
  'MemoryError\r',
  'java.lang.OutOfMemoryError: Java heap space',
  'botocore.exceptions.ClientError: x',
  'com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure',
  "ModuleNotFoundError: No module named 'x'",
  'SyntaxError: invalid syntax',
  'Fatal error: Uncaught Error',
  'PHP Fatal error:  Uncaught Error',
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'Killed',
  'connect ECONNREFUSED 127.0.0.1:6379',
  'dial tcp 10.0.0.1:3306: connect: connection refused',
  'connect ETIMEDOUT 10.0.0.1:443',
  '/bin/sh: ./app: cannot execute binary file: Exec format error',
  'fork/exec /code/bootstrap: exec format error',
  'exec format error',
  '/usr/bin/env: \u2018bash\\r\u2019: No such file or directory',
  'bash: /code/run.sh: No such file or directory',
  '2022/02/17 04:29:02 dial tcp 10.0.0.1:3306: connect: connection refused',
  '2022/02/17 04:29:02.228870 panic: x',
]
const prose = [
  '',
  'E',
  'hello world',
  'errors: 3',
  'Errors: 3',
  'no Error: here',
  'the connection refused to close',
  '/invoke is called.',
  'connect to 10.0.0.1',
  'panic',
  'killed 3 of them',
  '    TypeError: indented',
  '2022/02/17 04:29:02.228870 hello Error: world',
  'Exceptional: good',
  '12345',
]

test('lines that tell of trouble', () => {
  for (const text of troubles) assert.equal(within(isTroubleText, text), true, text)
  for (const text of prose) assert.equal(within(isTroubleText, text), false, text)
})

test('neither reads outside the line nor throws', () => {
  const piece = fc.oneof(fc.constantFrom(...continuations, ...troubles), fc.string())
  fc.assert(
    fc.property(piece, fc.nat(), (text, cut) => {
      const bytes = Buffer.from(text).subarray(0, cut % 80)
      const alone = Buffer.from(bytes)
      const inside = Buffer.concat([Buffer.from('Error: '), bytes, Buffer.from(' ECONNREFUSED.java:1) more Error:')])
      for (const judge of [isContinuation, isTroubleText])
        assert.equal(judge(inside, 7, 7 + bytes.length), judge(alone, 0, alone.length))
    }),
    { numRuns: 5000 },
  )
})
