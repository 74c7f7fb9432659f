// "The same failure before this one": from the store and from files, at the edges of its day and across corrections.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FailureHistory } from '../../../src/model/post-mortem.ts'
import { fcscope, run } from '../../cli/run-fcscope.ts'
import { withoutChdb } from '../../store/temporary-store.ts'

const atMs = Date.parse('2025-01-15T08:00:00.000Z')
const dayMs = 86_400_000

/** An invocation that failed so long before or after the one that is looked at. */
interface Failure {
  readonly id: string
  readonly agoMs: number
  readonly functionName?: string
  readonly message?: string
  readonly errorType?: string
}

function rowsOf({
  id,
  agoMs,
  functionName = 'orders',
  message = 'order 17 is gone',
  errorType = 'FunctionUnhandledError',
}: Failure): readonly string[] {
  const startMs = atMs - agoMs
  const instanceID = `c-${id}`
  const error = JSON.stringify({
    errorMessage: message,
    errorType: 'OrderError',
    stackTrace: ['at f (/code/index.js:1:1)'],
  })
  const log = (message: string): string =>
    JSON.stringify({
      __time__: String(startMs / 1000),
      __topic__: `FCLogs:${functionName}`,
      functionName,
      instanceID,
      message,
    })
  return [
    log(`FC Invoke Start RequestId: ${id}`),
    log(`2025-01-15 08:00:00 ${id} [error] ${error}`),
    log(`FC Invoke End RequestId: ${id}, Error: Unhandled function error`),
    JSON.stringify({
      __time__: String(startMs / 1000 + 1),
      __topic__: `FCRequestMetrics:/${functionName}`,
      functionName,
      instanceID,
      requestId: id,
      durationMs: '10',
      invocationStartTimestamp: String(startMs),
      hasFunctionError: 'true',
      errorType,
    }),
  ]
}

const here: Failure = { id: 'here-0000', agoMs: 0 }
const later: Failure = { id: 'later-0000', agoMs: -1000 }

const cases: readonly [what: string, others: readonly Failure[], previous: string | null, within24h: number][] = [
  ['it is the first', [later], null, 0],
  ['one an hour before', [{ id: 'hour-0000', agoMs: 3_600_000 }, later], 'hour-0000', 1],
  [
    'of several the newest',
    [
      { id: 'two-0000', agoMs: 7_200_000 },
      { id: 'hour-0000', agoMs: 3_600_000, message: 'order 4711 is gone' },
    ],
    'hour-0000',
    2,
  ],
  [
    'of one moment the first by id',
    [
      { id: 'b-000000', agoMs: 1000 },
      { id: 'a-000000', agoMs: 1000 },
    ],
    'a-000000',
    2,
  ],
  ['a day to the millisecond counts', [{ id: 'day-0000', agoMs: dayMs }], 'day-0000', 1],
  [
    'an older one is told, and not counted',
    [
      { id: 'old-0000', agoMs: dayMs + 1000 },
      { id: 'older-0000', agoMs: 3 * dayMs },
    ],
    'old-0000',
    0,
  ],
  [
    'other functions and messages are something else',
    [
      { id: 'other-0000', agoMs: 1000, functionName: 'orders2' },
      { id: 'word-0000', agoMs: 1000, message: 'no stock' },
    ],
    null,
    0,
  ],
]

/** Each case has a function and ids of its own, so that one store holds them all. */
const placed = (number: number, of: Failure): Failure => ({
  ...of,
  id: `${number}-${of.id}`,
  functionName: `${of.functionName ?? 'orders'}-${'abcdefgh'[number]}`,
})

test('store and files tell the same failure before', { skip: withoutChdb }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-history-'))
  try {
    const failures = cases.flatMap(([, others], number) => [here, ...others].map(of => placed(number, of)))
    const rows = failures.toSorted((one, other) => other.agoMs - one.agoMs).flatMap(rowsOf)
    writeFileSync(join(folder, 'a.log'), `${rows.join('\n')}\n`)
    const config = 'sources: [{type: file, paths: ["a.log"]}]\nmetrics: {listen: "127.0.0.1:0"}\n'
    writeFileSync(join(folder, 'fcscope.yaml'), config)
    const stored = await run(fcscope, ['run', '--once', '--log-level', 'error'], { folder })
    assert.equal(stored.status, 0, stored.stderr)
    for (const [number, [what, others, previous, within24h]] of cases.entries()) {
      await t.test(what, async () => {
        for (const from of [[], ['--from', 'a.log']]) {
          const { id } = placed(number, here)
          const { status, stdout, stderr } = await run(fcscope, ['trace', id, '--json', ...from], { folder })
          assert.equal(status, 0, stderr)
          const history: FailureHistory | null = JSON.parse(stdout).history
          assert.match(history?.fingerprint ?? '', /^[0-9a-f]{16}$/)
          const told = others.find(({ id: other }) => other === previous)
          const expected = told === undefined ? null : placed(number, told).id
          const found = [history?.previous?.requestId ?? null, history?.previous?.agoMs ?? null, history?.within24h]
          assert.deepEqual(found, [expected, told?.agoMs ?? null, within24h], from.length === 0 ? 'store' : 'files')
        }
      })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
