// `fcscope run` on a Logstore that throttles, fails, cuts off and lies, while its shards are split and merged and the worker is
// killed: every record is in the store once. FCSCOPE_SLS_ROWS, FCSCOPE_SLS_SEED: how many, and which.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { missingFake, SlsFake } from '../sources/sls/sls-fake.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { endBy } from './kill/kill-run.ts'
import { loadRows } from './sls/load-rows.ts'
import { WorkerStage } from './worker/stage.ts'
import { pause } from './worker/worker-process.ts'

const rows = Number(process.env['FCSCOPE_SLS_ROWS'] ?? 40_000)
const seed = Number(process.env['FCSCOPE_SLS_SEED'] ?? 4)
const steps = 12
const slots = 12
const logstore = 'worst'

/** Each call of an API has all of these chances. */
const chances: Readonly<Record<string, readonly string[]>> = {
  PullLogs: [
    'ShardReadQuotaExceed',
    'InternalServerError',
    'ServerBusy',
    'truncate',
    'corruptLz4',
    'corrupt',
    'wrongRawSize',
    'drop',
    'reset',
    'html',
    'noRequestId',
    'Unauthorized',
    'RequestTimeExpired',
  ],
  UpdateCheckPoint: ['InternalServerError', 'applyThenReset', 'drop'],
  HeartBeat: ['ServerBusy', 'applyThenError', 'reset'],
  GetCursor: ['ServerBusy'],
  GetCheckPoint: ['InternalServerError'],
  ListShards: ['html'],
}

test('a Logstore at its worst', { skip: missingFake || withoutChdb, timeout: 240_000 }, async t => {
  const stage = new WorkerStage()
  t.after(() => stage.end())
  t.diagnostic(stage.folder)
  const fake = await SlsFake.start(t, '--max-pull-bytes', '60000')
  await fake.makeLogstore(logstore, 3)
  const keys = 'accessKeyId: test-ak, accessKeySecret: test-sk'
  stage.configure(
    `sources: [{type: sls, endpoint: "${fake.endpoint}", project: fc-test, logstore: ${logstore}, consumerGroup: g, startAt: beginning, isOrdered: true, heartbeatMs: 1000, groupTimeoutSeconds: 10, ${keys}}]\n`,
  )
  await stage.generate('all.log', { lines: rows, seed, format: 'sls' })
  const lines = readFileSync(stage.path('all.log'), 'utf8').split('\n').slice(0, -1)
  const random = new Random(seed)
  const rules = Object.entries(chances).flatMap(([api, actions]) =>
    actions.map(action => ({ logstore, api, action, probability: 0.04 })),
  )
  await fake.admin('POST', `faults?seed=${seed}`, rules)
  // Functions are divided into slots; when shards are split or merged, only the slots of those move.
  let shards: readonly number[] = Array.from({ length: slots }, (_, slot) => slot % 3)
  const reshard = async (shard: number, action: 'split' | 'merge'): Promise<void> => {
    const known = new Set(shards)
    const open = await fake.reshard(logstore, shard, action)
    const young = open.filter(id => !known.has(id))
    const gone = action === 'split' ? [shard] : [shard, shard + 1]
    shards = shards.map((id, slot) => (gone.includes(id) ? young[Math.floor(slot / 3) % young.length]! : id))
  }
  for (let step = 0; step < steps; step += 1) {
    const part = lines.slice(Math.floor((step * lines.length) / steps), Math.floor(((step + 1) * lines.length) / steps))
    const worker = stage.start()
    await worker.ready()
    await loadRows(fake, logstore, { lines: part, shards, perGroup: 1 + random.below(40) })
    if (step === 3) await reshard(1, 'split')
    if (step === 7) await reshard(3, 'merge')
    if (step === 5) await fake.admin('POST', 'config', { clockSkewSeconds: 2000 })
    await pause(random.below(1500))
    await endBy(worker, () => (step % 4 === 3 ? worker.stop() : worker.kill()), [0])
  }
  await stage.finish()
  await stage.mustHold(['all.log'], { about: `in ${stage.folder}` })
  // What the admin interface answers: every rule was met with.
  const met = (await fake.admin('GET', 'faults')) as { readonly action: string; readonly applied: number }[]
  const pulls = met.filter(({ applied }) => applied > 0).length
  assert.ok(pulls >= 12, `only ${pulls} kinds of faults happened`)
  await stage.clear()
})
