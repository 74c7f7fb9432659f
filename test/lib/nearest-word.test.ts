import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestWord } from '../../src/lib/nearest-word.ts'

const words = ['sources', 'store', 'state', 'url', 'memoryMB', 'x']
const cases: [typed: string, meant: string | null][] = [
  ['surces', 'sources'],
  ['source', 'sources'],
  ['STATE', 'state'],
  ['memoryMb', 'memoryMB'],
  ['urll', 'url'],
  ['uuu', null],
  ['stxxe', 'store'],
  ['y', null],
  ['', null],
  ['nothing', null],
  ['__proto__', null],
  ['x'.repeat(1_000_000), null],
]
for (const [typed, meant] of cases) {
  test(`${typed.slice(0, 20)} means ${meant}`, () => assert.equal(nearestWord(typed, words), meant))
}
