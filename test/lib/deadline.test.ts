import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Deadline } from '../../src/lib/deadline.ts'

/** Resolves when it has passed, with the ms from now. */
async function takes(deadline: Deadline): Promise<number> {
  const beganMs = performance.now()
  await deadline.passed
  return performance.now() - beganMs
}

test('passes when its time is over', async () => {
  const ms = await takes(new Deadline(30))
  assert.ok(ms >= 29, `${ms} ms`)
})

test('comes nearer, and never goes away', async () => {
  const deadline = new Deadline(60_000)
  deadline.bringForward(30)
  deadline.bringForward(60_000)
  const ms = await takes(deadline)
  assert.ok(ms < 30_000, `${ms} ms`)
})

test('one that is cleared keeps no process up', async () => {
  const deadline = new Deadline(10)
  deadline.clear()
  const later = new Promise(resolve => setTimeout(() => resolve('later'), 50))
  assert.equal(await Promise.race([deadline.passed, later]), 'later')
})
