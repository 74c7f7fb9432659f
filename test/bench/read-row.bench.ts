// How many Logstore rows one core reads per second: `node test/bench/read-row.bench.ts`.
import { readInstanceEvent } from '../../parsers/fc-instance-events/read-instance-event.ts'
import { readRequestMetrics } from '../../parsers/fc-request-metrics/read-request-metrics.ts'
import { unknownOrigin } from '../../parsers/logstore-row/origin-cache.ts'
import { RowReader } from '../../parsers/logstore-row/read-row.ts'
import { LogstoreRow } from '../../src/model/logstore-row.ts'

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0')
const requestId = (n: number): string => `1-65a2${hex(n % 65536, 4)}-0b44b15d-${hex(n, 12)}`
const instanceID = (n: number): string => `c-65a24fa0-${hex((n * 2654435761) % 2 ** 40, 20)}`

function appRow(n: number, tail: string): object {
  return {
    __source__: '',
    __time__: String(1705136031 + (n >> 6)),
    __topic__: `FCLogs:orders-${n % 20}`,
    functionName: `orders-${n % 20}`,
    instanceID: instanceID(n % 200),
    message: `2024-01-13T08:53:51.939Z ${requestId(n)} [INFO] order ${n} accepted, 3 items, customer 8812, took 12 ms${tail}`,
    qualifier: 'LATEST',
    versionId: '',
    __pack_meta__: '1|MTcwNTEzNjAzMQ==|3|1',
  }
}

function metricsRow(n: number): object {
  return {
    __time__: String(1705136031 + (n >> 6)),
    __topic__: `FCRequestMetrics:/orders-${n % 20}`,
    activeInstances: '0',
    activeInstancesPerFunction: '0',
    durationMs: `${n % 900}.56`,
    functionName: `orders-${n % 20}`,
    hasFunctionError: 'false',
    hostname: 'sr-65a76c74-1224f354965f43a',
    instanceID: instanceID(n % 200),
    invocationStartTimestamp: String(1705476027407 + n),
    invocationType: n % 7 === 0 ? 'Async' : 'Sync',
    invokeFunctionLatencyMs: '2.92',
    invokeFunctionStartTimestamp: String(1705476027406 + n),
    ipAddress: '21.0.3.1',
    isColdStart: 'false',
    memoryMB: '512',
    memoryUsageMB: '8.99',
    operation: 'InvokeFunction',
    qualifier: 'LATEST',
    requestId: requestId(n),
    resourceMode: 'OnDemand',
  }
}

function measure(name: string, make: (n: number) => object): void {
  const count = 100_000
  const lines = Array.from({ length: count }, (_, n) => JSON.stringify(make(n)))
  const buf = Buffer.from(`${lines.join('\n')}\n`)
  const ends = new Int32Array(count)
  for (let n = 0, at = 0; n < count; n += 1) {
    at = buf.indexOf(0x0a, at)
    ends[n] = at
    at += 1
  }
  const reader = new RowReader({ readRequestMetrics, readInstanceEvent })
  const row = new LogstoreRow(unknownOrigin, buf)
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 12; round += 1) {
    const begun = process.hrtime.bigint()
    for (let n = 0, start = 0; n < count; n += 1) {
      reader.read(buf, start, ends[n]!, row)
      start = ends[n]! + 1
    }
    best = Math.min(best, Number(process.hrtime.bigint() - begun))
  }
  const rate = (count / best) * 1e3
  process.stdout.write(`${name}: ${rate.toFixed(2)} M rows/s, ${Math.round(buf.length / count)} bytes a row\n`)
}

measure('application rows', n => appRow(n, ''))
measure('application rows, escaped line end', n => appRow(n, '\n'))
measure('application rows, escaped JSON inside', n => appRow(n, ' {"a":"b","c":[1,2,3]}\r{"d":"e"}'))
measure('request metrics rows', metricsRow)
