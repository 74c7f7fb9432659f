// `tail` beside workers that come and go.
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import { WorkerStage } from '../app/worker/stage.ts'
import { query } from '../app/worker/stored.ts'
import { until } from '../app/worker/worker-process.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { FollowProcess } from './follow-process.ts'
import { fcscope, run } from './run-fcscope.ts'

const config = 'sources: [{type: file, paths: ["logs/*.log"], pollMs: 20, scanMs: 50}]\nbatch: {lingerMs: 50}\n'

interface Line {
  readonly stream: string
  readonly position: number
  readonly message: string
}

interface Attempt {
  readonly requestId: string | null
  readonly phase: string
  readonly attempt: number
  readonly revision: number
  readonly withdrawn: boolean
}

const placeOf = ({ stream, position }: Line): string => `${stream}:${position}`

test('every line and attempt once, while workers stop, are killed and start again', { skip: withoutChdb }, async () => {
  const stage = new WorkerStage(config)
  const bytes = (await stage.generate('traffic.jsonl', { lines: 4000, seed: 9, format: 'sls' })).toString('utf8')
  const rows = bytes.split(/(?<=\n)/)
  const third = Math.floor(rows.length / 3)
  const lines = new FollowProcess(stage.folder, ['tail', '--json'])
  const attempts = new FollowProcess(stage.folder, ['tail', '--attempts', '--json'])
  const isStored = async (): Promise<boolean> => {
    const [stored] = await query<{ n: number }>(stage.folder, 'SELECT count() AS n FROM log_lines')
    return lines.rows().length === stored?.n
  }
  try {
    await until('tail waits', () => lines.stderr.includes('nothing was stored'))
    for (const [number, end] of (['stop', 'kill', 'stop'] as const).entries()) {
      appendFileSync(
        stage.path('logs/a.log'),
        rows.slice(number * third, number === 2 ? undefined : (number + 1) * third).join(''),
      )
      const worker = stage.start()
      await worker.ready()
      const before = lines.rows().length
      await until('lines come', () => lines.rows().length > before)
      if (end === 'kill') await worker.kill()
      else {
        await until('all is read', async () => (await worker.saw('workerStarted')).length > 0 && isStored())
        await worker.stop()
      }
    }
    await until('the last lines are shown', isStored)
    const shown = lines.rows<Line>().map(placeOf)
    assert.equal(new Set(shown).size, shown.length, 'a line was shown twice')
    const stored = await query<Line>(stage.folder, 'SELECT stream, position, Body AS message FROM log_lines')
    assert.deepEqual(shown.toSorted(), stored.map(placeOf).toSorted())

    const known = await query<Attempt>(
      stage.folder,
      'SELECT requestId, phase, attempt, revision FROM invocations WHERE requestId IS NOT NULL',
    )
    const keyOf = ({ requestId, phase, attempt }: Attempt): string => `${requestId} ${phase} ${attempt}`
    const newest = (): Map<string, Attempt> => {
      const byKey = new Map<string, Attempt>()
      for (const row of attempts.rows<Attempt>()) if (row.requestId !== null) byKey.set(keyOf(row), row)
      return byKey
    }
    const told = (): string[] =>
      [...newest().values()].filter(({ withdrawn }) => !withdrawn).map(row => `${keyOf(row)} ${row.revision}`)
    const wanted = known.map(row => `${keyOf(row)} ${row.revision}`).toSorted()
    await until('the last attempts are shown', () => told().length === wanted.length)
    assert.deepEqual(told().toSorted(), wanted)
    const revisions = attempts.rows<Attempt>().map(row => `${keyOf(row)} ${row.revision}`)
    assert.ok(
      new Set(revisions).size >=
        revisions.length - attempts.rows<Attempt>().filter(row => row.requestId === null).length,
    )

    assert.equal(await lines.interrupt(), 130)
    assert.equal(await attempts.interrupt(), 130)
    assert.ok(lines.stderr.split('\n').length < 10, lines.stderr)
  } finally {
    lines.child.kill('SIGKILL')
    attempts.child.kill('SIGKILL')
    stage.remove('.')
  }
})

test('what is asked for is shown, made harmless, and the pipe may close', { skip: withoutChdb }, async () => {
  const stage = new WorkerStage(config)
  const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
  try {
    appendFileSync(
      stage.path('logs/a.log'),
      `FC Invoke Start RequestId: ${id}
2024-01-13T08:53:51.100Z ${id} [INFO] first
2024-01-13T08:53:51.200Z ${id} [ERROR] \x1b[2J\x07 wiped
2024-01-13T08:53:51.300Z ${id} [WARN] \u202ehalf
FC Invoke End RequestId: ${id}
2024-01-13T08:53:59.000Z 1-65a24fa0-0b44b15d-431a6b32cc8d [INFO] of another
`,
    )
    await stage.finish()
    const tail = (...words: string[]) => run(fcscope, ['tail', '--no-follow', ...words], { folder: stage.folder })
    const errors = await tail('--level', 'error')
    assert.match(errors.stdout, /^2024-01-13 08:53:51\.200Z {2}ERROR {2}– {2}\S+ {2}\\u\{1b\}\[2J\\u\{7\} wiped\n$/)
    assert.doesNotMatch((await tail()).stdout, /[^\P{C}\n]/u)
    assert.equal((await tail('-n', '2')).stdout.split('\n').length, 3)
    assert.equal((await tail('--request', id)).stdout.split('\n').length, 4)
    assert.equal((await tail('--since', '2024-01-13T08:53:55Z', '--json')).stdout.split('\n').length, 2)
    assert.equal((await tail('--since', '1h')).stdout, '')
    assert.equal((await tail('--function', 'nobody', '--instance', "'")).stdout, '')
    assert.match((await tail('--attempts', '--request', id)).stdout, / {2}ok {2}/)
    assert.match((await tail('--attempts', '--json', '-n', '1')).stdout, /"withdrawn":false}\n$/)
    for (const wrong of [
      ['--failed'],
      ['--attempts', '--lines'],
      ['--attempts', '--level', 'error'],
      ['--since', 'x'],
      ['-n', '-1'],
    ])
      assert.equal((await tail(...wrong)).status, 2, wrong.join(' '))
    const closed = await run('/bin/sh', ['-c', `${fcscope} tail --no-follow | head -1`], { folder: stage.folder })
    assert.deepEqual([closed.stdout.split('\n').length, closed.status], [2, 0])
  } finally {
    stage.remove('.')
  }
})
