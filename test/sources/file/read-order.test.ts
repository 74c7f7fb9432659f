import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstTime } from '../../../src/sources/file/first-time.ts'
import { type Dated, oldestOf, precedes } from '../../../src/sources/file/read-order.ts'

const second = 1_000_000_000n

/** A file of 100 s, unless something else is said. */
const dated = (path: string, other: Partial<Dated> = {}): Dated => ({
  path,
  original: path,
  mtimeNs: 100n * second,
  isPlaced: true,
  isEarly: false,
  firstTime: '',
  ...other,
})
const at = (seconds: number): { mtimeNs: bigint } => ({ mtimeNs: BigInt(Math.round(seconds * 1000)) * 1_000_000n })
const early = { isEarly: true }

const cases: readonly { readonly name: string; readonly first: Dated; readonly next: Dated }[] = [
  { name: 'the rotated one, even when it was written later', first: dated('a.log.1', at(105)), next: dated('a.log') },
  { name: 'the archive of a rotated one', first: dated('a.log.2.gz', at(105)), next: dated('a.log') },
  { name: 'the dated rotation', first: dated('a-20260101.log', at(105)), next: dated('a.log') },
  {
    name: 'what stood at the path before',
    first: dated('x', { original: 'a.log', isPlaced: false, ...at(105) }),
    next: dated('a.log'),
  },
  { name: 'of two numbers the older one, 1', first: dated('a.log.1', at(50)), next: dated('a.log.2') },
  { name: 'of two numbers the older one, 2', first: dated('a.log.2', at(50)), next: dated('a.log.1') },
  {
    name: 'of copied ones the higher number',
    first: dated('a.log.2', { ...early, ...at(100.5) }),
    next: dated('a.log.1', early),
  },
  {
    name: 'of copied ones the one that says so',
    first: dated('a.log.1', { ...early, ...at(100.5), firstTime: '2026-01-01 08:00:00' }),
    next: dated('a.log.2', { ...early, firstTime: '2026-01-01 08:00:01Z' }),
  },
  {
    name: 'the one that says so with certainty, whatever its time is',
    first: dated('a.log.1', { ...early, ...at(500), firstTime: '2026-01-01 08:00:00Z' }),
    next: dated('a.log.2', { ...early, firstTime: '2026-01-01 08:00:01Z' }),
  },
  {
    name: 'the one that is older, when what they say may be of two zones',
    first: dated('a.log.1', { ...early, firstTime: '2026-01-01 16:00:00' }),
    next: dated('a.log.2', { ...early, ...at(500), firstTime: '2026-01-01 08:00:01Z' }),
  },
  { name: 'of two days the one that is older', first: dated('a-20260102.log', at(50)), next: dated('a-20260101.log') },
  {
    name: 'of two that are gone the one that is older',
    first: dated('a.log.1', { isPlaced: false, ...at(50) }),
    next: dated('a.log.2', { isPlaced: false }),
  },
  {
    name: 'of two of one time the one that sorts first',
    first: dated('a-20260101.log'),
    next: dated('a-20260102.log'),
  },
  {
    name: 'of a copy and what was written at the same time the copy, when one of them is gone',
    first: dated('a.log.1', { isPlaced: false }),
    next: dated('a.log'),
  },
  {
    name: 'of a copy that is gone and what was written at the same time and is gone the copy',
    first: dated('a.log.1', { isPlaced: false }),
    next: dated('a.log', { isPlaced: false }),
  },
]

for (const { name, first, next } of cases) {
  test(`read first: ${name}`, () => {
    assert.equal(precedes(first, next), true)
    assert.equal(precedes(next, first), false)
    assert.equal(oldestOf([next, first]), first)
  })
}

test('the oldest of none is none', () => {
  assert.equal(oldestOf([]), null)
})

const heads: readonly { readonly head: string; readonly time: string }[] = [
  { head: 'FC Invoke Start RequestId: 1\n2025-01-15T08:12:27.511Z 1 [INFO] text\n', time: '2025-01-15 08:12:27Z' },
  { head: '2025-01-15 08:12:27 a\n', time: '2025-01-15 08:12:27' },
  { head: '2025-01-15 16:12:27,500 a\n2025-01-15T08:12:28Z b\n', time: '2025-01-15 08:12:28Z' },
  { head: '2025-01-15T08:12:29Z a\n2025-01-15T08:11:28Z late\n', time: '2025-01-15 08:12:29Z' },
  { head: '{"__time__":1736928747,"message":"a"}\n', time: '2025-01-15 08:12:27Z' },
  { head: 'no time\n', time: '' },
  { head: '', time: '' },
]

for (const { head, time } of heads) {
  test(`first time of ${JSON.stringify(head)}`, () => {
    assert.equal(firstTime(Buffer.from(head)), time)
  })
}
