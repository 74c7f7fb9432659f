// Frames as the runtimes write them (facts/fc-log-formats §4a), and which of a stack is the function's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maxFrameLength, ownFrameLine, readFrame } from '../../src/classify/stack-frames.ts'

type Case = readonly [line: string, file: string | null, name: string | null, isOwn: boolean]

const frames: readonly Case[] = [
  // Node
  ['at handler (/code/index.js:12:7)', '/code/index.js', 'handler', true],
  ['at async exports.handler (/code/index.js:3:4)', '/code/index.js', 'exports.handler', true],
  ['at new Order (/code/lib/order.js:3:4)', '/code/lib/order.js', 'Order', true],
  ['at /code/index.js:9:1', '/code/index.js', null, true],
  ['at f (/code/node_modules/pg/lib/client.js:1:2)', '/code/node_modules/pg/lib/client.js', 'f', false],
  [
    'at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    'node:internal/process/task_queues',
    'process.processTicksAndRejections',
    false,
  ],
  ['at f (/var/fc/runtime/nodejs20/bootstrap.js:1:2)', '/var/fc/runtime/nodejs20/bootstrap.js', 'f', false],
  // Python
  ['File "/code/index.py", line 14, in handler, work(event)', '/code/index.py', 'handler', true],
  ['File "/code/index.py", line 14, in <module>', '/code/index.py', '<module>', true],
  ['File "/opt/python/requests/api.py", line 1, in get', '/opt/python/requests/api.py', 'get', false],
  ['File "/code/python/site-packages/a.py", line 1, in get', '/code/python/site-packages/a.py', 'get', false],
  // Java
  ['at com.example.shop.Stock.read(Stock.java:17)', 'Stock.java', 'com.example.shop.Stock.read', true],
  [
    'at java.base/java.util.ArrayList.get(ArrayList.java:427)',
    'ArrayList.java',
    'java.base/java.util.ArrayList.get',
    false,
  ],
  [
    'at sun.reflect.NativeMethodAccessorImpl.invoke0(Native Method)',
    null,
    'sun.reflect.NativeMethodAccessorImpl.invoke0',
    false,
  ],
  [
    'at aliyun.serverless.runtime.Bootstrap.main(Bootstrap.java:311)',
    'Bootstrap.java',
    'aliyun.serverless.runtime.Bootstrap.main',
    false,
  ],
  // .NET
  ['at Shop.Order.Run(String s) in /src/Order.cs:line 12', '/src/Order.cs', 'Shop.Order.Run', true],
  ['at System.Int32.Parse(String s)', null, 'System.Int32.Parse', false],
  // Go
  ['/code/main.go:12 main.handler', '/code/main.go', 'main.handler', true],
  ['/code/main.go:12 +0x1d', '/code/main.go', null, true],
  [
    '/usr/local/go/src/runtime/panic.go:838 runtime.gopanic',
    '/usr/local/go/src/runtime/panic.go',
    'runtime.gopanic',
    false,
  ],
  // PHP
  ['/code/index.php:14', '/code/index.php', null, true],
  ['#0 /code/index.php(14): work(Array)', '/code/index.php', 'work', true],
]

for (const [line, file, name, isOwn] of frames) {
  test(`frame: ${line}`, () => {
    const frame = readFrame(line)
    assert.deepEqual([frame?.file, frame?.function, frame?.isOwn], [file, name, isOwn])
  })
}

for (const line of [
  '',
  'TypeError: x',
  'at last',
  'at the end of (the) day',
  'at noon (UTC)',
  'connect ECONNREFUSED 127.0.0.1:6379',
  '#1 {main}',
  'File "x"',
]) {
  test(`no frame: ${line}`, () => assert.equal(readFrame(line), null))
}

const stacks: readonly [name: string, stack: string, own: string | null][] = [
  [
    'the first own one of Node',
    'TypeError: x\n    at get (node:internal/x:1:1)\n    at a (/code/a.js:1:1)\n    at b (/code/b.js:1:1)',
    'at a (/code/a.js:1:1)',
  ],
  [
    'the last own one of Python',
    'File "/code/a.py", line 1, in f, g()\nFile "/code/b.py", line 2, in g, h()\nFile "/usr/lib/python3.10/json/decoder.py", line 3, in h, i()',
    'File "/code/b.py", line 2, in g, h()',
  ],
  ['none', 'at get (node:internal/x:1:1)', null],
  ['carriage returns, as Node writes line ends in messages', 'x\r    at a (/code/a.js:1:1)', 'at a (/code/a.js:1:1)'],
]
for (const [name, stack, own] of stacks) test(`own frame: ${name}`, () => assert.equal(ownFrameLine(stack), own))

test('a shortened line is the same frame, whole characters, and part of the stack', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), text => {
      const stack = `at f (/code/${text}.js:1:1)\nat g (/code/g.js:1:1)`
      const own = ownFrameLine(stack)
      if (own === null) return
      assert.ok(own.length <= maxFrameLength && stack.includes(own) && own.isWellFormed())
      assert.notEqual(readFrame(own), null)
    }),
  )
})

test('hostile stacks are read in bounded time', () => {
  for (const piece of ['at ', '(', 'at (', 'a:1', '.a', ' in ', 'File "', '#0 a(', '/']) {
    const beganMs = performance.now()
    ownFrameLine(piece.repeat(1_000_000 / piece.length))
    ownFrameLine(`${piece.repeat(100)}\n`.repeat(3000))
    assert.ok(performance.now() - beganMs < 1000, piece)
  }
})
