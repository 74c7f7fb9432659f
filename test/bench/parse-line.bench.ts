// Nanoseconds per line of the text parser for the shapes that make up real logs. Run with `node test/bench/parse-line.bench.ts`.

import { findCandidate } from '../../parsers/fc-text/find-candidate.ts'
import { isTroubleText } from '../../parsers/fc-text/is-trouble.ts'
import { parseLine } from '../../parsers/fc-text/parse-line.ts'
import { parseRecord } from '../../parsers/fc-text/parse-record.ts'
import { ParsedLine } from '../../src/model/parsed-line.ts'
import { ParsedRecord } from '../../src/model/parsed-record.ts'

const id = 'b24f8d99-6489-4fbb-b166-14e99c79'
const shapes: Record<string, (n: number) => string> = {
  'app line, UUID': n =>
    `2022-07-27T07:47:04.266Z ${id}${hex4(n)} [INFO] method: POST path: /2016-08-15/orders/${n} took 12 ms status: 200 ok`,
  'app line, 1- id': n =>
    `2024-01-13T08:53:51.939Z 1-65a24fa0-0b44b15d-431a6b32${hex4(n)} [verbose] order ${n} stored in 12 ms by the worker`,
  'Java line': n =>
    `2022-07-19 08:44:41.161 [INFO] [${id}${hex4(n)}] init mns client time cost: ${n} ms, retries 0, endpoint cn-hangzhou`,
  'console copy': n => `2022-07-26 15:20:482022-07-26 15:20:48 ${id}${hex4(n)} [verbose] message publish time: ${n}`,
  'invoke start': n => `FC Invoke Start RequestId: ${id}${hex4(n)}`,
  'invoke end': n => `FC Invoke End RequestId: ${id}${hex4(n)}`,
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
const rounds = 200

for (const [name, make] of Object.entries(shapes)) {
  const bytes = Buffer.from(Array.from({ length: linesPerShape }, (_, n) => make(n)).join('\n'))
  const starts = lineStarts(bytes)
  const candidates = Array.from(starts, (start, i) =>
    findCandidate(bytes, start, (starts[i + 1] ?? bytes.length + 1) - 1),
  )
  const line = new ParsedLine()
  const record = new ParsedRecord()
  const parse = nanoseconds(starts, bytes, (start, end, i) => parseLine(bytes, start, end, candidates[i] ?? -1, line))
  const whole = nanoseconds(starts, bytes, (start, end) => parseRecord(bytes, start, end, record))
  const trouble = nanoseconds(starts, bytes, (start, end) => isTroubleText(bytes, start, end))
  const columns = [parse, whole, trouble].map(ns => ns.toFixed(1).padStart(7)).join(' ')
  process.stdout.write(`${name.padEnd(26)} ${columns}  (${Math.round(bytes.length / linesPerShape)} bytes)\n`)
}

/** Best of several rounds: other work on the machine only ever adds time. */
function nanoseconds(
  starts: readonly number[],
  bytes: Buffer,
  run: (start: number, end: number, i: number) => unknown,
): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const from = process.hrtime.bigint()
    for (let i = 0; i < starts.length; i++) run(starts[i] ?? 0, (starts[i + 1] ?? bytes.length + 1) - 1, i)
    best = Math.min(best, Number(process.hrtime.bigint() - from) / starts.length)
  }
  return best
}

function lineStarts(bytes: Buffer): number[] {
  const starts = [0]
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  return starts
}

function hex4(n: number): string {
  return (n & 0xffff).toString(16).padStart(4, '0')
}
