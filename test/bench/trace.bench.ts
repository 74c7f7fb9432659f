// Times `trace` on a store of so many lines: within the process that has the store open, and as a command beside a worker and without
// one. Options: --lines N (default 200,000; about two thirds of the records that are made become lines; from 20 million on the page is
// written), --requests N (default 300, a third as commands), --keep FOLDER (made if it is not there, used again and kept if it is),
// --no-page. Fails when a bar is missed by far.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { traceFromStore } from '../../src/app/trace/trace-request.ts'
import type { WorkerStatus } from '../../src/app/worker-api.ts'
import { openEmbeddedStore, readersOf } from '../../src/store/embedded-store.ts'
import { WorkerConnection } from '../../src/store/worker-api/worker-connection.ts'
import { table, writeSection } from './report-page.ts'

const fcscope = fileURLToPath(new URL('../../bin/fcscope', import.meta.url))
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200000' },
    requests: { type: 'string', default: '300' },
    keep: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    'no-page': { type: 'boolean', default: false },
  },
})
const lines = Number(values.lines)
const requests = values.quick ? 100 : Number(values.requests)
/** The bars: the slowest hundredth, within the worker, as a command, and of all failures in groups. Missed by more than this factor is a failure. */
const bars = { inside: 100, command: 1000, errors: 2000 }
const severe = 3
/** Records of one run; more of them are made in several. */
const recordsEach = 2_600_000
const linesPerRecord = 0.58

const errorRounds = values.quick ? 3 : 20

let stored = { lines: 0, attempts: 0 }
const rows: string[][] = []

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'fcscope-trace-bench-'))
try {
  if (!existsSync(join(folder, '.fcscope'))) makeStore()
  const loadBefore = loadavg()[0] ?? 0
  const ids = await measureInside()
  const commandIds = ids.slice(0, Math.ceil(ids.length / 3))
  measureCommands('as a command, without a worker', commandIds)
  measureErrors('`errors` of all days, without a worker')
  await besideWorker(() => {
    measureCommands('as a command, beside a worker', commandIds)
    measureErrors('`errors` of all days, beside a worker')
  })
  writePage(loadBefore)
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
    stored = JSON.parse((await readers.query({ sql: counts })).toString('utf8'))
    process.stdout.write(`${stored.lines} lines, ${stored.attempts} attempts\n`)
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

function measureCommands(what: string, ids: readonly string[]): void {
  const times = ids.map(id => {
    const beganMs = performance.now()
    runOrThrow(['trace', id])
    return performance.now() - beganMs
  })
  tell(what, times, bars.command)
}

/** Everything that is stored, which is the most that can be asked. */
function measureErrors(what: string): void {
  const times = Array.from({ length: errorRounds }, () => {
    const beganMs = performance.now()
    runOrThrow(['errors', '--since', '2025-01-01', '--log-level', 'silent'])
    return performance.now() - beganMs
  })
  tell(what, times, bars.errors)
}

async function isReady(): Promise<boolean> {
  const worker = await WorkerConnection.open(join(folder, '.fcscope/store'))
  const status = (await worker?.call('GET', '/status')) as WorkerStatus | undefined
  return status?.notReady.length === 0
}

/** With a worker of the folder, which has nothing to do. */
async function besideWorker(work: () => void): Promise<void> {
  const worker = spawn(fcscope, ['run', '--log-level', 'error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const untilMs = performance.now() + 30_000
    while (!(await isReady())) {
      if (performance.now() > untilMs || worker.exitCode !== null) throw new Error('the worker does not start')
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    work()
  } finally {
    worker.kill('SIGINT')
    if (worker.exitCode === null) await once(worker, 'exit')
  }
}

function writePage(loadBefore: number): void {
  const about = `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; load average ${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after.`
  const size = `${stored.lines.toLocaleString('en')} lines, ${stored.attempts.toLocaleString('en')} attempts.`
  const text = `${about} ${size}\n\n${table(['trace', 'requests', 'p50', 'p99', 'most', 'bar', ''], rows)}\n`
  process.stdout.write(`\n${text}`)
  const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
  if (lines >= 20_000_000 && !values['no-page']) writeSection(page, 'trace', text)
}

function tell(what: string, times: readonly number[], barMs: number): void {
  const sorted = times.toSorted((a, b) => a - b)
  /** The least time that so large a share of them did not exceed. */
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
  const [p50, p99] = [at(0.5), at(0.99)]
  const isMet = p99 < barMs
  const cells = [p50, p99, at(1)].map(ms => `${ms.toFixed(ms < 200 ? 1 : 0)} ms`)
  rows.push([what, String(times.length), ...cells, `p99 < ${barMs} ms`, isMet ? 'met' : '**not met**'])
  if (p99 > severe * barMs) {
    process.stderr.write(`far slower than the bar: ${what}\n`)
    process.exitCode = 1
  }
}
