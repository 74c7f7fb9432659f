// From where the next one has to read that has a partition, and what it may say of what it reads again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { end, metrics, Rig, row, start } from './partitions/engine-rig.ts'

const [first, second] = ['5b2a2720-8b6b-4d34-ada3-b3edc63bce5b', '6c2a2720-8b6b-4d34-ada3-b3edc63bce5c']

const alive: readonly { readonly name: string; readonly before: readonly string[]; readonly number: number }[] = [
  {
    name: 'what shares undecided lines with an open one',
    before: [
      row('i', 0, `2025-01-15T08:00:00.000Z ${first} [INFO] one`),
      row('i', 0, start(second)),
      row('i', 0, 'whose?'),
      row('i', 1, end(first)),
    ],
    number: 0,
  },
  {
    name: 'that what is open may be a copy of',
    before: [start(first), end(first), start(first)].map(text => row('i', 0, text)),
    number: 0,
  },
  {
    name: 'one that is alone',
    before: [start(first), end(first), start(second)].map(text => row('i', 0, text)),
    number: 1,
  },
]

for (const { name, before, number } of alive) {
  test(`long after it closed, read again is ${name}`, () => {
    const rig = new Rig()
    rig.take('0', before)
    rig.setTime(10_000)
    assert.equal(rig.engine.oldestNumber(5000), number)
  })
}

for (const message of [
  'FunctionCompute python3 runtime inited.',
  'Function instance health check failed on port 9000 in 120 seconds.',
]) {
  test(`for a while the next one that reads has to see: ${message}`, () => {
    const rig = new Rig()
    rig.take('0', [row('j', 0, start(second)), row('j', 0, end(second)), row('i', 0, message)])
    rig.setTime(10_000)
    assert.equal(rig.engine.oldestNumber(20_000), 0)
    rig.take('0', [row('j', 10, start(first)), row('j', 10, end(first)), row('i', 10, message)], 100)
    assert.equal(rig.engine.oldestNumber(5000), 2)
    rig.setTime(30_000)
    assert.equal(rig.engine.oldestNumber(15_000), rig.engine.nextNumber)
  })
}

test('when something came last of attempts that began early: of them, their rows and copies of them', () => {
  const rig = new Rig()
  const { engine } = rig
  const startMs = Date.UTC(2026, 0, 1)
  const tickMs = 64
  const mustBe = (number: number, ms: number): void =>
    assert.equal(engine.lastRecordMs(number), Math.floor((startMs + ms) / tickMs) * tickMs)
  rig.take('0', [row('i', 0, start(first)), row('i', 0, end(first)), row('j', 0, start(second))])
  assert.equal(engine.lastRecordMs(0), Number.NEGATIVE_INFINITY)
  mustBe(1, 0)
  rig.setTime(1000)
  rig.take('0', [row('i', 1, `2025-01-15T08:00:01.000Z ${first} [INFO] late`)], 100)
  mustBe(1, 1000)
  rig.setTime(2000)
  rig.take('0', [metrics('i', 1, first)], 200)
  mustBe(1, 2000)
  rig.setTime(3000)
  rig.take('0', [row('j', 3, end(second))], 300)
  mustBe(1, 2000)
  mustBe(2, 3000)
  assert.equal(engine.momentMs, Math.floor((startMs + 3000) / tickMs) * tickMs)
})

test('what something new came of is given out as it is known, and so is what that may be a copy of', () => {
  const rig = new Rig()
  rig.takeAgain(
    '0',
    [start(first), end(first), start(first)].map(text => row('i', 0, text)),
  )
  rig.take('0', [row('i', 0, end(first))], 100)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 0 lines, revision 2'])
})

test('of what is read again as a whole, what this engine finds is right', () => {
  const rig = new Rig()
  rig.engine.setKeeping({ rows: false, counts: false, isWhole: true })
  rig.take('0', [row('i', 0, `2025-01-15T08:00:00.000Z ${first} [INFO] one`), metrics('i', 1, first)])
  rig.engine.giveAll()
  assert.deepEqual(rig.given, ['5b ok 1 lines, revision 1'])
})
