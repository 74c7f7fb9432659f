// Times `bill estimate` of a month on stores of two sizes, and says what the slope comes to for a hundred million attempts. Options:
// --attempts N (default 1,000,000; a tenth of it is the small size; from 10 million on the page is written). Fails when the bar is missed
// by far.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BillHours } from '../../src/app/bill/keep-bill-hours.ts'
import { openFunctionFigures } from '../../src/app/function-figures.ts'
import type { StoreWriter } from '../../src/model/store-connection.ts'
import { openEmbeddedStore } from '../../src/store/embedded-store.ts'
import { migrate } from '../../src/store/migrate.ts'
import { table, writeSection } from './report-page.ts'

const fcscope = fileURLToPath(new URL('../../bin/fcscope', import.meta.url))
const { values } = parseArgs({
  options: {
    attempts: { type: 'string', default: '1000000' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
  },
})
const large = values.quick ? 200_000 : Number(values.attempts)
const sizes = [large / 10, large]
const rounds = values.quick ? 2 : Number(values.rounds)
const barMs = 10_000
const severe = 3
const asked = 100_000_000
/** Attempts of one insert. */
const perInsert = 500_000
const month = { name: '2026-01', from: '2025-12-31 16:00:00', ms: 31 * 86_400_000 }

interface Figures {
  readonly attempts: number
  readonly fillMs: number
  readonly estimateMs: number
  readonly staleMs: number
  readonly viewMs: number
}

const folder = mkdtempSync(join(tmpdir(), 'fcscope-bill-bench-'))
try {
  writeFileSync(
    join(folder, 'functions.yaml'),
    'functions: [{functionName: "*", region: cn-hangzhou, vCPU: 0.5, memoryMB: 1024, diskMB: 512}]\n',
  )
  const loadBefore = loadavg()[0] ?? 0
  const figures: Figures[] = []
  for (const attempts of sizes) figures.push(await measure(attempts))
  tell(figures, loadBefore)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(attempts: number): Promise<Figures> {
  const path = join(folder, `store-${attempts}`)
  const config = `fcscope-${attempts}.yaml`
  writeFileSync(
    join(folder, config),
    JSON.stringify({ sources: [{ type: 'stdin' }], store: { type: 'embedded', path } }),
  )
  await withStore(path, async store => {
    await migrate(store, { retentionDays: 3650 })
    for (let at = 0; at < attempts; at += perInsert)
      await insert(store, { at, count: Math.min(perInsert, attempts - at), of: attempts })
  })
  const fillMs = await withStore(path, sumUp)
  const estimateMs = median(() => estimate(config))
  const viewMs = median(() => command(['query', '-c', config, 'SELECT sum(cu), sum(amount) FROM bill_hours']))
  // An hour's worth that the table does not know of.
  await withStore(path, store =>
    insert(store, { at: attempts - attempts / 744, count: attempts / 744, of: attempts, salt: 1 }),
  )
  const staleMs = median(() => estimate(config))
  rmSync(path, { recursive: true })
  process.stdout.write(
    `${attempts} attempts: filled in ${fillMs} ms, estimate ${estimateMs} ms, ${staleMs} ms with an hour to sum up\n`,
  )
  return { attempts, fillMs, estimateMs, staleMs, viewMs }
}

async function withStore<T>(path: string, work: (store: StoreWriter) => Promise<T>): Promise<T> {
  const store = await openEmbeddedStore({ path, maxMemoryBytes: 3 * 2 ** 30 })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Attempts of 200 functions on some thousands of instances, in the order of time, as a worker stores them. */
async function insert(
  store: StoreWriter,
  { at, count, of, salt = 0 }: { at: number; count: number; of: number; salt?: number },
): Promise<void> {
  await store.run(`INSERT INTO attempts (requestId, attempt, phase, functionName, qualifier, instanceID, status, startTime, endTime, durationMs,
      billedMs, memoryMB, revision, generation, firstStoredAt, storedAt)
    SELECT concat('1-', lower(hex(toUInt32(toUnixTimestamp(s)))), '-', lower(substring(hex(sipHash128(number, ${salt})), 1, 24))), 0, 'invoke',
      concat('fn-', toString(number % 200)), 'LATEST',
      concat('c-', toString(number % 200), '-', toString(intDiv(number, 200) % 20 + 20 * intDiv(number, 1000000))),
      if(number % 97 = 0, 'unhandledError', 'ok'),
      toDateTime64('${month.from}', 3, 'UTC') + toIntervalMillisecond(toInt64(number * ${month.ms / of})) AS s,
      s + toIntervalMillisecond(d), toFloat64(20 + sipHash64(number, 2) % 400) AS d, d, if(number % 3 = 0, NULL, 512), 1, 1,
      toDateTime64('2026-02-01 00:00:00', 3, 'UTC'), now64(3)
    FROM numbers(${Math.round(at)}, ${Math.round(count)}) SETTINGS max_threads = 1`)
}

async function sumUp(store: StoreWriter): Promise<number> {
  const figures = openFunctionFigures({
    functions: join(folder, 'functions.yaml'),
    book: 'fc3-cn',
    billsAllDisk: false,
    hasDiscount: true,
  })
  const log = { write: (...event: readonly unknown[]) => process.stderr.write(`${JSON.stringify(event)}\n`) }
  const hours = new BillHours({
    store,
    bill: figures.bill,
    retentionDays: 3650,
    nowMs: Date.now,
    isStopping: () => false,
    log,
  })
  const beganMs = performance.now()
  await hours.stop({ isLast: true })
  return Math.round(performance.now() - beganMs)
}

function estimate(config: string): number {
  return command([
    'bill',
    'estimate',
    '-c',
    config,
    '--functions',
    'functions.yaml',
    '--book',
    'fc3-cn',
    '--month',
    month.name,
    '--json',
  ])
}

function command(words: readonly string[]): number {
  const beganMs = performance.now()
  const { status } = spawnSync(fcscope, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${words.join(' ')} failed (${status})`)
  return performance.now() - beganMs
}

function median(time: () => number): number {
  const times = Array.from({ length: rounds }, time).sort((a, b) => a - b)
  return Math.round(times[Math.floor(times.length / 2)] ?? Number.NaN)
}

function tell([small, large]: readonly Figures[], loadBefore: number): void {
  if (small === undefined || large === undefined) throw new RangeError('BUG: two sizes are measured')
  const at = (of: (figures: Figures) => number): number =>
    Math.round(
      of(large) + (Math.max(0, of(large) - of(small)) / (large.attempts - small.attempts)) * (asked - large.attempts),
    )
  const row = (what: string, of: (figures: Figures) => number, isBarred: boolean): string[] => {
    const verdict = at(of) < barMs ? 'met' : '**not met**'
    return [
      what,
      ...[of(small), of(large), at(of)].map(ms => `${ms} ms`),
      ...(isBarred ? [`< ${barMs} ms`, verdict] : ['', '']),
    ]
  }
  const rows = [
    row('`bill estimate --month`, as a command', ({ estimateMs }) => estimateMs, true),
    row('the same with an hour that was stored just now', ({ staleMs }) => staleMs, true),
    row('all of `bill_hours`, as a query', ({ viewMs }) => viewMs, false),
    row('summing up all hours at once', ({ fillMs }) => fillMs, false),
  ]
  const about = `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; load average ${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after.`
  const size = (count: number): string => count.toLocaleString('en')
  const header = [
    '',
    `${size(small.attempts)} attempts`,
    `${size(large.attempts)} attempts`,
    `${size(asked)}, by the slope`,
    'bar',
    '',
  ]
  const text = `${about} Attempts of one month, 200 functions.\n\n${table(header, rows)}\n`
  process.stdout.write(`\n${text}`)
  const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
  if (large.attempts >= 10_000_000) writeSection(page, 'bill', text)
  if (large.estimateMs > severe * barMs) {
    process.stderr.write('far slower than the bar\n')
    process.exitCode = 1
  }
}
