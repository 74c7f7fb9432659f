// What is not delivered at the end of a run: how long it is waited for, and who is told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliverRest, type RestQueue } from '../../src/app/deliver-rest.ts'

class FakeQueue implements RestQueue {
  isEmpty = false
  isFailing: boolean
  isStopped = false
  constructor(isFailing: boolean) {
    this.isFailing = isFailing
  }
  changed(): Promise<void> {
    return new Promise(() => {})
  }
  async stop(): Promise<void> {
    this.isStopped = true
  }
}

const minuteMs = 60_000

interface Case {
  readonly name: string
  readonly hasEnded: boolean
  readonly isFailing: boolean
  /** When it is told to stop. */
  readonly stopAtMs: number
  readonly deliveredAtMs: number
  /** How long it waits, to the next look. */
  readonly waitsMs: number
  readonly isLate: boolean
}

const never = Number.POSITIVE_INFINITY
const stopped: Omit<Case, 'name' | 'isFailing' | 'waitsMs'> = {
  hasEnded: false,
  stopAtMs: 0,
  deliveredAtMs: never,
  isLate: false,
}
const ended = { hasEnded: true, isFailing: true, stopAtMs: never, deliveredAtMs: never, isLate: true }
const cases: readonly Case[] = [
  { ...stopped, name: 'a sink that is slow when it is time to stop', isFailing: false, waitsMs: 20_000 },
  { ...stopped, name: 'a sink that is down when it is time to stop', isFailing: true, waitsMs: 0 },
  { ...ended, name: 'a sink that is down at the end of the input', waitsMs: 10 * minuteMs },
  {
    ...ended,
    name: 'a sink that comes back at the end of the input',
    deliveredAtMs: 9 * minuteMs,
    waitsMs: 9 * minuteMs,
    isLate: false,
  },
  {
    ...ended,
    name: 'told to stop while it waits for a sink that is down',
    stopAtMs: 2 * minuteMs,
    waitsMs: 2 * minuteMs,
  },
  {
    ...ended,
    name: 'told to stop while it waits for a sink that is slow',
    isFailing: false,
    stopAtMs: 2 * minuteMs,
    waitsMs: 2 * minuteMs + 20_000,
  },
]

for (const each of cases) {
  test(each.name, async t => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
    const queue = new FakeQueue(each.isFailing)
    const worker = {
      hasEnded: each.hasEnded,
      get isStopping() {
        return Date.now() >= each.stopAtMs
      },
    }
    let isOver = false
    const late = deliverRest({ queues: [queue], worker, nowMs: () => Date.now() }).finally(() => {
      isOver = true
    })
    let waitedMs = 0
    for (; !isOver && waitedMs < 20 * minuteMs; waitedMs += 500) {
      queue.isEmpty = Date.now() >= each.deliveredAtMs
      for (let turns = 0; turns < 5; turns++) await Promise.resolve()
      if (isOver) break
      t.mock.timers.tick(500)
      for (let turns = 0; turns < 5; turns++) await Promise.resolve()
    }
    assert.deepEqual(await late, each.isLate ? [queue] : [])
    assert.ok(queue.isStopped)
    assert.ok(Math.abs(waitedMs - each.waitsMs) <= 1000, `${waitedMs} ms`)
  })
}
