// Of every attempt its newest revision counts, and no other one, while the engine still holds them all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqlText } from '../../src/lib/sql-text.ts'
import { failureStatuses } from '../../src/model/failure.ts'
import { hasCorrections } from '../../src/store/errors/failed-attempts.ts'
import { failureCounts, failuresAt, likeFailures } from '../../src/store/errors/failure-counts.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openTemporary, withoutChdb } from './temporary-store.ts'

/** One revision; what is not given is that of an attempt that failed at 8:00. */
interface Revision {
  readonly requestId: string
  readonly status?: string
  readonly message?: string
  readonly time?: string
  readonly generation?: number
  readonly revision?: number
  readonly deleted?: 0 | 1
}

const valuesOf = (of: Revision, functionName: string): string => {
  const { requestId, status = 'unhandledError', message = 'order 17 is gone', time = '08:00:00', deleted = 0 } = of
  const texts = [`${functionName}-${requestId}`, status, message, `2025-01-15 ${time}`].map(sqlText)
  return `(${texts.join(', ')}, 'invoke', 'end', ${sqlText(functionName)}, 'TypeError', ${of.generation ?? 1}, ${of.revision ?? 1}, ${deleted}, '0', 1, now64(3))`
}

const cases: readonly [what: string, revisions: readonly Revision[], expected: Readonly<Record<string, number>>][] = [
  [
    'nothing was corrected',
    [{ requestId: 'a' }, { requestId: 'b', message: 'order 28 is gone' }],
    { 'unhandledError order 00 is gone': 2 },
  ],
  [
    'a failure that was none',
    [{ requestId: 'a' }, { requestId: 'a', status: 'ok', revision: 2 }, { requestId: 'b' }],
    { 'unhandledError order 00 is gone': 1 },
  ],
  [
    'one that became one',
    [
      { requestId: 'a', status: 'ok' },
      { requestId: 'a', status: 'timeout', revision: 2 },
    ],
    { 'timeout order 00 is gone': 1 },
  ],
  [
    'another kind of failure',
    [
      { requestId: 'a' },
      { requestId: 'a', status: 'timeout', revision: 2 },
      { requestId: 'a', status: 'processExited', revision: 3 },
    ],
    { 'processExited order 00 is gone': 1 },
  ],
  ['withdrawn', [{ requestId: 'a' }, { requestId: 'a', revision: 2, deleted: 1 }], {}],
  ['moved out of the period', [{ requestId: 'a' }, { requestId: 'a', revision: 2, time: '23:00:00' }], {}],
  [
    'a later generation of the state',
    [
      { requestId: 'a', revision: 3 },
      { requestId: 'a', status: 'ok', generation: 2 },
    ],
    {},
  ],
  [
    'what knew less',
    [
      { requestId: 'a', generation: 0 },
      { requestId: 'a', status: 'timeout' },
    ],
    { 'timeout order 00 is gone': 1 },
  ],
  ['only what knows less', [{ requestId: 'a', generation: 0 }], { 'unhandledError order 00 is gone': 1 }],
]

const wish = {
  functions: [],
  statuses: failureStatuses,
  fromMs: Date.parse('2025-01-15T07:00:00Z'),
  toMs: Date.parse('2025-01-15T09:00:00Z'),
}

test('of every attempt the newest revision counts', { skip: withoutChdb }, async t => {
  const { store, close } = await openTemporary()
  try {
    await migrate(store, { retentionDays: 7 })
    for (const [number, [what, revisions, expected]] of cases.entries()) {
      await t.test(what, async () => {
        const name = `f${number}`
        // An insert each, as batches are: within one the engine would keep the newest only.
        for (const revision of revisions) {
          await store.run(`INSERT INTO attempts (requestId, status, errorMessage, startTime, phase, closedBy, functionName, errorType,
            generation, revision, deleted, position, batchId, firstStoredAt) VALUES ${valuesOf(revision, name)}`)
        }
        const asked = { ...wish, functions: [name], isCorrected: await hasCorrections(store) }
        assert.equal(asked.isCorrected, number > 0)
        const { counts, failures } = await failureCounts(store, asked)
        const found = counts.map(({ kind, count }) => [`${kind.status} ${kind.message}`, count] as const)
        assert.deepEqual(Object.fromEntries(found), expected)
        assert.equal(
          failures,
          counts.reduce((sum, { count }) => sum + count, 0),
        )
        const requests = await failuresAt(
          store,
          asked,
          counts.flatMap(({ newestMs }) => newestMs),
        )
        const ids = requests.map(({ request }) => request.requestId.replace(`${name}-`, '')).toSorted()
        assert.deepEqual(
          ids,
          failures === 2 ? ['a', 'b'] : failures === 0 ? [] : [what === 'a failure that was none' ? 'b' : 'a'],
        )
        const like = await likeFailures(store, asked)
        assert.deepEqual(
          like.map(({ kind, count }) => [`${kind.status} ${kind.message}`, count]),
          found,
        )
        assert.deepEqual(
          like.map(({ newest }) => newest),
          ids.slice(0, 1).map(id => ({ requestId: `${name}-${id}`, timeMs: Date.parse('2025-01-15T08:00:00Z') })),
        )
      })
    }
    // A function that nobody knows is matched by stars alone.
    await store.run(`INSERT INTO attempts (requestId, status, startTime, phase, closedBy, generation, revision, position, batchId, firstStoredAt)
      VALUES ('nameless', 'timeout', '2025-01-15 08:00:00', 'invoke', 'end', 1, 1, '0', 1, now64(3))`)
    await t.test('names are patterns with stars, and nothing else in them is one', async () => {
      const asked = async (name: string): Promise<number> =>
        (await failureCounts(store, { ...wish, isCorrected: true, functions: [name] })).failures
      const names = ['f0', '*', '**', 'f*', '*0', 'f_', 'f%', 'F0', "'", '\\\\']
      assert.deepEqual(await Promise.all(names.map(asked)), [2, 8, 8, 7, 2, 0, 0, 0, 0, 0])
    })
  } finally {
    await close()
  }
})
