// `fcscope backfill` as a user runs it: whatever the store had before, afterwards it has what the rows say, once.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { withoutChdb } from '../store/temporary-store.ts'
import { BackfillStage, secondsOf } from './backfill/backfill-stage.ts'

const lines = 1500
const stages: BackfillStage[] = []
after(() => Promise.all(stages.map(stage => stage.clear())))

async function open(options: Partial<Parameters<typeof BackfillStage.open>[0]> = {}): Promise<BackfillStage> {
  const stage = await BackfillStage.open({ lines, seed: 31, ...options })
  stages.push(stage)
  return stage
}

const holds = (stage: BackfillStage, about: string) => stage.worker.mustHold(['all.log'], { about, counters: false })

describe('backfill', { skip: withoutChdb, concurrency: 2 }, () => {
  test('into an empty store; a second run changes nothing', async () => {
    const stage = await open()
    const said = await stage.backfill()
    const truth = await holds(stage, 'empty')
    const count = (value: number): string => value.toLocaleString('en')
    assert.equal(
      said,
      `fcscope: ${count(stage.rows.length)} rows read; new were ${count(truth.lines.length)} lines and ${count(truth.attempts.length)} attempts.`,
    )
    const before = await stage.everything()
    assert.match(await stage.backfill(), /rows read; new were 0 lines and 0 attempts\.$/)
    assert.deepEqual(await stage.everything(), before)
    assert.deepEqual(readdirSync(stage.worker.path('.fcscope')), ['store'])
  })

  test('a worker has stored the first half: the rest comes, nothing is doubled', async () => {
    const stage = await open({ seed: 32 })
    stage.write('logs/app.log', stage.rows.slice(0, stage.rows.length / 2))
    await stage.worker.finish()
    await stage.backfill()
    await holds(stage, 'the first half')
  })

  test('only rows within the range become lines', async () => {
    const stage = await open({ seed: 36 })
    const { from, to } = stage.span
    const span = { from: Math.floor((2 * from + to) / 3), to: Math.floor((from + 2 * to) / 3) }
    await stage.backfill(span)
    const inside = stage.rows.filter(row => secondsOf(row) >= span.from && secondsOf(row) < span.to)
    stage.write('inside.log', inside)
    const { lines: stored } = await import('./worker/stored.ts').then(({ readStored }) =>
      readStored(stage.worker.folder),
    )
    const { lines: expected } = await import('./worker/truth.ts').then(({ readTruth }) =>
      readTruth([stage.worker.path('inside.log')]),
    )
    assert.equal(stored.length, expected.length)
  })

  test('never complete: said, exit status 3; what came is right, and another run brings the rest', async () => {
    const stage = await open({ seed: 38 })
    stage.fake.faults.push({ api: 'page', after: 10, times: 9999, status: 400, code: 'ParameterInvalid' })
    const { status, stderr } = await stage.try()
    assert.equal(status, 3)
    assert.match(stderr, /fcscope: fc-test\/fc-logs at [^\n]+ \[FCS_SOURCE_UNAVAILABLE\]\n$/)
    assert.doesNotMatch(stderr, /test-sk/)
    stage.fake.faults.length = 0
    await stage.backfill()
    await holds(stage, 'after a failure')
  })

  test('a worker has the embedded store: said what to do, exit status 3', async () => {
    const stage = await open({ seed: 39, lines: 200 })
    const worker = stage.worker.start()
    await worker.ready()
    const { status, stderr } = await stage.try()
    assert.equal(status, 3)
    assert.match(
      stderr,
      /^[^\n]*\.fcscope\/store: another process has this store open\. Stop that worker[^\n]+ClickHouse server[^\n]+\[FCS_STORE_UNAVAILABLE\]\n$/,
    )
    assert.deepEqual(await worker.stop(), { status: 0, signal: null })
  })
})
