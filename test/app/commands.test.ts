// The commands as a user runs them: whole processes, real files and pipes.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { LedgerReport } from '../../src/model/ledger.ts'
import { fcscope, type Outcome, run, runFcscope } from '../cli/run-fcscope.ts'
import { type AttemptJson, readJsonLines } from './run-batch.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-commands-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

interface RecordJson {
  readonly line: number
  readonly kind: string
  readonly reason?: string
  readonly message: string | null
  readonly requestId: string | null
}
const records = ({ stdout }: Outcome): RecordJson[] => readJsonLines(stdout)
const attempts = ({ stdout }: Outcome): AttemptJson[] => readJsonLines(stdout)
const kinds = (outcome: Outcome): string[] => records(outcome).map(({ kind }) => kind)

/** Runs that must end well and quietly. */
async function runWell(words: readonly string[], input?: string | Uint8Array): Promise<Outcome> {
  const outcome = await runFcscope(words, input === undefined ? {} : { input })
  assert.equal(outcome.stderr, '')
  assert.equal(outcome.status, 0)
  return outcome
}

/** Runs that must fail with one line that names what is wrong. */
async function runBadly(words: readonly string[], about: RegExp, status = 2): Promise<Outcome> {
  const outcome = await runFcscope(words)
  assert.match(outcome.stderr, /^fcscope: [^\n]+\n$/)
  assert.match(outcome.stderr, about)
  assert.equal(outcome.status, status)
  return outcome
}

const invocation = (id: string): string => `FC Invoke Start RequestId: ${id}\nhello\nFC Invoke End RequestId: ${id}\n`
const plain = file('plain.log', invocation('a') + invocation('b'))

test('files, standard input, gzip and zstd give the same', async () => {
  const text = readFileSync(plain)
  const expected = await runWell(['reconstruct', '--sort', plain])
  assert.deepEqual(
    attempts(expected).map(({ requestId, lines, status }) => [requestId, lines, status]),
    [
      ['a', 1, 'ok'],
      ['b', 1, 'ok'],
    ],
  )
  const gzip = file('any.name', gzipSync(text))
  const zstd = file('other.name', zstdCompressSync(text))
  for (const path of [gzip, zstd]) assert.deepEqual(await runWell(['reconstruct', '--sort', path]), expected)
  assert.deepEqual(await runWell(['reconstruct', '--sort', '-'], text), expected)
  assert.deepEqual(await runWell(['reconstruct', '--sort'], gzipSync(text)), expected)
  const parsed = await runWell(['parse', plain])
  assert.deepEqual(kinds(parsed), ['invokeStart', 'text', 'invokeEnd', 'invokeStart', 'text', 'invokeEnd'])
  assert.deepEqual(await runWell(['parse'], zstdCompressSync(text)), parsed)
})

test('several files are several streams, and one numbering of records', async () => {
  const first = file('first.log', 'FC Invoke Start RequestId: a\n')
  const second = file('second.log', 'hello\nFC Invoke End RequestId: a')
  const outcome = await runWell(['reconstruct', first, second])
  assert.deepEqual(
    attempts(outcome).map(({ lines, status }) => [lines, status]),
    [[0, 'ok']],
  )
  const lines = records(await runWell(['parse', first, second])).map(({ line }) => line)
  assert.deepEqual(lines, [1, 2, 3])
})

test('--ledger has every figure, --out none prints nothing', async () => {
  const path = join(folder, 'ledger.json')
  const outcome = await runWell(['reconstruct', '--out', 'none', '--ledger', path, plain])
  assert.equal(outcome.stdout, '')
  const ledger: LedgerReport = JSON.parse(readFileSync(path, 'utf8'))
  const { received, attached, unattached, duplicate, ignored, deadLettered, unaccounted } = ledger
  assert.deepEqual(
    [received, attached, unattached, duplicate, ignored, deadLettered, unaccounted],
    [6, 6, 0, 0, 0, 0, 0],
  )
  assert.deepEqual([ledger.attempts, ledger.byStatus.ok, ledger.byKind.invokeStart, ledger.byKind.text], [2, 2, 2, 2])
  assert.equal(Object.keys(ledger.byKind).length, 18)
  assert.equal(Object.keys(ledger.byStatus).length, 11)
})

test('--format sls buries what is no row, --format text reads rows as text', async () => {
  const rows = file('rows.jsonl', '{"__topic__":"FCLogs:f","message":"FC Invoke Start RequestId: a"}\nno JSON\n{"x":\n')
  const sls = await runWell(['parse', '--format', 'sls', rows])
  assert.deepEqual(
    records(sls).map(({ kind, reason }) => [kind, reason]),
    [
      ['invokeStart', undefined],
      ['deadLetter', 'invalidJson'],
      ['deadLetter', 'invalidJson'],
    ],
  )
  assert.deepEqual(kinds(await runWell(['parse', rows])), ['invokeStart', 'text', 'text'])
})

test('bytes that are not UTF-8 and lines that are too long become dead letters, their neighbours stay', async () => {
  const odd = Buffer.concat([
    Buffer.from('before\n'),
    Buffer.from([0x61, 0xff, 0xfe, 0x0a]),
    Buffer.alloc(5 * 1024 * 1024, 'x'),
    Buffer.from('\nafter\n'),
  ])
  const outcome = await runWell(['parse', file('odd.log', odd)])
  assert.deepEqual(
    records(outcome).map(({ kind, reason }) => reason ?? kind),
    ['text', 'invalidUtf8', 'tooLong', 'text'],
  )
})

test('only \\n ends a line; \\r before it is dropped, U+2028, U+0085 and a lone \\r are not', async () => {
  const outcome = await runWell(['parse'], 'one\r\ntwo\u2028still\u0085two\rstill\n\r\nlast')
  assert.deepEqual(
    records(outcome).map(({ message }) => message),
    ['one', 'two\u2028still\u0085two\rstill', '', 'last'],
  )
})

test('an empty file holds nothing, a line end alone is one blank record', async () => {
  assert.equal((await runWell(['parse', file('empty.log', '')])).stdout, '')
  assert.equal((await runWell(['reconstruct', file('empty2.log', '')])).stdout, '')
  assert.equal(records(await runWell(['parse', file('blank.log', '\n')])).length, 1)
})

test('of a truncated gzip everything readable is delivered, and one line says so', async () => {
  const text = Array.from({ length: 20_000 }, (_, index) => invocation(`id-${(index * 2654435761).toString(16)}`)).join(
    '',
  )
  const whole = gzipSync(text)
  const cut = file('cut.gz', whole.subarray(0, whole.length - 1000))
  for (const command of ['parse', 'reconstruct']) {
    const outcome = await runBadly([command, cut], /cut\.gz/)
    const count = outcome.stdout.split('\n').length - 1
    const all = command === 'parse' ? 60_000 : 20_000
    assert.ok(count > all / 2 && count < all, `${count} of ${all}`)
    readJsonLines(outcome.stdout)
  }
})

test('what cannot be read or written is told in one line', async () => {
  mkdirSync(join(folder, 'a-folder'))
  await runBadly(['parse', join(folder, 'missing.log')], /missing\.log/)
  await runBadly(['reconstruct', plain, join(folder, 'missing.log')], /missing\.log/)
  await runBadly(['parse', join(folder, 'a-folder')], /a-folder/)
  await runBadly(['reconstruct', '--no-such-option', plain], /no-such-option/)
  await runBadly(['reconstruct', '--functions', join(folder, 'missing.yaml'), plain], /missing\.yaml/)
  await runBadly(['reconstruct', '--ledger', join(folder, 'no', 'where.json'), plain], /where\.json/)
})

test('a full disk is told in one line', async () => {
  for (const command of ['parse', 'reconstruct']) {
    const outcome = await run('sh', ['-c', `"${fcscope}" ${command} "${plain}" > /dev/full`])
    assert.match(outcome.stderr, /^fcscope: [^\n]*(?:ENOSPC|space)[^\n]*\n$/i)
    assert.equal(outcome.status, 3)
  }
})

test('a reader that goes away ends the program quietly', async () => {
  const long = file('long.log', invocation('a').repeat(100_000))
  for (const command of ['parse', 'reconstruct']) {
    const script = `{ "${fcscope}" ${command} "${long}"; echo "status $?" >&2; } | head -1`
    const outcome = await run('sh', ['-c', script])
    assert.equal(outcome.stdout.split('\n').length, 2)
    assert.equal(outcome.stderr, 'status 0\n')
  }
})
