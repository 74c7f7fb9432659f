// What the engine does with records of partitions: it forgets them when they go, and stores and counts nothing twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordPosition } from '../../src/model/partitioned-source.ts'
import { maxWaitingRows, settleStep } from '../../src/reconstruct/attempt-flow.ts'
import { end, function_, metrics, Rig, row, start } from './partitions/engine-rig.ts'

const [first, second] = ['5b2a2720-8b6b-4d34-ada3-b3edc63bce5b', '6c2a2720-8b6b-4d34-ada3-b3edc63bce5c']

test('lines stand at their records, rows and text alike', () => {
  const rig = new Rig()
  rig.take('0', [row('i', 0, start(first)), row('i', 0, 'hello'), '2025-01-15T08:00:00.000Z plain text\nand more\n'], 5)
  assert.deepEqual(rig.positions, [recordPosition(15, 0), recordPosition(25, 0), recordPosition(25, 36)])
})

test('what came from a partition that went is as if it had never been, and all else is there', () => {
  const rig = new Rig()
  rig.take('0', [row('i', 0, start(first)), row('i', 0, 'one')])
  rig.take('1', [row('j', 0, start(second)), row('j', 0, 'two')])
  rig.abandon('0')
  assert.equal(rig.engine.openAttempts, 1)
  rig.take('1', [row('j', 1, end(second))], 20)
  // Another instance of the same name, as the next owner of the partition would see it.
  rig.take('0', [row('i', 1, end(first))], 20)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['6c ok 1 lines, revision 1', '5b ok 0 lines, revision 1'])
})

test('what is stored already is only made known', () => {
  const rig = new Rig()
  const { engine } = rig
  rig.takeAgain('0', [
    row('i', 0, start(first)),
    row('i', 0, 'one'),
    row('i', 1, end(first)),
    row('i', 2, start(second)),
    '{"broken\n',
  ])
  assert.deepEqual([rig.given, rig.counted, rig.passedOver, rig.rowsPassedOver], [[], [], ['5b'], ['5b']])
  assert.deepEqual([rig.positions, engine.rows().deadLetters.length, rig.deadLetters], [[], 0, 0])
  rig.take('0', [row('i', 3, 'two'), row('i', 3, end(second))], 100)
  engine.giveClosed()
  assert.deepEqual(rig.given, ['6c ok 1 lines, revision 1'], 'what was open then is given out whole')
  assert.deepEqual(rig.counted, ['6c first'])
  assert.deepEqual(rig.positions, [recordPosition(100, 0)])
  // A late line corrects what somebody else gave out.
  rig.take(
    '0',
    [
      `{"__time__":"1736928001",${function_},"instanceID":"i","message":"2025-01-15T08:00:01.000Z ${first} [INFO] late"}\n`,
    ],
    200,
  )
  engine.giveClosed()
  assert.deepEqual(rig.given.slice(1), ['5b ok 2 lines, revision 2'])
})

test('what only time brings to an end was left open by whoever read it before, and is given out', () => {
  const rig = new Rig()
  const before = [row('i', -9, start(second)), row('i', -8, end(second))]
  rig.takeAgain('0', [...before, row('i', 0, start(first)), row('i', 0, 'one'), metrics('i', 1, first)])
  rig.setTime(61_000)
  rig.takeAgain('0', [row('j', 70, 'more that was stored')], 100)
  assert.deepEqual(rig.given, [])
  rig.take('0', [row('j', 71, 'new')], 200)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 1 lines, revision 1'])
})

test('what ends right behind old records is given out at once', () => {
  const rig = new Rig()
  rig.takeAgain('0', [row('i', 0, start(first))])
  rig.take('0', [row('i', 1, end(first))], 100)
  rig.setTime(0)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 0 lines, revision 1'])
})

test('of what is read again in part, what is stored counts', () => {
  const rig = new Rig()
  // Its Start was read by somebody else only; of the other one it is not known what its instance did before.
  rig.takeAgain('0', [row('i', 0, `2025-01-15T08:00:00.000Z ${first} [INFO] one`), metrics('i', 1, first)])
  rig.takeAgain('0', [row('j', 0, start(second)), metrics('j', 1, second)], 50)
  rig.engine.giveAll()
  assert.deepEqual(rig.given, [
    '5b ok 1 lines, revision 1, where there is none',
    '6c ok 0 lines, revision 1, where there is none',
  ])
  rig.take('0', [row('i', 2, `2025-01-15T08:00:02.000Z ${first} [INFO] new`)], 100)
  rig.engine.giveAll()
  assert.deepEqual(rig.given.slice(2), ['5b ok 2 lines, revision 2'])
})

test('a success with its row is known as a whole, whatever its instance did before', () => {
  const rig = new Rig()
  rig.takeAgain('0', [row('i', 0, start(first)), row('i', 1, end(first)), metrics('i', 1, first)])
  rig.takeAgain('0', [row('i', 2, `2025-01-15T08:00:02.000Z ${first} [INFO] late`)], 100)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 1 lines, revision 2'])
})

test('what is read again is given out when there is no room for it', () => {
  const rig = new Rig()
  rig.takeAgain('0', [row('i', 0, start(first)), metrics('i', 1, first)])
  const idOf = (n: number): string => `${String(n).padStart(8, '0')}-8b6b-4d34-ada3-b3edc63bce5b`
  for (let n = 0; n < maxWaitingRows + settleStep; n += 1000) {
    const ids = Array.from({ length: 1000 }, (_, i) => idOf(n + i))
    rig.takeAgain(
      '0',
      ids.flatMap(id => [row('j', 2, start(id)), row('j', 2, end(id))]),
      100 + n * 20,
    )
  }
  assert.deepEqual(rig.given, ['5b ok 0 lines, revision 1, where there is none'])
})

test('the oldest attempt that may still change tells from where to read again', () => {
  const rig = new Rig()
  const { engine } = rig
  assert.deepEqual([engine.oldestNumber(0), engine.nextNumber], [0, 0])
  rig.take('0', [row('i', 0, start(first))])
  rig.take('1', [row('j', 0, start(second)), row('j', 0, end(second))])
  assert.deepEqual([engine.oldestNumber(0), engine.nextNumber], [0, 2])
  rig.take('0', [row('i', 1, end(first))], 20)
  engine.setTime(Date.UTC(2026, 0, 1) + 10_000)
  assert.equal(engine.oldestNumber(20_000), 0, 'closed a moment ago')
  assert.equal(engine.oldestNumber(5000), 2, 'closed long ago')
})
