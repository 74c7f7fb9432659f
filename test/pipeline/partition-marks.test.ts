import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionNote } from '../../src/model/handover.ts'
import { type Mark, PartitionMarks, planReading } from '../../src/pipeline/partition-marks.ts'

const note = (other: Partial<PartitionNote> = {}): PartitionNote => ({
  partition: 'p',
  position: 500,
  replayFrom: 400,
  wholeFrom: 450,
  worker: 1,
  epoch: 1,
  generation: 3,
  hasEnded: false,
  streamIds: [],
  ...other,
})

const plans: readonly {
  readonly name: string
  readonly given: Partial<Parameters<typeof planReading>[0]>
  readonly expected: readonly [from: number, stored: number, counted: number]
}[] = [
  { name: 'nobody has noted anything', given: { position: 70, note: null }, expected: [70, 70, 70] },
  { name: 'the group knows the note', given: { position: 500, note: note() }, expected: [400, 500, 500] },
  { name: 'the group has not heard of it yet', given: { position: 300, note: note() }, expected: [400, 500, 500] },
  { name: 'somebody else has read on', given: { position: 501, note: note() }, expected: [501, 501, 501] },
  {
    name: 'the group has forgotten everything',
    given: { position: 0, isFromGroup: false, note: note() },
    expected: [400, 500, 500],
  },
  { name: 'some of it has expired', given: { position: 500, first: 430, note: note() }, expected: [430, 500, 500] },
  { name: 'all of it has expired', given: { position: 500, first: 700, note: note() }, expected: [500, 500, 500] },
  {
    name: 'this worker had come further than what is stored',
    given: { position: 500, note: note(), taken: 540 },
    expected: [400, 500, 540],
  },
  {
    name: 'another worker wrote the note since',
    given: { position: 500, note: note({ worker: 2 }), taken: 540 },
    expected: [400, 500, 500],
  },
]

for (const { name, given, expected } of plans) {
  test(`where reading begins: ${name}`, () => {
    const { from, stored, counted } = planReading({
      position: 0,
      isFromGroup: true,
      first: 0,
      note: null,
      worker: 1,
      taken: null,
      ...given,
    })
    assert.deepEqual([from, stored, counted], expected)
  })
}

const wholes: readonly {
  readonly name: string
  readonly first: number
  readonly note: PartitionNote
  readonly from: number
}[] = [
  { name: 'as it was noted', first: 0, note: note(), from: 450 },
  { name: 'not before reading begins', first: 0, note: note({ wholeFrom: 300 }), from: 400 },
  { name: 'not behind what is stored', first: 0, note: note({ wholeFrom: 510 }), from: 500 },
  { name: 'nothing that is stored, when the first records are gone', first: 401, note: note(), from: 500 },
]

for (const { name, first, note, from } of wholes) {
  test(`from where on attempts are known as a whole: ${name}`, () => {
    const plan = planReading({ position: 500, isFromGroup: true, first, note, worker: 1, taken: null })
    assert.equal(plan.whole, from)
  })
}

test('the mark behind a moment is the first that was set later', () => {
  const marks = new PartitionMarks(latenessMs)
  for (const batch of [1, 2, 3]) marks.add(mark(batch), 0)
  assert.equal(marks.behind(Number.NEGATIVE_INFINITY)?.batch, 1)
  assert.equal(marks.behind(999)?.batch, 1)
  assert.equal(marks.behind(1000)?.batch, 2)
  assert.equal(marks.behind(3000), null)
})

const latenessMs = 60_000
const mark = (batch: number, other: Partial<Mark> = {}): Mark => ({
  batch,
  timeMs: batch * 1000,
  momentMs: batch * 1000,
  nextNumber: batch * 10,
  next: new Map([['p', batch * 100]]),
  ...other,
})

test('what is stored ends before the first batch that is not delivered', () => {
  const marks = new PartitionMarks(latenessMs)
  assert.equal(marks.stored(), null)
  marks.add(mark(1), 2)
  marks.add(mark(2), 1)
  marks.add(mark(3), 0)
  assert.equal(marks.stored(), null)
  marks.delivered(2)
  assert.equal(marks.stored(), null)
  marks.delivered(1)
  assert.equal(marks.stored(), null, 'one of two')
  assert.equal(marks.isAllDelivered, false)
  marks.delivered(1)
  assert.equal(marks.stored()?.batch, 3)
  assert.equal(marks.isAllDelivered, true)
})

test('reading again begins before the oldest attempt that may still change', () => {
  const marks = new PartitionMarks(latenessMs)
  for (const batch of [1, 2, 3, 4]) marks.add(mark(batch), 0)
  const stored = marks.stored()!
  // Attempts are numbered from 10, 20, 30 and 40 on behind the batches.
  assert.equal(marks.before(stored, 35)?.batch, 3)
  assert.equal(marks.before(stored, 30)?.batch, 3)
  assert.equal(marks.before(stored, 29)?.batch, 2)
  assert.equal(marks.before(stored, 9), null)
  assert.equal(marks.before(mark(2), 99)?.batch, 2, 'never behind what is stored')
})

test('closed attempts count for as long as they could change when the mark was set', () => {
  const marks = new PartitionMarks(latenessMs)
  assert.equal(marks.horizonMs(mark(5), 5000), latenessMs)
  assert.equal(marks.horizonMs(mark(5), 125_000), latenessMs + 120_000)
  assert.equal(marks.horizonMs(mark(5), 0), latenessMs, 'a clock that was set back')
})

test('marks are dropped when nothing can ask for them', () => {
  const marks = new PartitionMarks(latenessMs)
  for (let batch = 1; batch <= 10; batch += 1) marks.add(mark(batch), 0)
  marks.drop(mark(8), 10_000)
  assert.equal(marks.before(mark(10), 15)?.batch, 1, 'young ones stay')
  marks.drop(mark(8), 10_000_000)
  assert.equal(marks.before(mark(10), 15), null)
  assert.equal(marks.before(mark(10), 85)?.batch, 8)
})

test('very many marks become coarser at the old end, and never newer than asked for', () => {
  const marks = new PartitionMarks(latenessMs)
  for (let batch = 1; batch <= 20_000; batch += 1) marks.add(mark(batch), 0)
  const found = marks.before(mark(20_000), 1000 * 10)?.batch ?? Number.POSITIVE_INFINITY
  assert.ok(found <= 1000 && found > 900, String(found))
})
