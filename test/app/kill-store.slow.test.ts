// `kill -9` where more than the worker's process goes: its state is deleted, or it is the ClickHouse server that is killed.
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { endBy, killWhileWriting } from './kill/kill-run.ts'
import { RotatingLog } from './kill/rotating-log.ts'
import { WorkerStage } from './worker/stage.ts'
import { pause } from './worker/worker-process.ts'

const fileSource = 'sources: [{type: file, paths: ["logs/*.log*"], pollMs: 20, scanMs: 100}]\n'

for (const format of ['text', 'sls'] as const) {
  test(`the state is deleted after kills and the store is kept, ${format}`, async t => {
    const stage = new WorkerStage(fileSource)
    t.after(() => stage.end())
    t.diagnostic(stage.folder)
    const random = new Random(format.length)
    const bytes = await stage.generate('all.log', { lines: 20_000, seed: 3, format })
    const log = new RotatingLog({ path: stage.path('logs/app.log'), bytes, rotation: 'rename', rotations: 3, random })
    const half = log.allow(0.6)
    const worker = stage.start()
    await worker.ready()
    await half
    await pause(random.below(400))
    await endBy(worker, () => worker.kill())
    stage.remove('.fcscope/state')
    await killWhileWriting({ stage, log, kills: 2, random })
    await stage.finish()
    stage.remove('.fcscope/state')
    await stage.finish()
    // Counters are part of the state, and gone with it: what they count since is not everything.
    await stage.mustHold(['all.log'], { about: `${format} in ${stage.folder}`, counters: false })
    await stage.clear()
  })
}

test('a ClickHouse server that is killed and comes back, and a worker that is killed beside it', async t => {
  const stage = new WorkerStage()
  t.after(() => stage.end())
  t.diagnostic(stage.folder)
  const server = new ClickHouseServer(stage.path('server'))
  try {
    await server.start()
    stage.configure(`${fileSource}store: {type: clickhouse, url: "${server.url}", database: fcscope}\n`)
    const random = new Random(11)
    const bytes = await stage.generate('all.log', { lines: 40_000, seed: 8, format: 'sls' })
    const file = stage.path('logs/app.log')
    const parts = 10
    let worker = stage.start()
    await worker.ready()
    for (let part = 0; part < parts; part += 1) {
      const from = Math.floor((part * bytes.length) / parts)
      appendFileSync(file, bytes.subarray(from, Math.floor(((part + 1) * bytes.length) / parts)))
      await pause(random.below(600))
      if (part % 3 === 1) {
        await server.end()
        await pause(random.below(1500))
        await server.start()
      }
      if (part % 4 === 2) {
        await endBy(worker, () => worker.kill())
        worker = stage.start()
        await worker.ready()
      }
    }
    await endBy(worker, () => worker.stop(), [0])
    await stage.finish()
    await stage.mustHold(['all.log'], { about: stage.folder })
  } finally {
    await server.end('SIGTERM')
  }
  await stage.clear()
})
