// Times `trace` on a store of so many lines: within the process that has the store open, and as a command. Options: --lines N (default
// 200,000; about two thirds of the records that are made become lines), --requests N (default 300), --keep FOLDER (made if it is not
// there, used again and kept if it is). Fails when a half of the bar is missed by far.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { traceFromStore } from '../../src/app/trace/trace-request.ts'
import { openEmbeddedStore, readersOf } from '../../src/store/embedded-store.ts'

const fcscope = fileURLToPath(new URL('../../bin/fcscope', import.meta.url))
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200000' },
    requests: { type: 'string', default: '300' },
    keep: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    'no-page': { type: 'boolean' },
  },
})
const lines = Number(values.lines)
const requests = values.quick ? 100 : Number(values.requests)
/** The bars: the slowest hundredth, within the worker and as a command. Missed by more than this factor is a failure. */
const bars = { inside: 100, command: 1000 }
const severe = 3
/** Records of one run; more of them are made in several. */
const recordsEach = 2_600_000
const linesPerRecord = 0.58

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'fcscope-trace-bench-'))
try {
  if (!existsSync(join(folder, '.fcscope'))) makeStore()
  const ids = await measureInside()
  measureCommands(ids.slice(0, 20))
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true })
}

/** Days of traffic of 60 functions, one after the other. */
function makeStore(): void {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const config = { sources: [{ type: 'file', paths: ['logs/*'] }], metrics: { listen: '127.0.0.1:0' } }
  writeFileSync(join(folder, 'fcscope.yaml'), JSON.stringify(config))
  let left = Math.ceil(lines / linesPerRecord)
  for (let day = 1; left > 0; day++, left -= recordsEach) {
    const log = join('logs', `${day}.jsonl`)
    const start = new Date(Date.UTC(2025, 0, day, 8)).toISOString()
    const size = ['--lines', String(Math.min(left, recordsEach)), '--seed', String(day), '--functions', '60']
    runOrThrow(['generate', ...size, '--start', start, '--out', log])
    runOrThrow(['run', '--once', '--log-level', 'error'])
    rmSync(join(folder, log))
  }
}

function runOrThrow(words: readonly string[]): void {
  const { status } = spawnSync(fcscope, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${words.join(' ')} failed (${status})`)
}

async function measureInside(): Promise<readonly string[]> {
  const store = await openEmbeddedStore({ path: join(folder, '.fcscope/store'), maxMemoryBytes: 3 * 2 ** 30 })
  try {
    const readers = readersOf(store)
    const counts = 'SELECT (SELECT count() FROM log_lines) AS lines, (SELECT count() FROM attempts) AS attempts'
    process.stdout.write(`${(await readers.query({ sql: counts })).toString('utf8')}`)
    const sql = `SELECT DISTINCT requestId FROM attempts WHERE phase = 'invoke' AND requestId IS NOT NULL
      ORDER BY cityHash64(requestId, 7) LIMIT ${requests}`
    const ids = (await readers.query({ sql, format: 'TSV' })).toString('utf8').trim().split('\n')
    const times: number[] = []
    for (const requestId of ids) {
      const beganMs = performance.now()
      await traceFromStore(readers, { requestId, bounds: { lines: 50, bytes: 4096 }, lang: 'en' })
      times.push(performance.now() - beganMs)
    }
    tell('within the process', times, bars.inside)
    return ids
  } finally {
    await store.close()
  }
}

function measureCommands(ids: readonly string[]): void {
  const times = ids.map(id => {
    const beganMs = performance.now()
    runOrThrow(['trace', id])
    return performance.now() - beganMs
  })
  tell('as a command, without a worker', times, bars.command)
}

function tell(what: string, times: readonly number[], barMs: number): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  const [p50, p99] = [at(0.5), at(0.99)]
  process.stdout.write(
    `${what}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${times.length} (bar: ${barMs} ms)\n`,
  )
  if (p99 > severe * barMs) {
    process.stderr.write(`far slower than the bar: ${what}\n`)
    process.exitCode = 1
  }
}
