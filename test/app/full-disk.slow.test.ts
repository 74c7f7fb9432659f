// A real disk that is full or read-only: the worker says so, waits or ends as it should, and nothing is lost when there is room.
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { assertRefused } from './faults/refusal.ts'
import { SmallDisk } from './faults/small-disk.ts'
import { MetricsPage } from './worker/metrics-page.ts'
import { WorkerStage } from './worker/stage.ts'
import { pause, until } from './worker/worker-process.ts'

const source = 'sources: [{type: file, paths: ["logs/*.log"], pollMs: 20, scanMs: 100}]\n'
const onState = `${source}state: {path: small/state}\n`
const onStore = `${source}store: {type: embedded, path: small/store}\n`
const lines = 20_000
/** Too little for the files of a batch. */
const nearlyNothing = 300_000

interface Scene {
  readonly stage: WorkerStage
  readonly disk: SmallDisk
}

async function scene(t: TestContext, config: string, megabytes: number): Promise<Scene> {
  const stage = new WorkerStage(config)
  const disk = new SmallDisk(stage.path('small'), megabytes)
  t.after(async () => {
    await stage.end()
    disk.remove()
    await stage.clear()
  })
  await stage.generate('all.log', { lines, seed: 31, format: 'sls' })
  return { stage, disk }
}

const give = ({ stage }: Scene): void => copyFileSync(stage.path('all.log'), stage.path('logs/app.log'))

describe('a disk that is full', { skip: SmallDisk.isMissing() }, () => {
  test('under the state of a running worker: it waits, and goes on when there is room', async t => {
    const now = await scene(t, onState, 32)
    const worker = now.stage.start()
    const address = await worker.ready()
    now.disk.fill(nearlyNothing)
    give(now)
    const { level, message } = await worker.event('commitFailed')
    assert.equal(level, 'error')
    assert.match(message, /Make room on the disk/)
    await pause(1500)
    assert.ok(!worker.hasEnded)
    assert.equal((await MetricsPage.read(address)).sum('fcscope_unaccounted_records'), 0)
    now.disk.empty()
    const rows = async (): Promise<boolean> => (await MetricsPage.read(address)).sum('fcscope_records_total') >= lines
    await until('everything is read', rows)
    assert.deepEqual(await worker.stop(), { status: 0, signal: null })
    await now.stage.finish()
    await now.stage.mustHold(['all.log'], { about: 'room again' })
  })

  test('under the state of a worker that is told to stop: it ends, and the next run has everything', async t => {
    const now = await scene(t, onState, 32)
    const worker = now.stage.start()
    await worker.ready()
    now.disk.fill(nearlyNothing)
    give(now)
    await worker.event('commitFailed')
    const { status } = await worker.stop()
    assertRefused(
      { status, stderr: worker.stderr },
      { status: 3, code: 'FCS_STATE_UNUSABLE', says: /small\/state: the disk is full\. Make room/ },
    )
    now.disk.empty()
    await now.stage.finish()
    await now.stage.mustHold(['all.log'], { about: 'the next run' })
  })

  test('under a new state: refused', async t => {
    const now = await scene(t, onState, 4)
    now.disk.fill(8_000)
    give(now)
    assertRefused(await now.stage.once(), {
      status: 3,
      code: 'FCS_STATE_UNUSABLE',
      says: /small\/state: the disk is full\. Make room, then start again\./,
    })
    now.disk.empty()
  })

  test('under the store of a running worker: what was read waits on the other disk', async t => {
    const now = await scene(t, onStore, 64)
    const worker = now.stage.start()
    const address = await worker.ready()
    now.disk.fill(nearlyNothing)
    give(now)
    const failed = await worker.event('deliveryFailed')
    assert.equal(failed['sink'], 'store')
    await until('everything is read', async () => {
      return (await MetricsPage.read(address)).sum('fcscope_records_total') >= lines
    })
    assert.ok((await MetricsPage.read(address)).sum('fcscope_spill_bytes', { sink: 'store' }) > 0)
    now.disk.empty()
    await worker.event('deliveryRecovered')
    assert.deepEqual(await worker.stop(), { status: 0, signal: null })
    await now.stage.finish()
    await now.stage.mustHold(['all.log'], { about: 'room again' })
  })
})

test('a state on a disk that may not be written: refused', { skip: SmallDisk.isMissing() }, async t => {
  const now = await scene(t, onState, 32)
  give(now)
  await now.stage.finish()
  now.disk.allowWriting(false)
  assertRefused(await now.stage.once(), {
    status: 3,
    code: 'FCS_STATE_UNUSABLE',
    says: /small\/state: the state cannot be written there\. Make the folder writable .* or name another one in state\.path/,
  })
  now.disk.allowWriting(true)
  await now.stage.mustHold(['all.log'], { about: 'nothing was changed' })
})
