// The same as truth.test.ts with far more traffic. FCSCOPE_PROPERTY_RUNS sets the number of seeds per form.
import { test } from 'node:test'
import { assertTruth } from './compare-with-truth.ts'
import { faultForms, trafficForms } from './traffic-forms.ts'

const seeds = Number(process.env['FCSCOPE_PROPERTY_RUNS'] ?? 50)
/** Fault mixes are many: together they get about as many seeds as the forms. */
const faultSeeds = Math.max(2, Math.ceil(seeds / 4))

/** All seeds are tried before a failure is reported: how many fail says more than that one does. */
async function assertSeeds(options: Parameters<typeof assertTruth>[0], count: number): Promise<void> {
  const failures: string[] = []
  for (let seed = 1000; seed < 1000 + count; seed++) {
    try {
      await assertTruth({ ...options, seed })
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (failures.length > 0) throw new Error(`${failures.length} of ${count} seeds: ${failures.slice(0, 3).join('\n')}`)
}

for (const { name, options } of trafficForms) {
  test(`reconstruct finds the truth in much ${name}`, () => assertSeeds({ ...options, attempts: 500 }, seeds))
}

for (const { name, options } of faultForms) {
  test(`reconstruct finds the truth in ${name}`, () => assertSeeds({ ...options, attempts: 300 }, faultSeeds))
}
