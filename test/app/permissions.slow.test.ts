// What a user may not read or write: told in one line, and nothing is lost when it is allowed.
import assert from 'node:assert/strict'
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { fcscope, run } from '../cli/run-fcscope.ts'
import { asOtherUser, cannotBeOtherUser, handOver } from './faults/other-user.ts'
import { assertRefused } from './faults/refusal.ts'
import { WorkerStage } from './worker/stage.ts'
import { pause } from './worker/worker-process.ts'

async function scene(t: TestContext): Promise<WorkerStage> {
  const stage = new WorkerStage('sources: [{type: file, paths: ["logs/*.log"], pollMs: 20, scanMs: 100}]\n')
  t.after(() => stage.clear())
  await stage.generate('all.log', { lines: 3_000, seed: 51, format: 'text' })
  copyFileSync(stage.path('all.log'), stage.path('logs/app.log'))
  handOver(stage)
  return stage
}

/** `run --once` as a user to whom rights mean something. */
function onceAsOther(stage: WorkerStage): ReturnType<typeof run> {
  const [program = fcscope, ...words] = [...asOtherUser, fcscope, 'run', '--once']
  return run(program, words, { folder: stage.folder })
}

async function mustBeWhole(stage: WorkerStage): Promise<void> {
  const outcome = await onceAsOther(stage)
  assert.equal(outcome.status, 0, outcome.stderr)
  await stage.mustHold(['all.log'], { about: 'allowed again', counters: false })
}

const forbid = (path: string): void => chmodSync(path, 0)

describe('as a user without rights', { skip: cannotBeOtherUser() }, () => {
  test('a log that may not be read: said once, and read as soon as it may be', async t => {
    const stage = await scene(t)
    forbid(stage.path('logs/app.log'))
    const worker = stage.start({ through: asOtherUser })
    await worker.ready()
    const said = (): number => worker.events.filter(({ level }) => level === 'warn' || level === 'error').length
    await pause(2500)
    assert.equal(said(), 1, worker.stderr)
    assert.match(worker.stderr, /logs\/app\.log.*EACCES/)
    chmodSync(stage.path('logs/app.log'), 0o644)
    await pause(2500)
    assert.deepEqual(await worker.stop(), { status: 0, signal: null })
    await mustBeWhole(stage)
  })

  test('the folder of the store may not be written', async t => {
    const stage = await scene(t)
    mkdirSync(stage.path('.fcscope/store'), { recursive: true })
    if (asOtherUser.length > 0) chownSync(stage.path('.fcscope'), 65_534, 65_534)
    chmodSync(stage.path('.fcscope/store'), 0o555)
    assertRefused(await onceAsOther(stage), {
      status: 3,
      code: 'FCS_STORE_UNAVAILABLE',
      says: /\.fcscope\/store: .*(EACCES|permission).* Check the folder, its owner/i,
    })
    chmodSync(stage.path('.fcscope/store'), 0o777)
    await mustBeWhole(stage)
  })

  test('the folder of the state may not be written', async t => {
    const stage = await scene(t)
    mkdirSync(stage.path('.fcscope/state'), { recursive: true })
    if (asOtherUser.length > 0) chownSync(stage.path('.fcscope'), 65_534, 65_534)
    chmodSync(stage.path('.fcscope/state'), 0o555)
    assertRefused(await onceAsOther(stage), {
      status: 3,
      code: 'FCS_STATE_UNUSABLE',
      says: /\.fcscope\/state: the state cannot be written there\. Make the folder writable/,
    })
    chmodSync(stage.path('.fcscope/state'), 0o777)
    await mustBeWhole(stage)
  })

  test('the configuration may not be read', async t => {
    const stage = await scene(t)
    forbid(stage.path('fcscope.yaml'))
    assertRefused(await onceAsOther(stage), {
      status: 2,
      code: 'FCS_INPUT_UNREADABLE',
      says: /fcscope\.yaml: .*EACCES/,
    })
  })
})
