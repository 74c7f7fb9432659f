// Nanoseconds per line of the text parser: for the shapes that make up real logs, or, given files of text lines
// (`fcscope generate --format text`, `--format console`), for what stands in them. Run with `node test/bench/parse-line.bench.ts [FILE…]`.
// Processor time and not the clock's: the machine may be shared.

import { readFileSync } from 'node:fs'
import { findCandidate } from '../../parsers/fc-text/find-candidate.ts'
import { isContinuation } from '../../parsers/fc-text/is-continuation.ts'
import { isTroubleText } from '../../parsers/fc-text/is-trouble.ts'
import { parseLine } from '../../parsers/fc-text/parse-line.ts'
import { parseRecord } from '../../parsers/fc-text/parse-record.ts'
import { ParsedLine } from '../../src/model/parsed-line.ts'
import { ParsedRecord } from '../../src/model/parsed-record.ts'
import { Kind, recordKinds } from '../../src/model/record-kind.ts'

const id = 'b24f8d99-6489-4fbb-b166-14e99c79'
const shapes: Record<string, (n: number) => string> = {
  'app line, UUID': n =>
    `2022-07-27T07:47:04.266Z ${id}${hex4(n)} [INFO] method: POST path: /2016-08-15/orders/${n} took 12 ms status: 200 ok`,
  'app line, 1- id': n =>
    `2024-01-13T08:53:51.939Z 1-65a24fa0-0b44b15d-431a6b32${hex4(n)} [verbose] order ${n} stored in 12 ms by the worker`,
  'app line, capitals': n =>
    `2022-07-27T07:47:04.266Z ${id.toUpperCase()}${hex4(n)} [INFO] method: POST path: /2016-08-15/orders/${n} took 12 ms`,
  'app line, ERROR': n =>
    `2022-07-27T07:47:04.266Z ${id}${hex4(n)} [ERROR] order ${n} was refused by the warehouse after 12 ms`,
  'Java line': n =>
    `2022-07-19 08:44:41.161 [INFO] [${id}${hex4(n)}] init mns client time cost: ${n} ms, retries 0, endpoint cn-hangzhou`,
  'console copy': n => `2022-07-26 15:20:482022-07-26 15:20:48 ${id}${hex4(n)} [verbose] message publish time: ${n}`,
  'invoke start': n => `FC Invoke Start RequestId: ${id}${hex4(n)}`,
  'invoke end': n => `FC Invoke End RequestId: ${id}${hex4(n)}`,
  'initialize start': n => `FC Initialize Start RequestId: ${id}${hex4(n)}`,
  'runtime start': () => 'FunctionCompute python3 runtime inited.',
  'text, letters': n =>
    `processing order ${n} for the customer in the third warehouse, 12 items, 3 parcels, carrier picked by weight`,
  'text, suspicious letter': n =>
    `Reading event ${n} file content: the first of several thousand that will come over the next hour or so`,
  'text, JSON': n =>
    `{"level":"info","order":${n},"customer":"third","items":12,"parcels":3,"carrier":"picked by weight","ok":true}`,
  'text, time only': n =>
    `2022/02/17 04:29:02.228870 order ${n} stored in 12 ms by the worker that took it from the queue`,
  'stack frame': n => `    at Client.request (/code/node_modules/@alicloud/fc2/lib/client.js:${n}:19)`,
  summary: n => `Duration: ${n}.98 ms, Billed Duration: ${n + 1} ms, Memory Size: 256 MB, Max Memory Used: 14.43 MB`,
}

const linesPerShape = 2000
/** As many as stay in the processor's cache together, as they do behind the scanner. */
const linesOfAll = 8000
const rounds = 7
/** Lines per measurement, so many that reading the processor time costs nothing. */
const linesPerRound = 1_000_000

/** Lines of one sort. */
class Sample {
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly candidates: number[] = []
}

type Run = (sample: Sample, times: number) => number

const files = process.argv.slice(2)
const bytes = files.length > 0 ? Buffer.concat(files.map(file => readFileSync(file))) : shapeBytes()
const line = new ParsedLine()
const record = new ParsedRecord()
const samples = sortLines()
const all = samples.get('all lines') ?? new Sample()

const runs: Run[] = [
  (sample, times) => {
    const { starts, ends, candidates } = sample
    let sum = 0
    for (let time = 0; time < times; time++) {
      for (let i = 0; i < starts.length; i++) {
        parseLine(bytes, starts[i] ?? 0, ends[i] ?? 0, candidates[i] ?? 0, line)
        sum += line.kind
      }
    }
    return sum
  },
  (sample, times) => {
    const { starts, ends } = sample
    let sum = 0
    for (let time = 0; time < times; time++) {
      for (let i = 0; i < starts.length; i++) {
        parseRecord(bytes, starts[i] ?? 0, ends[i] ?? 0, record)
        sum += record.kind
      }
    }
    return sum
  },
  (sample, times) => {
    const { starts, ends } = sample
    let sum = 0
    for (let time = 0; time < times; time++)
      for (let i = 0; i < starts.length; i++) if (isTroubleText(bytes, starts[i] ?? 0, ends[i] ?? 0)) sum++
    return sum
  },
  (sample, times) => {
    const { starts, ends } = sample
    let sum = 0
    for (let time = 0; time < times; time++)
      for (let i = 0; i < starts.length; i++) if (isContinuation(bytes, starts[i] ?? 0, ends[i] ?? 0)) sum++
    return sum
  },
]

// What one sort of lines teaches the optimiser is wrong for the next: it learns from the mixture, as in earnest.
for (const run of runs) for (let i = 0; i < 5; i++) nanoseconds(run, all)
process.stdout.write(`${' '.repeat(30)}    line  record trouble continues\n`)
for (const [name, sample] of samples) {
  const columns = runs.map(run => best(run, sample).toFixed(1).padStart(7)).join(' ')
  process.stdout.write(`${name.padEnd(30)} ${columns}   ${sample.starts.length} lines\n`)
}

/** Other work on the machine only ever adds time. */
function best(run: Run, sample: Sample): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) least = Math.min(least, nanoseconds(run, sample))
  return least
}

function nanoseconds(run: Run, sample: Sample): number {
  const times = Math.max(1, Math.round(linesPerRound / sample.starts.length))
  const before = process.cpuUsage()
  run(sample, times)
  return (process.cpuUsage(before).user * 1000) / (times * sample.starts.length)
}

/** Lines of the same shape by turns, never two in a row. */
function shapeBytes(): Buffer {
  const lines: string[] = []
  for (let n = 0; n < linesPerShape; n++) for (const make of Object.values(shapes)) lines.push(make(n))
  return Buffer.from(`${lines.join('\n')}\n`)
}

function sortLines(): Map<string, Sample> {
  const sorted = new Map<string, Sample>([['all lines', new Sample()]])
  const names = Object.keys(shapes)
  let number = 0
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const name = files.length > 0 ? sortOf(start, end) : (names[number % names.length] ?? '')
    const sample = sorted.get(name) ?? new Sample()
    sorted.set(name, sample)
    if (sample.starts.length < linesPerShape) keep(sample, start, end)
    if (number < linesOfAll) keep(sorted.get('all lines') ?? sample, start, end)
    start = end + 1
    number++
  }
  return sorted
}

function keep(sample: Sample, start: number, end: number): void {
  sample.starts.push(start)
  sample.ends.push(end)
  sample.candidates.push(findCandidate(bytes, start, end))
}

/** The kind of a file's line, and which way the parser has to go for it. */
function sortOf(start: number, end: number): string {
  parseLine(bytes, start, end, findCandidate(bytes, start, end), line)
  const front = line.prefixTimeAt >= 0 ? 'console ' : ''
  const kind = `${front}${recordKinds[line.kind]}`
  if (line.kind === Kind.text) {
    if (line.textTimeAt >= 0) return `${kind}, time only`
    return `${kind}, ${bytes[start] === 32 || bytes[start] === 9 ? 'indented' : 'other'}`
  }
  if (line.kind !== Kind.appLine) return kind
  if (line.idEnd === line.idStart) return `${kind}, no id`
  if (line.idStart > line.levelStart) return `${kind}, Java`
  return bytes.toString('latin1', line.idStart, line.idEnd) ===
    bytes.toString('latin1', line.idStart, line.idEnd).toLowerCase()
    ? `${kind}, id first`
    : `${kind}, id in capitals`
}

function hex4(n: number): string {
  return (n & 0xffff).toString(16).padStart(4, '0')
}
