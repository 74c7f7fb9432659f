// Running again on the same input, with the state, the store, both or none of them kept.
import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { WorkerStage } from './worker/stage.ts'
import { query } from './worker/stored.ts'

const lines = 4_000
const stages: WorkerStage[] = []
after(() => Promise.all(stages.map(stage => stage.clear())))

/** A folder whose log was read once. */
async function readOnce(format: 'text' | 'sls', name = 'all.log'): Promise<WorkerStage> {
  const stage = new WorkerStage()
  stages.push(stage)
  await stage.generate(name, { lines, seed: 21, format })
  copyFileSync(stage.path(name), stage.path('logs/app.log'))
  await stage.finish()
  return stage
}

const revisionsOf = (stage: WorkerStage): Promise<readonly { n: number }[]> =>
  query<{ n: number }>(stage.folder, 'SELECT count() AS n FROM invocations WHERE revision > 1')

describe('run again', { concurrency: 2 }, () => {
  test('the same input: nothing changes', async () => {
    const stage = await readOnce('sls')
    await stage.finish()
    await stage.mustHold(['all.log'], { about: 'again' })
    assert.deepEqual(await revisionsOf(stage), [{ n: 0 }])
  })

  for (const format of ['text', 'sls'] as const) {
    test(`the state deleted, the store kept, ${format}: the same rows`, async () => {
      const stage = await readOnce(format)
      stage.remove('.fcscope/state')
      const outcome = await stage.finish()
      assert.match(outcome.stderr, /"event":"stateIsNew"/)
      await stage.mustHold(['all.log'], { about: 'state deleted', counters: false })
    })

    test(`an input that grew, ${format}`, async () => {
      const stage = await readOnce(format, 'first.log')
      const more = await stage.generate('more.log', { lines, seed: 22, format })
      copyFileSync(stage.path('first.log'), stage.path('all.log'))
      appendFileSync(stage.path('all.log'), more)
      appendFileSync(stage.path('logs/app.log'), more)
      await stage.finish()
      // What the first run took for the end of the input was not: what was open then is corrected now.
      await stage.mustHold(['all.log'], { about: 'grown' })
    })
  }

  test('what a lost state had corrected often does not outlive what the new one says', async () => {
    const stage = new WorkerStage()
    stages.push(stage)
    const requestId = '1-65a24fa0-0b44b15d-431a6b32cc8c'
    const grow = async (line: string): Promise<void> => {
      appendFileSync(stage.path('logs/app.log'), `${line}\n`)
      appendFileSync(stage.path('all.log'), `${line}\n`)
      await stage.finish()
    }
    await grow(`FC Invoke Start RequestId: ${requestId}`)
    for (const count of [1, 2, 3]) await grow(`2024-01-13T08:53:5${count}.000Z ${requestId} [INFO] line ${count}`)
    assert.deepEqual(await revisionsOf(stage), [{ n: 1 }])
    stage.remove('.fcscope/state')
    await grow(`FC Invoke End RequestId: ${requestId}`)
    await stage.mustHold(['all.log'], { about: 'state deleted', counters: false })
  })

  test('the store deleted, the state kept: refused, and mended as the line says', async () => {
    const stage = await readOnce('text')
    stage.remove('.fcscope/store')
    const outcome = await stage.once()
    assert.equal(outcome.status, 2)
    assert.match(
      outcome.stderr,
      /^[^\n]*\.fcscope\/store is not the store that the state in [^\n]*\[FCS_STORE_MISMATCH\]\n$/,
    )
    assert.match(outcome.stderr, /Bring that store back .* or remove .*\.fcscope\/state/)
    stage.remove('.fcscope/state')
    await stage.finish()
    await stage.mustHold(['all.log'], { about: 'both new' })
  })

  test('a second worker on the same state or the same store: refused, and the first one goes on', async () => {
    const stage = await readOnce('text')
    const first = stage.start()
    await first.ready()
    const onState = await stage.once()
    assert.equal(onState.status, 3)
    assert.match(onState.stderr, /^[^\n]*another worker is using this state[^\n]*\[FCS_STATE_LOCKED\]\n$/)
    writeFileSync(
      stage.path('other.yaml'),
      'sources: [{type: stdin}]\nmetrics: {listen: "127.0.0.1:0"}\nstate: {path: other-state}\n',
    )
    const onStore = await stage.once({ words: ['-c', 'other.yaml'] })
    assert.equal(onStore.status, 3)
    assert.match(onStore.stderr, /^[^\n]*another process has this store open[^\n]*\[FCS_STORE_UNAVAILABLE\]\n$/)
    assert.ok(existsSync(stage.path('other-state')))
    assert.deepEqual(await first.stop(), { status: 0, signal: null })
    await stage.mustHold(['all.log'], { about: 'refused beside it' })
  })
})
