// How long it takes from the moment the last line of an invocation was written until /metrics counts it, and until its row can be
// asked for, while a log is followed at a steady pace. Options: --seconds N (60), --lines N a second (20000), --quick (6 s, nothing
// written), --no-page. Fails when anything is missing in the end, or a latency is over its bar.
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pause, until } from '../app/worker/worker-process.ts'
import { FollowedWorker } from './followed-worker.ts'
import { PacedLog } from './paced-log.ts'
import { writeSection } from './report-page.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    lines: { type: 'string', default: '20000' },
    'no-page': { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds ?? (values.quick ? 6 : 60))
const linesPerSecond = Number(values.lines)

/** What is asked for, in ms; a quick run only has to come to an end. */
const bars = { metric: 1000, row: 3000 }
const scrapeMs = 50
const askMs = 50
/** Of the invocations that end, one in so long is asked for until its row is there. */
const probeMs = 100
/** The first moments are not counted: code is compiled, the store makes its first parts. */
const warmUpMs = 2000

const worker = await FollowedWorker.start()
try {
  await runBench()
} finally {
  await worker.remove()
}

async function runBench(): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0
  const endedMs: number[] = []
  const waiting = new Map<string, number>()
  const metricMs: number[] = []
  const rowMs: number[] = []
  let nextProbeMs = 0
  const log = new PacedLog({
    path: worker.log,
    linesPerSecond,
    onEnd: id => {
      const nowMs = performance.now()
      endedMs.push(nowMs)
      if (nowMs < nextProbeMs) return
      nextProbeMs = nowMs + probeMs
      waiting.set(id, nowMs)
    },
  })
  let isOver = false
  const beganMs = performance.now()
  const isCounted = (writtenMs: number): boolean => writtenMs - beganMs >= warmUpMs
  /** The n-th that is counted is taken for the n-th that ended: as one takes longer, another takes less. */
  const scraping = repeat(scrapeMs, async () => {
    const counted = (await worker.metrics()).sum('faas_invocations_total')
    const nowMs = performance.now()
    for (let n = metricMs.length; n < Math.min(counted, endedMs.length); n += 1)
      metricMs.push(nowMs - (endedMs[n] ?? 0))
  })
  const asking = repeat(askMs, async () => {
    if (waiting.size === 0) return
    const ids = [...waiting.keys()].map(id => `'${id}'`).join(', ')
    const found = await worker.query<{ requestId: string }>(
      `SELECT requestId FROM invocations WHERE requestId IN (${ids})`,
    )
    const nowMs = performance.now()
    for (const { requestId } of found) {
      const writtenMs = waiting.get(requestId) ?? 0
      waiting.delete(requestId)
      if (isCounted(writtenMs)) rowMs.push(nowMs - writtenMs)
    }
  })
  async function repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!isOver) {
      await work()
      await pause(everyMs)
    }
  }
  await log.run(seconds * 1000)
  await until('everything is counted and stored', () => metricMs.length === log.ends && waiting.size === 0)
  isOver = true
  await Promise.all([scraping, asking])
  const [stored] = await worker.query<{ n: number }>('SELECT count() AS n FROM invocations')
  if (stored?.n !== log.ends) throw new Error(`${log.ends} invocations were written, ${stored?.n} are stored`)
  await worker.stop()
  const counted = metricMs.filter((_, n) => isCounted(endedMs[n] ?? 0))
  const figures = { metric: quantiles(counted), row: quantiles(rowMs) }
  const load: [number, number] = [loadBefore, loadavg()[0] ?? 0]
  const report = describe({ log, figures, load, counts: { metric: counted.length, row: rowMs.length } })
  process.stdout.write(`\n${report}\n`)
  if (!values.quick && !values['no-page']) writeSection(page, 'latency', report)
  if (values.quick) return
  for (const [name, bar] of Object.entries(bars)) {
    const { p99 } = figures[name as keyof typeof bars]
    if (p99 < bar) continue
    process.stderr.write(`until ${name}: p99 ${Math.round(p99)} ms, at most ${bar}\n`)
    process.exitCode = 1
  }
}

interface Quantiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

function quantiles(all: readonly number[]): Quantiles {
  const sorted = all.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

function describe(run: {
  log: PacedLog
  figures: Record<keyof typeof bars, Quantiles>
  load: readonly [number, number]
  counts: Record<keyof typeof bars, number>
}): string {
  const { log, figures, load, counts } = run
  const row = (about: string, of: keyof typeof bars): string => {
    const { p50, p99, max } = figures[of]
    const cells = [about, counts[of].toLocaleString('en-US'), ...[p50, p99, max].map(ms => `${Math.round(ms)} ms`)]
    return `| ${[...cells, `p99 < ${bars[of]} ms`, p99 < bars[of] ? 'met' : '**not met**'].join(' | ')} |`
  }
  return `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; load average ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after. ${log.lines.toLocaleString('en-US')} lines, ${log.ends.toLocaleString('en-US')} invocations in ${seconds} s.

| from the write of an invocation's last line until | invocations | p50 | p99 | most | bar | |
| --- | --- | --- | --- | --- | --- | --- |
${row('/metrics counts it', 'metric')}
${row('its row is in the answer of a query', 'row')}
`
}
