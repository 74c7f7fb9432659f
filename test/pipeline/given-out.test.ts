import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Candidate, GivenOut } from '../../src/pipeline/given-out.ts'

/** What a candidate says; the rest is usual. */
interface Says {
  readonly id?: number
  readonly text?: number
  readonly status?: number
  readonly isFailure?: boolean
  readonly isFinal?: boolean
  readonly nowMs?: number
  readonly home?: number
  readonly hours?: number
}

/** An attempt in the making; the number of the id stands for 64 bits of hash. */
const candidate = (says: Says): Candidate => {
  const {
    id = 1,
    text = 0,
    status = 0,
    isFailure = false,
    isFinal = false,
    nowMs = 1_700_000_000_000,
    home = 0,
    hours = 0,
  } = says
  return { high: id * 7919, low: id, signature: () => [text, ~text], status, isFailure, isFinal, nowMs, home, hours }
}

const decide = (memory: GivenOut, says: Says): object => ({ ...memory.decide(candidate(says)) })

const first = {
  revision: 1,
  firstStoredMs: 1_700_000_000_000,
  lastStatus: -1,
  wasFailure: false,
  wasMeasured: false,
  isBeyondHorizon: false,
  priorHours: 0,
  isDoubtful: false,
}

test('what is new has revision 1 and no status before', () => {
  assert.deepEqual(decide(new GivenOut(), { status: 3, nowMs: 1_700_000_000_999 }), first)
})

test('what says nothing new is not given out again', () => {
  const memory = new GivenOut()
  decide(memory, { text: 5, status: 3 })
  assert.deepEqual(decide(memory, { text: 5, status: 3, nowMs: 1_800_000_000_000 }), {
    ...first,
    revision: 0,
    lastStatus: 3,
  })
})

test('what says something new has the next revision, and the first time of all', () => {
  const memory = new GivenOut()
  decide(memory, { text: 1, status: 3, isFailure: true })
  assert.deepEqual(decide(memory, { text: 2, status: 0, nowMs: 1_800_000_000_000 }), {
    ...first,
    revision: 2,
    lastStatus: 3,
    wasFailure: true,
  })
  // A failure that was corrected stays a failure that was counted.
  assert.deepEqual(decide(memory, { text: 3, status: 10 }), { ...first, revision: 3, lastStatus: 0, wasFailure: true })
})

test('what somebody else may have given out is given out again, and counted once all the same', () => {
  const memory = new GivenOut()
  decide(memory, { id: 1, text: 5, status: 3, home: 1, isFinal: true })
  memory.markMeasured()
  decide(memory, { id: 2, text: 5, status: 3, home: 2 })
  memory.doubt(new Set([1]))
  assert.equal(memory.finish(7919, 1), false)
  const again = { ...first, lastStatus: 3, wasMeasured: true }
  const doubtful = { ...again, revision: 2, isDoubtful: true }
  assert.deepEqual(decide(memory, { id: 1, text: 5, status: 3, home: 1 }), doubtful)
  assert.deepEqual(decide(memory, { id: 1, text: 5, status: 3, home: 1 }), { ...again, revision: 0 })
  assert.deepEqual(decide(memory, { id: 2, text: 5, status: 3, home: 2 }), { ...first, revision: 0, lastStatus: 3 })
})

test('figures are counted once', () => {
  const memory = new GivenOut()
  decide(memory, { text: 1 })
  memory.markMeasured()
  assert.deepEqual(decide(memory, { text: 2 }), { ...first, revision: 2, lastStatus: 0, wasMeasured: true })
  assert.deepEqual(decide(memory, { text: 3 }), { ...first, revision: 3, lastStatus: 0, wasMeasured: true })
  assert.deepEqual(decide(memory, { id: 2 }), first)
})

test('what was given out for good is beyond the horizon, whatever it says', () => {
  const memory = new GivenOut()
  decide(memory, { text: 1, status: 4 })
  assert.deepEqual(decide(memory, { text: 1, status: 4, isFinal: true }), { ...first, revision: 0, lastStatus: 4 })
  const late = decide(memory, { text: 9, status: 5 })
  assert.deepEqual(late, { ...first, revision: 0, lastStatus: 4, isBeyondHorizon: true })
})

test('what is final at once is never compared', () => {
  const memory = new GivenOut()
  const says = candidate({ isFinal: true })
  const unasked: Candidate = {
    ...says,
    signature: () => {
      throw new Error('asked for a signature')
    },
  }
  assert.equal(memory.decide(unasked).revision, 1)
  assert.equal(memory.decide(unasked).isBeyondHorizon, true)
})

test('a withdrawn attempt takes a revision, and comes back with the next one', () => {
  const memory = new GivenOut()
  const { high, low } = candidate({})
  assert.equal(memory.withdraw(high, low).revision, 0, 'never given out')
  decide(memory, { text: 1, status: 3, isFailure: true })
  const withdrawn = { ...memory.withdraw(high, low) }
  assert.equal(withdrawn.revision, 2)
  assert.equal(withdrawn.lastStatus, 3)
  assert.equal(withdrawn.firstStoredMs, first.firstStoredMs)
  assert.equal(memory.withdraw(high, low).revision, 0, 'twice')
  // The same text as before counts as new: the store has none.
  assert.deepEqual(decide(memory, { text: 1, status: 3 }), { ...first, revision: 3, wasFailure: true })
})

test('an attempt that was final and withdrawn may come back', () => {
  const memory = new GivenOut()
  const { high, low } = candidate({})
  decide(memory, { isFinal: true })
  assert.equal(memory.withdraw(high, low).revision, 2)
  assert.deepEqual(decide(memory, { status: 2 }), { ...first, revision: 3 })
})

test('ids that fall on one place are told apart', () => {
  const memory = new GivenOut(8)
  // 16 places: the low words are equal, and the shifted high ones fall together.
  const at = (high: number): Candidate => ({ ...candidate({}), high, low: 5 })
  for (const high of [0, 16 << 7, 32 << 7, 48 << 7]) assert.equal(memory.decide(at(high)).revision, 1)
  for (const high of [0, 16 << 7, 32 << 7, 48 << 7]) assert.equal(memory.decide(at(high)).revision, 0)
})

test('two generations are remembered, and use keeps an attempt in memory', () => {
  const memory = new GivenOut(4)
  decide(memory, { id: 1 })
  for (let id = 10; id < 14; id++) decide(memory, { id })
  assert.deepEqual(decide(memory, { id: 1 }), { ...first, revision: 0, lastStatus: 0 }, 'brought up from the old one')
  for (let id = 20; id < 24; id++) decide(memory, { id })
  assert.deepEqual(decide(memory, { id: 1 }), { ...first, revision: 0, lastStatus: 0 })
  for (let id = 30; id < 40; id++) decide(memory, { id })
  assert.deepEqual(decide(memory, { id: 1 }), first, 'forgotten')
})

test('revisions beyond 65,535 still ascend', () => {
  const memory = new GivenOut(4)
  for (let text = 0; text < 65_535; text++) memory.decide(candidate({ text }))
  assert.equal(memory.decide(candidate({ text: 70_000 })).revision, 65_536)
  assert.equal(memory.decide(candidate({ text: 70_001, status: 7 })).lastStatus, 0)
})

/** What the memory must do, without bounds, bits or hashes. */
class Model {
  readonly #known = new Map<
    number,
    { revision: number; text: number; status: number; failed: boolean; final: boolean; gone: boolean }
  >()

  decide({ id = 0, text = 0, status = 0, isFailure = false, isFinal = false }: Says): number {
    const known = this.#known.get(id)
    if (known?.final === true) return 0
    const isSame = known !== undefined && !known.gone && known.text === text
    const revision = (known?.revision ?? 0) + (isSame ? 0 : 1)
    const failed = isFailure || known?.failed === true
    this.#known.set(id, { revision, text, status, failed, final: isFinal, gone: false })
    return isSame ? 0 : revision
  }

  withdraw(id: number): number {
    const known = this.#known.get(id)
    if (known === undefined || known.gone) return 0
    known.revision += 1
    known.gone = true
    known.final = false
    return known.revision
  }
}

const step = fc.record({
  kind: fc.constantFrom('decide', 'decide', 'decide', 'withdraw', 'reload'),
  id: fc.integer({ min: 0, max: 6 }),
  text: fc.integer({ min: 0, max: 2 }),
  status: fc.integer({ min: 0, max: 10 }),
  isFailure: fc.boolean(),
  isFinal: fc.boolean(),
})

test('it agrees with a plain memory, also when it is saved and loaded at any moment', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const model = new Model()
      // Seven ids fit in the young generation and the old one at any time.
      let memory = new GivenOut(8)
      for (const { kind, ...says } of steps) {
        const { high, low } = candidate(says)
        if (kind === 'decide') assert.equal(memory.decide(candidate(says)).revision, model.decide(says))
        else if (kind === 'withdraw') assert.equal(memory.withdraw(high, low).revision, model.withdraw(says.id))
        else {
          const saved = memory.save()
          memory = new GivenOut(8)
          memory.load(saved)
        }
      }
    }),
  )
})

test('what was given out and measured is finished without another look', () => {
  const memory = new GivenOut()
  const finish = (id: number): boolean => memory.finish(id * 7919, id)
  assert.equal(finish(1), false, 'not known')
  decide(memory, { text: 1 })
  assert.equal(finish(1), false, 'its figures were not counted')
  memory.markMeasured()
  assert.equal(finish(1), true)
  assert.equal(finish(1), false, 'a second time says that something is odd')
  const { isBeyondHorizon } = memory.decide(candidate({ text: 2 }))
  assert.equal(isBeyondHorizon, true)
})

test('what was taken back is not finished', () => {
  const memory = new GivenOut()
  decide(memory, { text: 1 })
  memory.markMeasured()
  memory.withdraw(7919, 1)
  assert.equal(memory.finish(7919, 1), false)
})

test('a revision tells in which hours all earlier ones were', () => {
  const hour = 491_629
  const hours = (from: number, count = 1): number => (from << 8) | count
  const memory = new GivenOut(4)
  const priorOf = (says: Says): number => memory.decide(candidate(says)).priorHours
  assert.equal(priorOf({ text: 1, hours: hours(hour) }), 0)
  assert.equal(priorOf({ text: 2, hours: hours(hour + 3) }), hours(hour))
  // Of the first revision nothing may be left when somebody looks.
  assert.equal(priorOf({ text: 3, hours: hours(hour + 3) }), hours(hour, 4))
  const again = new GivenOut(4)
  again.load(memory.save())
  assert.equal(again.withdraw(7919, 1).priorHours, hours(hour, 4))
  assert.equal(again.decide(candidate({ text: 4, hours: hours(hour + 9) })).priorHours, hours(hour, 4))
})
