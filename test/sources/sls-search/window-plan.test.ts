// Spans are divided until few rows are in each window, in order of time, without a gap.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Seconds } from '../../../src/sources/sls-search/search-api.ts'
import { type Window, WindowPlan } from '../../../src/sources/sls-search/window-plan.ts'

interface Divided {
  readonly windows: readonly Window[]
  readonly counts: number
}

/** `times`: of the rows, in seconds. */
async function divide(times: readonly number[], spans: readonly Seconds[], maxRows: number): Promise<Divided> {
  const countOf = ({ from, to }: Seconds): number => times.filter(time => time >= from && time < to).length
  let counts = 0
  const count = async (window: Seconds): Promise<number> => {
    counts += 1
    return countOf(window)
  }
  const plan = new WindowPlan(
    spans.map(span => ({ ...span, rows: countOf(span) })),
    { maxRows, count },
  )
  const windows: Window[] = []
  for (let window = await plan.next(); window !== null; window = await plan.next()) windows.push(window)
  return { windows, counts }
}

const cases: [
  what: string,
  times: number[],
  spans: [number, number][],
  maxRows: number,
  windows: [number, number, number][],
][] = [
  ['few rows: one window, nothing is counted again', [1, 5], [[0, 10]], 2, [[0, 10, 2]]],
  ['no rows: no window', [], [[0, 10]], 2, []],
  [
    'halves',
    [0, 1, 2, 3],
    [[0, 4]],
    2,
    [
      [0, 2, 2],
      [2, 4, 2],
    ],
  ],
  ['empty halves are left out', [7, 7, 7], [[0, 8]], 2, [[7, 8, 3]]],
  [
    'a second is not divided',
    [3, 3, 3, 4],
    [[0, 8]],
    2,
    [
      [3, 4, 3],
      [4, 8, 1],
    ],
  ],
  [
    'spans stay apart',
    [1, 2, 11, 12],
    [
      [0, 10],
      [10, 20],
    ],
    4,
    [
      [0, 10, 2],
      [10, 20, 2],
    ],
  ],
]
for (const [what, times, spans, maxRows, expected] of cases) {
  test(what, async () => {
    const { windows } = await divide(
      times,
      spans.map(([from, to]) => ({ from, to })),
      maxRows,
    )
    assert.deepEqual(
      windows.map(({ from, to, rows }) => [from, to, rows]),
      expected,
    )
  })
}

test('a half is counted, the other one follows', async () => {
  const times = Array.from({ length: 1024 }, (_, i) => i)
  const { windows, counts } = await divide(times, [{ from: 0, to: 1024 }], 64)
  assert.deepEqual([windows.length, counts], [16, 15])
})

test('rows that came between two counts', async () => {
  const plan = new WindowPlan([{ from: 0, to: 8, rows: 3 }], {
    maxRows: 2,
    count: async ({ from }) => (from === 0 ? 5 : 4),
  })
  // The earlier half has more than the whole had: the later one is counted, too.
  const halves = await plan.divide({ from: 0, to: 8, rows: 3 })
  assert.deepEqual(halves, [
    { from: 4, to: 8, rows: 4 },
    { from: 0, to: 4, rows: 5 },
  ])
})

test('whatever the rows: every one is in a window, each window has few rows or one second', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 12 }),
      async (times, maxRows) => {
        const spans = [
          { from: 0, to: 100 },
          { from: 100, to: 300 },
        ]
        const { windows } = await divide(times, spans, maxRows)
        let behind = 0
        for (const { from, to, rows } of windows) {
          assert.ok(from >= behind && to > from)
          behind = to
          assert.ok(rows <= maxRows || to - from === 1)
          assert.ok(to <= 100 || from >= 100)
        }
        assert.equal(
          windows.reduce((sum, { rows }) => sum + rows, 0),
          times.length,
        )
      },
    ),
  )
})
