// Attempts that were given out early and then, when so many others have ended that they are not waited for any more, for good.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import { maxWaitingText, settleStep } from '../../src/reconstruct/attempt-flow.ts'
import { usualEngine } from './usual-engine.ts'

/** More than are waited for. */
const attempts = maxWaitingText + settleStep + 1000

const idOf = (number: number): string => `1-67876b00-${number.toString(16).padStart(24, '0')}`
const attemptOf = (number: number): string =>
  `FC Invoke Start RequestId: ${idOf(number)}\n2025-01-15T08:00:00.000Z ${idOf(number)} [INFO] hello\nFC Invoke End RequestId: ${idOf(number)}\n`

class Rig {
  /** Revisions of each attempt, by request id. */
  readonly given = new Map<string, number[]>()
  /** Request ids of which the figures were counted last of all. */
  readonly measured: string[] = []
  readonly engine: WorkerEngine
  #position = 0

  constructor(isMeasuredAtOnce: boolean) {
    this.engine = new WorkerEngine({
      ...usualEngine,
      maxRows: 1_000_000,
      attemptRows: {
        rows: 0,
        add: ({ requestId }, { revision }) =>
          this.given.set(requestId ?? '', [...(this.given.get(requestId ?? '') ?? []), revision]),
        withdraw: () => assert.fail('nothing is taken back'),
      },
      attemptCounter: {
        take: () => isMeasuredAtOnce,
        measure: ({ requestId }) => this.measured.push(requestId ?? ''),
        passOver: () => true,
      },
    })
    this.engine.setTime(Date.UTC(2026, 0, 1))
  }

  take(text: string): void {
    const { engine } = this
    const length = Buffer.from(text).copy(engine.window)
    const stream = { id: '00000000000000a1', label: 'f' }
    assert.equal(engine.take({ stream, position: this.#position, length, isLast: false }, 'text', 'f'), length)
    this.#position += length
    engine.giveClosed()
    engine.clearRows()
  }

  /** All attempts, some at a time. */
  takeAll(): void {
    const atOnce = 500
    for (let first = 0; first < attempts; first += atOnce)
      this.take(Array.from({ length: Math.min(atOnce, attempts - first) }, (_, n) => attemptOf(first + n)).join(''))
  }
}

/** A line, and a second End: without a Start they make an attempt. */
const late = (number: number): string =>
  `2025-01-15T08:00:01.000Z ${idOf(number)} [INFO] late\nFC Invoke End RequestId: ${idOf(number)}\n`

for (const isMeasuredAtOnce of [true, false]) {
  test(`given out once, and then for good${isMeasuredAtOnce ? '' : ', with figures that are counted then'}`, () => {
    const rig = new Rig(isMeasuredAtOnce)
    rig.takeAll()
    assert.equal(rig.given.size, attempts)
    assert.ok([...rig.given.values()].every(revisions => revisions.join() === '1'))
    assert.equal(rig.engine.ledger.attempts, attempts)
    const settled = attempts - maxWaitingText
    // The oldest are given back by the step, so that the last of them may still wait.
    assert.ok(isMeasuredAtOnce || (rig.measured.length >= settled - 1000 && rig.measured.length <= settled))
    assert.deepEqual(rig.measured.slice(0, 2), isMeasuredAtOnce ? [] : [idOf(0), idOf(1)])
    rig.take(late(0))
    assert.deepEqual(rig.given.get(idOf(0)), [1], 'too late for the first one')
    assert.equal(rig.engine.beyondHorizon, 1)
    rig.take(late(attempts - 1))
    assert.deepEqual(rig.given.get(idOf(attempts - 1)), [1, 2], 'not too late for the last one')
    assert.equal(rig.engine.beyondHorizon, 1)
  })
}

test('an attempt that changed between is given out for good as it is by then', () => {
  const rig = new Rig(true)
  rig.take(attemptOf(0))
  rig.take(late(0))
  assert.deepEqual(rig.given.get(idOf(0)), [1, 2])
  rig.takeAll()
  assert.deepEqual(rig.given.get(idOf(1)), [1])
})
