// However often a partition changes hands, the store ends up with what one worker would have stored that nothing happened to.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { generateAll } from '../generate/run-generator.ts'
import { instanceStreams, merge, mergeOrder } from '../property/instance-streams.ts'
import { type HandoverStep, type PlayOptions, play } from './handover/play.ts'
import type { AttemptJson } from './run-batch.ts'
import { faultForms, trafficForms } from './traffic-forms.ts'

const to = fc.integer({ min: 0, max: 1 })

/** `waits`: together shorter than what is waited for late records, unless the records have times of their own. */
const stepsWith = (waits: readonly number[], most: number): fc.Arbitrary<HandoverStep[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: most }) }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(...waits) }) },
      { weight: 4, arbitrary: fc.constantFrom({ kind: 'close' as const }, { kind: 'note' as const }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 3 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constantFrom('giveUp' as const, 'lose' as const, 'crash' as const), to }),
      },
    ),
    { maxLength: 40 },
  )

/** In any order, and without what only a follower knows: how often an attempt was corrected. */
const sorted = (attempts: readonly AttemptJson[]): string[] =>
  attempts.map(attempt => JSON.stringify({ ...attempt, revision: 1 })).sort()

export async function assertSameStored(
  records: readonly Buffer[],
  steps: readonly HandoverStep[],
  how: PlayOptions = {},
): Promise<void> {
  const expected = await play(records, steps, { ...how, isDisturbed: false })
  const found = await play(records, steps, { ...how, isDisturbed: true })
  assert.deepEqual(sorted(found.attempts), sorted(expected.attempts))
  assert.deepEqual(found.lineOwners, expected.lineOwners)
}

export const recordsOf = (text: string): Buffer[] =>
  text.split('\n').flatMap(line => (line === '' ? [] : [Buffer.from(`${line}\n`)]))

/** Rows of a few instances in any order. */
export const oddRecordsGoOn = fc.asyncProperty(
  instanceStreams,
  mergeOrder,
  stepsWith([64, 320, 1000], 12),
  async (streams, order, steps) => assertSameStored(recordsOf(merge(streams, order)), steps),
)

const forms = [...trafficForms, ...faultForms].filter(
  ({ options }) => options.format === 'sls' && options.shuffle !== true,
)

/** Of a row, unix ms. */
const timeOf = (record: Buffer): number => {
  const row: Record<string, string> = JSON.parse(record.toString('utf8'))
  return Number(row['__time__']) * 1000 + Number(row['__time_ns_part__'] ?? 0) / 1_000_000
}

/** Generated traffic that comes at its times: what is long over is not read again. */
export const trafficGoesOn = fc.asyncProperty(
  fc.constantFrom(...forms),
  fc.nat(10_000),
  stepsWith([64, 1000], 80),
  async ({ options }, seed, steps) => {
    const records = recordsOf(generateAll({ ...options, attempts: 60, seed }).lines.join(''))
    const startMs = timeOf(records[0]!)
    const timesMs = records.map(record => timeOf(record) - startMs)
    await assertSameStored(records, steps, { timesMs, allowedLatenessMs: 10_000 })
  },
)
