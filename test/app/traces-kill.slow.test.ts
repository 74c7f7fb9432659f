// `kill -9` of a worker that sends spans: every span once, but for requests whose answer was lost, which come again as they were.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { type OtlpBackend, openHttpBackend } from '../services/otlp-backend.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { killWhileWriting } from './kill/kill-run.ts'
import { RotatingLog } from './kill/rotating-log.ts'
import { WorkerStage } from './worker/stage.ts'
import { query } from './worker/stored.ts'

const kills = Number(process.env['FCSCOPE_KILLS'] ?? 8)
const seed = Number(process.env['FCSCOPE_KILL_SEED'] ?? 11)

/** A correction may add steps, or bring the platform's ids. */
const maxSpansOfAttempt = 6

describe('spans of a worker that is killed', { skip: withoutChdb }, () => {
  let backend: OtlpBackend
  before(async () => {
    backend = await openHttpBackend()
  })
  after(() => backend.close())

  test(`${kills} kills`, async t => {
    const stage = new WorkerStage()
    t.after(() => stage.end())
    t.diagnostic(`seed ${seed}, ${stage.folder}`)
    stage.configure(`sources: [{type: file, paths: ["logs/*.log*"], pollMs: 20, scanMs: 100, format: sls}]
traces: {type: otlp, url: "${backend.url}", maxRequestBytes: 65536, waitMs: 600000}
batch: {lingerMs: 50}
`)
    const random = new Random(seed)
    const bytes = await stage.generate('all.log', { lines: 40_000, seed, format: 'sls' })
    const log = new RotatingLog({ path: stage.path('logs/app.log'), bytes, rotation: 'rename', rotations: 2, random })
    await killWhileWriting({ stage, log, kills, random })
    await stage.finish()

    const whole = backend.requests.map(({ spans }) => JSON.stringify(spans))
    const again = whole.length - new Set(whole).size
    const spans = [...new Map(backend.requests.map(({ spans }, i) => [whole[i], spans])).values()].flat()
    const keys = spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`)
    t.diagnostic(`${whole.length} requests, ${again} of them again; ${keys.length} spans`)
    assert.equal(new Set(keys).size, keys.length, 'a span came in two different requests')

    const stored = await query<{ key: string }>(
      stage.folder,
      "SELECT concat(TraceId, ' ', SpanId) AS key FROM otel_traces",
    )
    const sent = new Set(keys)
    const missing = stored.filter(({ key }) => !sent.has(key)).length
    const shown = new Set(stored.map(({ key }) => key))
    const strange = keys.filter(key => !shown.has(key)).length
    const page = await stage.counters()
    const corrected = page.sum('fcscope_traced_attempts_total', { result: 'corrected' })
    t.diagnostic(`${missing} missing, ${strange} strange, ${corrected} corrected after they had been sent`)
    const most = Math.min(maxSpansOfAttempt * corrected, 20)
    assert.ok(missing <= most && strange <= most)
    await stage.clear()
  })
})
