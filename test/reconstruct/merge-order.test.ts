// Rule 10 of the contract where a small story shows it best: instances merged in two orders.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconstruct } from '../app/run-batch.ts'
import { end, metricsRow, row, start } from './scenario.ts'

/** One story in two merges of its instances. */
interface Merged {
  readonly name: string
  readonly merges: readonly [readonly string[], readonly string[]]
}

const other = (ms: number, message: string): string => row(ms, message, { instanceID: 'c-2' })
const nameless = [row(0, start('None')), row(10, end('None'))]
const otherNameless = [other(0, start('None')), other(10, end('None'))]
const waiting = [row(0, start('a')), row(10, start('b')), row(342, 'whose?')]
const waited = [row(500, 'of b'), row(600, end('b')), metricsRow('a', 0, 400)]

const stories: readonly Merged[] = [
  {
    name: 'attempts without an id are told apart by what does not change',
    merges: [
      [...nameless, ...otherNameless],
      [...otherNameless, ...nameless],
    ],
  },
  {
    name: 'lines that wait do not care what begins elsewhere',
    merges: [
      [...waiting, ...waited, other(350, start('z'))],
      [...waiting, other(350, start('z')), ...waited],
    ],
  },
]

for (const { name, merges } of stories) {
  test(name, async () => {
    const [first, second] = merges
    const found = await reconstruct({ inputs: [first.join('\n')] })
    assert.deepEqual(await reconstruct({ inputs: [second.join('\n')] }), found)
  })
}
