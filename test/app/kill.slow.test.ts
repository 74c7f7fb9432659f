// `kill -9` at any moment: nothing is lost, and nothing is there twice. FCSCOPE_KILLS asks for more kills, FCSCOPE_KILL_SEED for
// other moments.
import { test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { killInMigration, killWhileWriting } from './kill/kill-run.ts'
import { RotatingLog, type Rotation } from './kill/rotating-log.ts'
import { WorkerStage } from './worker/stage.ts'

const kills = Number(process.env['FCSCOPE_KILLS'] ?? 24)
const firstSeed = Number(process.env['FCSCOPE_KILL_SEED'] ?? 1)
const migrationKills = 3
const linesPerKill = 8_000

interface Case {
  readonly format: 'text' | 'sls'
  readonly rotation: Rotation
}

const cases: readonly Case[] = [
  { format: 'text', rotation: 'rename' },
  { format: 'sls', rotation: 'rename' },
  { format: 'text', rotation: 'copytruncate' },
  { format: 'sls', rotation: 'copytruncate' },
]

for (const [index, { format, rotation }] of cases.entries()) {
  const share = Math.floor(kills / cases.length) + (index < kills % cases.length ? 1 : 0)
  const seed = firstSeed * cases.length + index
  test(`${share} kills, ${format}, ${rotation}`, { skip: share === 0 ? 'no kills left for it' : false }, async t => {
    const random = new Random(seed)
    const stage = new WorkerStage()
    t.after(() => stage.end())
    t.diagnostic(`seed ${seed}, ${stage.folder}`)
    const fromMigration = Math.min(migrationKills, Math.max(0, share - 1))
    const rest = share - fromMigration
    const bytes = await stage.generate('all.log', { lines: linesPerKill * (rest + 1), seed, format })
    const log = new RotatingLog({ path: stage.path('logs/app.log'), bytes, rotation, rotations: 4 + rest, random })
    await log.allow(0.5 / (rest + 1))
    await killInMigration(stage, fromMigration, random)
    await killWhileWriting({ stage, log, kills: rest, random })
    await stage.finish()
    const { ledger } = await stage.mustHold(['all.log'], { about: `seed ${seed} in ${stage.folder}` })
    t.diagnostic(`${ledger.received} records, ${ledger.attempts} attempts`)
    await stage.clear()
  })
}
