// A partition that goes from hand to hand, in memory.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAlways, fewRuns } from '../property/property-runs.ts'
import { end, metricsRow, row, start } from '../reconstruct/scenario.ts'
import { type HandoverStep, play } from './handover/play.ts'
import { assertSameStored, oddRecordsGoOn, recordsOf, trafficGoesOn } from './handover-property.ts'

test('odd records of a few instances, through many hands', async () => {
  await assertAlways(oddRecordsGoOn, { ...fewRuns, limitMs: 4000 })
})

test('generated traffic that comes at its times, through many hands', async () => {
  await assertAlways(trafficGoesOn, { ...fewRuns, limitMs: 4000 })
})

const [first, second] = ['5b2a2720-8b6b-4d34-ada3-b3edc63bce5b', '6c2a2720-8b6b-4d34-ada3-b3edc63bce5c']
const ofSecond = row(400, `2025-01-15T12:00:00.400Z ${second} [INFO] one`)
const startBody = '{"ErrorCode":"CAFileNotFound","ErrorMessage":"The function cannot be started. gone"}'
const failed = { hasFunctionError: 'true', errorType: 'FunctionUnhandledError' }

/** Worker 0 reads up to `cut`, in one batch or in many, and gives the partition up to worker 1, which reads it to its end. */
const cutAt = (cut: number, { together }: { together: boolean }): HandoverStep[] => [
  ...(together ? [{ kind: 'take', count: cut } as const] : Array.from({ length: cut }, () => oneByOne).flat()),
  { kind: 'giveUp', to: 1 },
]
const oneByOne: readonly HandoverStep[] = [{ kind: 'take', count: 1 }, { kind: 'close' }]

/** What is stored in the end, wherever the partition changes hands: lines, flags and the like of every attempt, in the order of ids. */
const stories: readonly {
  readonly name: string
  readonly records: readonly string[]
  readonly attempts: readonly Record<string, unknown>[]
}[] = [
  {
    name: 'a line without an id, of an attempt without its Start, while another that lost its End is open',
    records: [row(0, start(first)), metricsRow(first, 0, 100), ofSecond, row(500, 'whose?'), row(600, end(second))],
    attempts: [
      { lines: 0, flags: ['missingEnd'] },
      { lines: 2, flags: ['missingStart'] },
    ],
  },
  {
    name: 'the row that says whose such a line is comes last',
    records: [row(0, start(first)), ofSecond, row(500, 'whose?'), row(600, end(second)), metricsRow(first, 0, 100)],
    attempts: [
      { lines: 0, flags: ['missingEnd'] },
      { lines: 2, flags: ['missingStart'] },
    ],
  },
  {
    name: 'the End comes after all, and the line is nobody’s again',
    records: [
      row(0, start(first)),
      metricsRow(first, 0, 100),
      ofSecond,
      row(500, 'whose?'),
      row(600, end(second)),
      row(700, end(first)),
    ],
    attempts: [{ lines: 0 }, { lines: 1 }],
  },
  {
    name: 'one that is retried',
    records: [row(0, start(first)), row(10, end(first)), row(5000, start(first)), row(5010, end(first))],
    attempts: [
      { attempt: 0, flags: ['retried'] },
      { attempt: 1, flags: ['retried'] },
    ],
  },
  {
    name: 'one of which only the row is known, and that is retried',
    records: [
      metricsRow(first, 0, 100, { ...failed, retryCount: '0' }),
      metricsRow(first, 9000, 100, { retryCount: '1' }),
    ],
    attempts: [
      { attempt: 0, flags: ['retried', 'metricsOnly'] },
      { attempt: 1, flags: ['retried', 'metricsOnly'] },
    ],
  },
  {
    name: 'the copy of a Start',
    records: [row(0, start(first)), row(10, end(first)), row(20, start(first))],
    attempts: [{ flags: ['duplicateMarkers'] }],
  },
  {
    name: 'the start of a runtime',
    records: [row(0, 'FunctionCompute python3 runtime inited.'), row(10, start(first)), row(20, end(first))],
    attempts: [{ coldStart: true }],
  },
  {
    name: 'an initialization and its first invocation',
    records: [
      row(0, `FC Initialize Start RequestId: ${first}`),
      row(50, `FC Initialize End RequestId: ${first}`),
      row(60, start(second)),
      row(70, end(second)),
    ],
    attempts: [{ phase: 'initialize' }, { phase: 'invoke', coldStart: true, initializeMs: 50 }],
  },
  {
    name: 'a start failure and its row',
    records: [row(50, startBody), metricsRow(first, 0, 100, failed)],
    attempts: [{ status: 'startFailed', lines: 1 }],
  },
]

/** All of it is read; what it was is over for long, and given out by the clock; other records come, and then the next worker. */
const longOver = (count: number): HandoverStep[] => [
  { kind: 'take', count },
  ...Array.from({ length: 3 }, (): HandoverStep[] => [{ kind: 'close' }, { kind: 'wait', ms: 61_000 }]).flat(),
  { kind: 'take', count: 1 },
  { kind: 'giveUp', to: 1 },
]

const elsewhere = { instanceID: 'c-9' }
const others = ['x', 'y'].flatMap((id, at) => [
  row(400_000 + at * 1000, start(id), elsewhere),
  row(400_500 + at * 1000, end(id), elsewhere),
])

for (const { name, records, attempts } of stories) {
  const mustBeStored = async (all: readonly string[], steps: readonly HandoverStep[], about: string): Promise<void> => {
    const bytes = recordsOf(all.join('\n'))
    const played = await play(bytes, steps, { isDisturbed: true })
    const told = played.attempts
      .filter(({ instanceID }) => instanceID !== elsewhere.instanceID)
      .toSorted((a, b) => (`${a.requestId} ${a.attempt}` < `${b.requestId} ${b.attempt}` ? -1 : 1))
      .map((attempt, index) => pick(attempt, attempts[index] ?? {}))
    assert.deepEqual(told, attempts, about)
    await assertSameStored(bytes, steps)
  }

  test(`wherever the partition changes hands: ${name}`, async () => {
    for (let cut = 0; cut <= records.length; cut += 1) {
      await mustBeStored(records, cutAt(cut, { together: true }), `after ${cut} records`)
      await mustBeStored(records, cutAt(cut, { together: false }), `after ${cut} records, one by one`)
    }
  })

  test(`long before the partition changes hands: ${name}`, () =>
    mustBeStored([...records, ...others], longOver(records.length), 'long over'))
}

test('an attempt whose beginning is not read again stays as it was stored, though it is retried', async () => {
  const oneMinute: HandoverStep[] = [{ kind: 'close' }, { kind: 'wait', ms: 61_000 }]
  // The one that is open lets reading begin between the two lines.
  const records = [
    row(0, `2025-01-15T12:00:00.000Z ${first} [INFO] one`),
    row(10, start(second), elsewhere),
    row(20, `2025-01-15T12:00:00.020Z ${first} [INFO] two`),
    row(30, end(first)),
    row(200_000, start(first)),
    row(200_010, end(first)),
  ]
  const steps: HandoverStep[] = [
    ...[...oneByOne, ...oneByOne],
    { kind: 'take', count: 2 },
    ...[...oneMinute, ...oneMinute],
    { kind: 'giveUp', to: 1 },
  ]
  const { attempts } = await play(recordsOf(records.join('\n')), steps, { isDisturbed: true })
  const told = attempts.filter(({ requestId }) => requestId === first).map(({ attempt, lines }) => [attempt, lines])
  assert.deepEqual(told.toSorted(), [
    [0, 2],
    [1, 0],
  ])
})

const pick = (from: Record<string, unknown>, like: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.keys(like).map(key => [key, from[key]]))
