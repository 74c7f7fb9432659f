// The same as truth.test.ts with far more traffic. FCSCOPE_PROPERTY_RUNS sets the number of seeds per form, as far as time allows.
import { test } from 'node:test'
import { assertTruth } from './compare-with-truth.ts'
import { faultForms, trafficForms } from './traffic-forms.ts'

/** How many seeds are wanted, how many are tried however long they take, and when no further one is begun. */
interface Seeds {
  readonly wanted: number
  readonly atLeast: number
  readonly limitMs: number
}

const wanted = Number(process.env['FCSCOPE_PROPERTY_RUNS'] ?? 50)
const formSeeds: Seeds = { wanted, atLeast: 50, limitMs: 10_000 }
/** Fault mixes are many: together they get about as many seeds as the forms. */
const faultSeeds: Seeds = { wanted: Math.ceil(wanted / 4), atLeast: 10, limitMs: 4_000 }

/** All seeds are tried before a failure is reported: how many fail says more than that one does. */
async function assertSeeds(options: Parameters<typeof assertTruth>[0], seeds: Seeds): Promise<void> {
  const failures: string[] = []
  const startMs = performance.now()
  let count = 0
  for (; count < seeds.wanted; count++) {
    if (count >= seeds.atLeast && performance.now() - startMs > seeds.limitMs) break
    const seed = 1000 + count
    try {
      await assertTruth({ ...options, seed })
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (failures.length > 0) throw new Error(`${failures.length} of ${count} seeds: ${failures.slice(0, 3).join('\n')}`)
}

for (const { name, options } of trafficForms) {
  test(`reconstruct finds the truth in much ${name}`, () => assertSeeds({ ...options, attempts: 500 }, formSeeds))
}

for (const { name, options } of faultForms) {
  test(`reconstruct finds the truth in ${name}`, () => assertSeeds({ ...options, attempts: 300 }, faultSeeds))
}
