// Times spans: what making them costs beside reconstruction, how fast they go into a real collector, and how fast OpenTelemetry's own
// encoder would be. Writes its part of docs/performance.md. Options: --quick (one round, little input, nothing written), --rounds N (5),
// --no-page. Says so when there can be no collector here. Fails when a bar is missed by far.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { otlpOptions } from '../../src/sinks/otlp/otlp-options.ts'
import { OtlpSink } from '../../src/sinks/otlp/otlp-sink.ts'
import type { SpanRequest } from '../../src/sinks/otlp/span-batch.ts'
import { Collector, noBackends } from '../services/trace-backends.ts'
import { decodeRequest } from '../sinks/otlp/official-spans.ts'
import { sdkSpans } from './official-sdk-spans.ts'
import { table, writeSection } from './report-page.ts'
import { readRoundOptions } from './round-options.ts'
import { quietLog } from './rowless-worker.ts'
import { runEngine } from './span-engine.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const fcscope = fileURLToPath(new URL('../../bin/fcscope', import.meta.url))
const { isQuick, rounds, writesPage } = readRoundOptions(5)
const lines = isQuick ? 80_000 : 800_000

/** Bars; missed by more than this factor is a failure. */
const bars = { shareOfReconstruction: 0.15, spansPerCpuSecond: 50_000 }
const severe = 2

const folder = mkdtempSync(join(tmpdir(), 'fcscope-otlp-bench-'))
const rows: string[][] = []
let missed = ''

try {
  const loadBefore = loadavg()[0] ?? 0
  const log = join(folder, 'rows.jsonl')
  const words = ['generate', '--format', 'sls', '--lines', String(lines), '--seed', '5', '--out', log]
  if (spawnSync(fcscope, words, { stdio: 'inherit' }).status !== 0) throw new Error('generate failed')
  const bytes = readFileSync(log)
  measureMaking(bytes)
  const { requests, spans } = runEngine(bytes, { withSpans: true, keepsRequests: true })
  measureOfficial(requests)
  if (noBackends === false) await measureSending(requests, spans)
  else process.stdout.write(`no sending: ${noBackends}\n`)
  report(loadBefore)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (missed !== '') {
  process.stderr.write(`missed by far: ${missed}\n`)
  process.exitCode = 1
}

/** The two side by side, so that neighbours of the machine disturb both. */
function measureMaking(bytes: Buffer): void {
  runEngine(bytes, { withSpans: true })
  const pairs = Array.from({ length: rounds }, () => ({
    without: runEngine(bytes, { withSpans: false }),
    withSpans: runEngine(bytes, { withSpans: true }),
  }))
  const shares = pairs.map(pair => pair.withSpans.cpuSeconds / pair.without.cpuSeconds - 1)
  const share = median(shares)
  const { attempts, spans } = pairs[0]?.withSpans ?? { attempts: 0, spans: 0 }
  const seconds = median(pairs.map(pair => pair.without.cpuSeconds))
  rows.push([
    `making ${spans} spans of ${attempts} attempts, beside reconstruction (${lines} rows, ${seconds.toFixed(2)} s of CPU)`,
    `${(share * 100).toFixed(1)} % (${percent(Math.min(...shares))}–${percent(Math.max(...shares))})`,
    `≤ ${percent(bars.shareOfReconstruction)} %`,
    share <= bars.shareOfReconstruction ? 'met' : '**not met**',
  ])
  if (share > bars.shareOfReconstruction * severe && !isQuick) missed = 'making spans'
}

/** What the official encoder makes of the same spans. */
function measureOfficial(requests: readonly SpanRequest[]): void {
  const seen = requests.slice(0, 4).flatMap(({ bytes }) => decodeRequest(bytes))
  const spans = sdkSpans(seen)
  const rates = Array.from({ length: rounds + 1 }, () => {
    const cpu = cpuSecondsOf(() => void ProtobufTraceSerializer.serializeRequest(spans))
    return spans.length / cpu
  })
  rows.push(['the official encoder alone, spans a second of CPU', perSecond(median(rates.slice(1))), '', ''])
}

async function measureSending(requests: readonly SpanRequest[], spans: number): Promise<void> {
  const collector = await Collector.start()
  try {
    for (const [name, options] of [
      ['HTTP, gzip', { url: collector.httpUrl }],
      ['HTTP, not compressed', { url: collector.httpUrl, compression: 'none' }],
      ['HTTP with JSON, gzip', { url: collector.httpUrl, protocol: 'http/json' }],
      ['gRPC, gzip', { url: collector.grpcUrl, protocol: 'grpc' }],
    ] as const) {
      const runs: { cpu: number; wall: number }[] = []
      for (let round = 0; round < rounds; round++) runs.push(await send(options, requests))
      const rate = spans / median(runs.map(({ cpu }) => cpu))
      rows.push([
        `sending over ${name}: spans a second of our CPU, and a second`,
        `${perSecond(rate)}, ${perSecond(spans / median(runs.map(({ wall }) => wall)))}`,
        `≥ ${perSecond(bars.spansPerCpuSecond)}`,
        rate >= bars.spansPerCpuSecond ? 'met' : '**not met**',
      ])
      if (rate < bars.spansPerCpuSecond / severe && !isQuick) missed = name
    }
  } finally {
    await collector.end()
  }
}

/** Stages and delivers everything, as the worker's queue does: four at a time. */
async function send(options: object, requests: readonly SpanRequest[]): Promise<{ cpu: number; wall: number }> {
  let taken = 0
  const sink = new OtlpSink({
    options: otlpOptions.parse({ type: 'otlp', timeoutMs: 60_000, ...options }),
    folder,
    log: quietLog,
    nowMs: Date.now,
    onSpans: (fate, spans) => {
      if (fate === 'taken') taken += spans
    },
  })
  await sink.open()
  const beganMs = performance.now()
  const before = process.cpuUsage()
  const waiting = sink.stage({ batch: 1, storedMs: Date.now() }, requests)
  const signal = new AbortController().signal
  const courier = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await sink.deliver(next, { signal })
      rmSync(next.file)
    }
  }
  await Promise.all(Array.from({ length: sink.maxConcurrent }, courier))
  const { user, system } = process.cpuUsage(before)
  const wall = (performance.now() - beganMs) / 1000
  await sink.stop()
  const wanted = requests.reduce((sum, { spans }) => sum + spans, 0)
  if (taken !== wanted) throw new Error(`${taken} of ${wanted} spans were taken`)
  return { cpu: (user + system) / 1e6, wall }
}

function report(loadBefore: number): void {
  const head = ['spans', 'measured', 'bar', '']
  const load = `load average ${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`
  const about = `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}. ${rounds} rounds; ${load}.`
  const text = `${about}\n\n${table(head, rows)}\n`
  process.stdout.write(`\n${text}\n`)
  if (writesPage && noBackends === false) writeSection(page, 'otlp', text)
}

function cpuSecondsOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function percent(share: number): string {
  return (share * 100).toFixed(0)
}
function perSecond(rate: number): string {
  return `${Math.round(rate / 1000)} k`
}
