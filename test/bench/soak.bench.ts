// A worker that follows a log at a steady pace for a long time, while the log is rotated and old files are deleted: memory must be
// flat, the disk bounded, every line there. Options: --minutes N (20), --lines N a second (20000), --quick (20 s, nothing written),
// --no-page. Fails when anything is missing or unaccounted for, or memory or the state grows.
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { until } from '../app/worker/worker-process.ts'
import { FollowedWorker } from './followed-worker.ts'
import { PacedLog } from './paced-log.ts'
import { writeSection } from './report-page.ts'
import { describeSoak, type SoakSample } from './soak-report.ts'
import { sampleWorker } from './soak-sample.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    lines: { type: 'string', default: '20000' },
    'no-page': { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes ?? (values.quick ? 1 / 3 : 20))
const linesPerSecond = Number(values.lines)
const sampleMs = values.quick ? 1000 : 5000
const rotateBytes = values.quick ? 8_000_000 : 64_000_000

const worker = await FollowedWorker.start()
try {
  await runBench()
} finally {
  await worker.remove()
}

async function runBench(): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0
  const log = new PacedLog({ path: worker.log, linesPerSecond, rotateBytes, keep: 2 })
  const samples: SoakSample[] = []
  const beganMs = performance.now()
  let sampling: Promise<unknown> = Promise.resolve()
  const take = async (): Promise<void> => {
    const sample = { minute: (performance.now() - beganMs) / 60_000, lines: log.lines, ...(await sampleWorker(worker)) }
    samples.push(sample)
    if (!values.quick && samples.length % 12 === 0) process.stdout.write(`${JSON.stringify(sample)}\n`)
  }
  const timer = setInterval(() => {
    sampling = sampling.then(take)
    sampling.catch(() => log.stop())
  }, sampleMs)
  await log.run(minutes * 60_000)
  clearInterval(timer)
  await sampling
  const atEnd = await worker.metrics()
  const unaccounted = atEnd.sum('fcscope_unaccounted_records')
  await until('everything is stored', async () => (await countOf('invocations')) === log.ends)
  const stored = { lines: await countOf('otel_logs'), invocations: await countOf('invocations') }
  const records = (await worker.metrics()).sum('fcscope_records_total')
  await worker.stop()
  const load: [number, number] = [loadBefore, loadavg()[0] ?? 0]
  const expected = { lines: log.lines - 2 * log.ends, invocations: log.ends }
  const { text, failures } = describeSoak({ minutes, log, samples, stored, expected, records, unaccounted })
  const head = `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; load average ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after.`
  process.stdout.write(`\n${head}\n\n${text}\n`)
  if (!values.quick && !values['no-page']) writeSection(page, 'soak', `${head}\n\n${text}`)
  for (const { about, isGrowth } of failures) {
    // A short run is all warm-up: only what is missing counts.
    if (values.quick && isGrowth) continue
    process.stderr.write(`${about}\n`)
    process.exitCode = 1
  }
}

async function countOf(table: string): Promise<number> {
  const [row] = await worker.query<{ n: number }>(`SELECT count() AS n FROM ${table}`)
  return row?.n ?? 0
}
