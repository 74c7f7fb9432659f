// Stacks among the lines of attempts, as the runtimes print them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findStacks } from '../../../src/app/trace/find-stacks.ts'
import type { AttemptRecord, TraceLine } from '../../../src/model/post-mortem.ts'

/** The few fields that are looked at. */
const attempt = (changes: Partial<AttemptRecord> = {}): AttemptRecord =>
  ({
    requestId: 'r',
    attempt: 0,
    phase: 'invoke',
    status: 'unhandledError',
    instanceID: 'c-1',
    startTime: '2025-01-15T08:00:00.000Z',
    endTime: '2025-01-15T08:00:01.000Z',
    ...changes,
  }) as AttemptRecord

const line = (message: string, changes: Partial<TraceLine> = {}): TraceLine => ({
  time: '2025-01-15T08:00:00.500Z',
  level: null,
  levelText: '',
  kind: 'text',
  message,
  bytesLeftOut: 0,
  functionName: 'f',
  instanceID: 'c-1',
  stream: 's',
  ...changes,
})

const body = (name: string): string =>
  `{"errorMessage":"m","errorType":"E","stackTrace":["E: m","at ${name} (/code/index.js:1:1)"]}`

const stacksOf = (attempts: readonly AttemptRecord[], lines: readonly TraceLine[]) =>
  findStacks(attempts, { total: lines.length, leftOut: 0, first: lines.slice(0, 1), last: lines.slice(1) })

const cases: readonly [
  what: string,
  messages: readonly string[],
  frames: readonly string[] | null,
  own: string | null,
][] = [
  ['an error body', ['x', body('a'), 'y'], ['E: m', 'at a (/code/index.js:1:1)'], 'at a (/code/index.js:1:1)'],
  [
    'of two bodies the last',
    [body('a'), body('b')],
    ['E: m', 'at b (/code/index.js:1:1)'],
    'at b (/code/index.js:1:1)',
  ],
  [
    'a body behind the head of a line',
    [`2025-01-15 08:00:00.500 r [error] ${body('a')}`],
    ['E: m', 'at a (/code/index.js:1:1)'],
    'at a (/code/index.js:1:1)',
  ],
  [
    'printed line by line, with the code between',
    [
      'Traceback (most recent call last):',
      '  File "/code/index.py", line 14, in handler',
      '    work(event)',
      '  File "/usr/lib/python3.10/json.py", line 2, in loads',
      '    x()',
      'ValueError: bad',
    ],
    [
      'File "/code/index.py", line 14, in handler',
      'work(event)',
      'File "/usr/lib/python3.10/json.py", line 2, in loads',
    ],
    'File "/code/index.py", line 14, in handler',
  ],
  [
    'printed in one record',
    ['java.lang.IllegalStateException: x\n\tat com.example.A.b(A.java:1)\n\tat java.lang.Thread.run(Thread.java:2)'],
    ['at com.example.A.b(A.java:1)', 'at java.lang.Thread.run(Thread.java:2)'],
    'at com.example.A.b(A.java:1)',
  ],
  ['none', ['connect ECONNREFUSED 127.0.0.1:6379', 'redis.local:6379', 'at last'], null, null],
]

for (const [what, messages, frames, own] of cases) {
  test(`stack: ${what}`, () => {
    const [found] = stacksOf(
      [attempt()],
      messages.map(message => line(message)),
    )
    assert.deepEqual(found === undefined ? [null, null] : [found.frames, found.ownFrame], [frames, own])
  })
}

test('each attempt has the stack of its own instance and time, and one that did not fail has none', () => {
  const attempts = [
    attempt(),
    attempt({ attempt: 1, instanceID: 'c-2' }),
    attempt({ attempt: 2, startTime: '2025-01-15T09:00:00.000Z', endTime: '2025-01-15T09:00:01.000Z' }),
    attempt({ attempt: 3, status: 'ok' }),
  ]
  const found = stacksOf(attempts, [
    line(body('a')),
    line(body('b'), { instanceID: 'c-2' }),
    line(body('c'), { time: '2025-01-15T09:00:00.500Z' }),
  ])
  assert.deepEqual(
    found.map(({ attempt: number, ownFrame }) => [number, ownFrame]),
    [
      [0, 'at a (/code/index.js:1:1)'],
      [1, 'at b (/code/index.js:1:1)'],
      [2, 'at c (/code/index.js:1:1)'],
    ],
  )
})

test('of a deep stack the lines next to the failure are kept, and the rest counted', () => {
  const frames = Array.from({ length: 80 }, (_, i) => `"at f${i} (/code/${'x'.repeat(400)}.js:1:1)"`)
  const [found] = stacksOf(
    [attempt()],
    [line(`{"errorMessage":"m","errorType":"E","stackTrace":[${frames.slice(0, 18).join(',')}]}`)],
  )
  assert.deepEqual([found?.frames.length, found?.framesLeftOut, found?.frames[0]?.length], [18, 0, 301])
  const short = Array.from({ length: 80 }, (_, i) => `"at f${i} (/code/a.js:1:1)"`)
  const [deep] = stacksOf([attempt()], [line(`{"errorMessage":"m","errorType":"E","stackTrace":[${short.join(',')}]}`)])
  assert.deepEqual([deep?.frames.length, deep?.framesLeftOut, deep?.frames[0]], [50, 30, 'at f0 (/code/a.js:1:1)'])
})
