// Dead letters: listed, tried again, each once, with a worker and without.
import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { WorkerStage } from '../app/worker/stage.ts'
import { query } from '../app/worker/stored.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { fcscope, run } from './run-fcscope.ts'

const config = 'sources: [{type: file, paths: ["logs/*.log"], pollMs: 20, scanMs: 50, format: sls}]\n'
const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const text = `2024-01-13T08:53:51.939Z ${id} [INFO] a line of text`

interface Letter {
  readonly id: string
  readonly reason: string
  readonly state: string
  readonly source: string
  readonly position: number
  readonly tries: number
  readonly lastReason: string | null
  readonly text: string | null
  readonly base64: string | null
}

test('letters are tried again once each, and those that fail again stay', { skip: withoutChdb }, async () => {
  const stage = new WorkerStage(config)
  const letters = async (...words: string[]) => run(fcscope, ['dead-letters', ...words], { folder: stage.folder })
  const list = async (...words: string[]): Promise<readonly Letter[]> =>
    (await letters('list', '--json', ...words)).stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  const bodies = async (): Promise<readonly string[]> =>
    (await query<{ Body: string }>(stage.folder, 'SELECT Body FROM otel_logs ORDER BY Body')).map(({ Body }) => Body)
  try {
    assert.deepEqual(await list(), [])
    writeFileSync(stage.path('logs/a.log'), `{"broken\n${text}\n`)
    appendFileSync(stage.path('logs/a.log'), Buffer.from('c9ccc6b70a', 'hex'))
    // The same bytes in another file are another letter.
    writeFileSync(stage.path('logs/b.log'), `{"broken\n\x1b[31m${'x'.repeat(4_200_000)}\n`)
    await stage.finish()

    const all = await list()
    assert.deepEqual(
      all.map(({ reason, state, source, position }) => [reason, state, source, position]),
      [
        ['invalidJson', 'new', 'file', 0],
        ['invalidJson', 'new', 'file', 9],
        ['invalidUtf8', 'new', 'file', 9 + text.length + 1],
        ['invalidJson', 'new', 'file', 0],
        ['tooLong', 'new', 'file', 9],
      ],
    )
    assert.deepEqual([all[1]?.text, all[2]?.text, all[2]?.base64], [text, null, 'yczGtw=='])
    assert.equal((await list('--reason', 'tooLong', '--source', 'b.log')).length, 1)
    assert.equal((await list('--since', '2100-01-01')).length, 0)
    const table = await letters('list')
    assert.doesNotMatch(table.stdout, /[^\P{C}\n]/u)
    assert.match(table.stderr, /5 dead letters \(invalidJson 3, invalidUtf8 1, tooLong 1\)/)

    // Without a worker they wait for one; a second call does nothing more.
    assert.match((await letters('replay', '--dry-run')).stderr, /4 letters would/)
    const handed = await letters('replay', '--reason', 'invalidJson')
    assert.deepEqual([handed.status, handed.stderr], [0, 'fcscope: of 3 letters 3 wait for a worker to take them.\n'])
    assert.match((await letters('replay', '--reason', 'invalidJson')).stderr, /nothing to try again/)
    await stage.finish()
    await stage.finish()
    assert.deepEqual(await bodies(), ['a line of text', '{"broken', '{"broken'])
    assert.deepEqual(
      (await list()).map(({ reason }) => reason),
      ['invalidUtf8', 'tooLong'],
    )
    assert.deepEqual(
      (await list('--all')).map(({ state }) => state),
      ['replayed', 'replayed', 'new', 'replayed', 'new'],
    )

    const worker = stage.start()
    await worker.ready()
    const again = await letters('replay')
    assert.equal(again.status, 1)
    assert.match(again.stderr, /1 letters cannot.*\n.*of 1 letters 1 failed again \(invalidUtf8 1\)/)
    const [failed] = await list('--reason', 'invalidUtf8')
    assert.deepEqual(
      [failed?.id, failed?.state, failed?.tries, failed?.lastReason],
      [all[2]?.id, 'failed', 1, 'invalidUtf8'],
    )
    const decoded = await letters('replay', '--id', failed?.id ?? '', '--encoding', 'gb18030')
    assert.deepEqual([decoded.status, decoded.stderr], [0, 'fcscope: of 1 letters 1 went in.\n'])
    await worker.kill()
    await stage.finish()
    assert.deepEqual(await bodies(), ['a line of text', '{"broken', '{"broken', '商品'])
    assert.deepEqual(
      readdirSync(stage.path('.fcscope/dead-letters/replay')).filter(name => !name.endsWith('.json')),
      [],
    )
    for (const wrong of [
      ['--encoding', 'klingon'],
      ['--since', 'x'],
      ['--format', 'x'],
    ])
      assert.equal((await letters('replay', ...wrong)).status, 2, wrong.join(' '))
  } finally {
    stage.remove('.')
  }
})
