// How long a stop takes when the service does not answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogstoreRig } from './logstore-rig.ts'

test('a stop is bounded in time, whatever the service does', { timeout: 30_000 }, async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 5)
  const { worker } = await rig.work({ groupTimeoutSeconds: 60 })
  await rig.allStored()
  for (const api of ['UpdateCheckPoint', 'HeartBeat', 'ListShards'] as const)
    rig.service.faults.push({ api, how: 'hang' })
  rig.put(0, 5)
  await rig.allStored()
  const beganMs = performance.now()
  await worker.stop()
  assert.ok(performance.now() - beganMs < 10_000)
})
