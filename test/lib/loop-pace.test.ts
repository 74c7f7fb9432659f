import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LoopPace } from '../../src/lib/loop-pace.ts'

async function takes(work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}

test('sleeps for so long', async () => {
  const ms = await takes(() => new LoopPace().sleep(30))
  assert.ok(ms >= 29, `${ms} ms`)
})

test('is woken', async () => {
  const pace = new LoopPace()
  setTimeout(() => pace.wake(), 10)
  assert.ok((await takes(() => pace.sleep(60_000))) < 30_000)
})

test('what happened before it slept wakes it once', async () => {
  const pace = new LoopPace()
  pace.wake()
  pace.wake()
  assert.ok((await takes(() => pace.sleep(60_000))) < 30_000)
  const ms = await takes(() => pace.sleep(30))
  assert.ok(ms >= 29, `${ms} ms`)
})

test('sleeps no more when it is time to stop', async () => {
  const pace = new LoopPace()
  setTimeout(() => pace.stop(), 10)
  for (let i = 0; i < 3; i += 1) assert.ok((await takes(() => pace.sleep(60_000))) < 30_000)
})

test('gives others a turn when it has been busy', async () => {
  const pace = new LoopPace()
  let hadTurn = false
  setImmediate(() => {
    hadTurn = true
  })
  for (const untilMs = performance.now() + 60_000; !hadTurn && performance.now() < untilMs; ) await pace.yield()
  assert.ok(hadTurn)
})
