// How many records and attempts one core writes as JSON per second: `node test/bench/record-json.bench.ts`.

import { LineTime } from '../../parsers/fc-text/line-time.ts'
import { parseUnscannedLine } from '../../parsers/fc-text/parse-line.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import { ParsedLine } from '../../src/model/parsed-line.ts'
import { AttemptJsonWriter } from '../../src/sinks/stdout/attempt-json.ts'
import type { JsonWriter } from '../../src/sinks/stdout/json-writer.ts'
import { RecordJsonWriter } from '../../src/sinks/stdout/record-json.ts'

const COUNT = 100_000
const ROUNDS = 12
const FLUSH_BYTES = 256 * 1024

/** Best of some rounds; the bytes are thrown away as a fast output would. */
function measure(name: string, json: JsonWriter, write: (n: number) => void): void {
  let best = Number.POSITIVE_INFINITY
  let bytes = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    bytes = 0
    const begun = process.hrtime.bigint()
    for (let n = 0; n < COUNT; n += 1) {
      write(n)
      if (json.length > FLUSH_BYTES) {
        bytes += json.length
        json.clear()
      }
    }
    best = Math.min(best, Number(process.hrtime.bigint() - begun))
  }
  process.stdout.write(`${name}: ${((COUNT / best) * 1e3).toFixed(2)} M/s, ${Math.round(bytes / COUNT)} bytes each\n`)
}

const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const writer = new RecordJsonWriter({
  readError: () => null,
  time: new LineTime({
    prefixClock: { toUtcMs: localMs => localMs - 28_800_000 },
    logClock: { toUtcMs: localMs => localMs },
  }),
})
const lines = {
  'plain text': '    at Object.handler (/code/index.js:42:17) and some more text behind it, as tools print',
  'application lines': `2024-01-13T08:53:51.939Z ${id} [INFO] order 8812 accepted, 3 items, took 12 ms`,
  markers: `FC Invoke End RequestId: ${id}, Error: Unhandled function error`,
  summaries: 'Duration: 158.25 ms, Billed Duration: 159 ms, Memory Size: 512 MB, Max Memory Used: 41.50 MB',
  'text in Chinese': '订单已接受，共三件商品，用时十二毫秒，客户编号八千八百一十二',
}
for (const [name, text] of Object.entries(lines)) {
  const buf = Buffer.from(text)
  const line = new ParsedLine()
  parseUnscannedLine(buf, 0, buf.length, line)
  measure(name, writer.json, n => writer.writeLine(n, buf, line))
}

const attempt: Attempt = {
  requestId: id,
  attempt: 0,
  phase: 'invoke',
  functionName: 'orders',
  serviceName: null,
  qualifier: 'LATEST',
  versionId: null,
  instanceID: 'c-65a24fa0-37e1bf7123054a77aaaa',
  invocationType: 'Sync',
  triggerType: null,
  resourceMode: 'OnDemand',
  status: 'ok',
  errorCode: null,
  errorType: null,
  errorMessage: null,
  errorStack: null,
  errorLines: [],
  httpMethod: null,
  httpPath: null,
  httpStatus: null,
  startTimeMs: 1705476027407,
  endTimeMs: 1705476027433,
  durationMs: 25.69,
  durationUncertaintyMs: 0,
  billedMs: 26,
  memoryMB: 512,
  maxMemoryUsedMB: 41.5,
  coldStart: false,
  coldStartMs: null,
  prepareCodeMs: null,
  runtimeInitMs: null,
  initializeMs: null,
  scheduleMs: 0.41,
  lines: 4,
  linesAfterEnd: 0,
  levels: { fatal: 0, error: 0, warn: 0, info: 4, debug: 0, trace: 0, other: 0 },
  traceId: '371d3ff242fcee90371d3ff242fcee90',
  spanId: '371d3ff242fcee90',
  parentSpanId: null,
  closedBy: 'end',
  flags: [],
  causes: [],
  sources: {
    status: 'metrics',
    startTime: 'metrics',
    endTime: 'metrics',
    durationMs: 'metrics',
    billedMs: 'metrics',
    memoryMB: 'metrics',
    maxMemoryUsedMB: 'metrics',
    coldStart: 'metrics',
  },
  cu: null,
  revision: 1,
}
const attempts = new AttemptJsonWriter()
measure('ok attempts', attempts.json, n => {
  attempt.attempt = n & 3
  attempt.startTimeMs = 1705476027407 + n
  attempts.write(attempt)
})
