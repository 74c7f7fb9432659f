import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type ConnectCheck, connectChecks } from '../../src/app/connect-checks.ts'
import { runConnectChecks } from '../../src/app/run-connect-checks.ts'
import { defaultWorkerConfig } from '../../src/app/worker-config.ts'
import { FcscopeError } from '../../src/model/fcscope-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-connect-'))
after(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'logs/empty'), { recursive: true })
writeFileSync(join(folder, 'logs/a.log'), '')

async function linesOf(checks: readonly ConnectCheck[], deadlineMs?: number): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { line } of runConnectChecks(checks, deadlineMs)) lines.push(line.en)
  return lines
}

const check = (run: () => Promise<void>): ConnectCheck => ({ name: 'x', run })
const outcomes: [name: string, run: () => Promise<void>, line: string][] = [
  ['reached', async () => {}, '  reached   x'],
  [
    'failed on purpose',
    async () => Promise.reject(new FcscopeError('FCS_USAGE', { en: 'why', zh: '原因' })),
    '  failed    x: why',
  ],
  ['failed otherwise', async () => Promise.reject(new Error('two\nlines')), '  failed    x: two lines'],
  ['failed with no error', async () => Promise.reject('word'), '  failed    x: word'],
  ['never answered', () => new Promise(() => {}), '  failed    x: no answer within 0.02 s'],
]
for (const [name, run, line] of outcomes) {
  test(`a check that ${name}`, async () =>
    assert.deepEqual(await linesOf([check(run), check(async () => {})], 20), [line, '  reached   x']))
}

const paths: [name: string, paths: string[], line: RegExp][] = [
  ['a file', ['logs/a.log'], /reached/],
  ['a pattern', ['none/*', 'logs/*.log'], /reached/],
  ['a pattern that matches nothing', ['logs/*.txt'], /failed .*: no file is there$/],
  ['a folder', ['logs'], /failed .*: no file is there$/],
]
for (const [name, list, line] of paths) {
  test(`a file source with ${name}`, async () => {
    const config = defaultWorkerConfig(folder, {
      sources: [{ type: 'file', paths: list.map(path => join(folder, path)) }],
    })
    const checks = connectChecks(config).filter(({ name: place }) => place === 'sources.file.paths')
    assert.equal(checks.length, 1)
    assert.match((await linesOf(checks))[0] ?? '', line)
  })
}

test('every part that reaches for something is tried, in the order of the file', () => {
  const config = defaultWorkerConfig(folder, {
    sources: [{ type: 'http', name: 'in', listen: '127.0.0.1:0', token: 't' }, { type: 'stdin' }],
    web: {},
  })
  assert.deepEqual(
    connectChecks(config).map(({ name }) => name),
    ['sources.in.listen', 'store.path', 'state.path', 'deadLetters.path', 'metrics.listen', 'web.listen'],
  )
})

test('topics are looked for where they are named', () => {
  const brokers = ['127.0.0.1:9']
  const config = defaultWorkerConfig(folder, {
    sources: [{ type: 'stdin' }],
    deadLetters: { type: 'kafka', brokers, topic: 'letters' },
    attempts: { type: 'kafka', brokers, topic: 'attempts' },
  })
  assert.deepEqual(
    connectChecks(config).map(({ name }) => name),
    ['store.path', 'state.path', 'deadLetters.topic', 'attempts.topic', 'metrics.listen'],
  )
})
