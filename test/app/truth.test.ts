import { test } from 'node:test'
import { assertTruth } from './compare-with-truth.ts'
import { trafficForms } from './traffic-forms.ts'

for (const { name, options } of trafficForms) {
  test(`reconstruct finds the truth in ${name}`, async () => {
    for (const seed of [1, 11]) await assertTruth({ ...options, seed, attempts: 250 })
  })
}
