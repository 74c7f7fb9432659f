// A function that prints its caller's `traceparent` (docs/traces.md, Ids): the attempt belongs to that trace.
import { deriveSpanWords, deriveTraceId, hexOfWords, wordsOfHex } from '../../src/lib/trace-id.ts'
import { end, metricsRow, playScenarios, row, start } from './scenario.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const other = '4bf92f3577b34da6a3ce929d0e0e4736'
const caller = 'b7ad6b7169203331'
const own = '00f067aa0ba902b7'
const named = (traceId: string, spanId: string): string => `traceparent: 00-${traceId}-${spanId}-01`
const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const log = (text: string): string => `2025-01-15T12:00:00.123Z ${id} [INFO] ${text}`

const called = { requestId: id, traceId: trace, parentSpanId: caller }
/** Nobody calls: the trace follows from the request id. */
const alone = { requestId: id, traceId: deriveTraceId(id), parentSpanId: null }

playScenarios([
  {
    name: 'the caller is the parent, and the trace is the caller’s',
    records: [start(id), log('hello'), log(named(trace, caller)), log('bye'), end(id)],
    attempts: [{ ...called, lines: 3, spanId: spanWithin(trace) }],
  },
  {
    name: 'a line without an id names it, too, and so does one after the End',
    records: [start(id), log('hello'), end(id), '  at home', named(trace, caller)],
    attempts: [{ ...called, linesAfterEnd: 2 }],
  },
  {
    name: 'what the function passes on itself is not its parent: the first counts',
    records: [start(id), log(named(trace, caller)), log(named(trace, own)), end(id)],
    attempts: [called],
  },
  {
    name: 'several traces: the function works for many, and is of none',
    records: [start(id), log(named(trace, caller)), log(named(other, caller)), log(named(trace, caller)), end(id)],
    attempts: [alone],
  },
  {
    name: 'an error line may name it',
    records: [
      start(id),
      `2025-01-15T12:00:00.123Z ${id} [ERROR] {"errorType":"Error","errorMessage":"x","headers":{"traceparent":"00-${trace}-${caller}-01"}}`,
      end(id),
    ],
    attempts: [called],
  },
  {
    name: 'what the platform says is more than what a line says',
    records: [
      row(0, start(id)),
      row(5, named(other, own)),
      row(20, end(id)),
      metricsRow(id, 0, 20, { traceContext: `${trace}:${own}:${caller}:1` }),
    ],
    attempts: [{ ...called, spanId: own }],
  },
  {
    name: 'a second attempt is in the trace that it names itself',
    records: [
      row(0, start(id)),
      row(5, named(trace, caller)),
      row(20, end(id)),
      row(60_000, start(id), { instanceID: 'c-2' }),
      row(60_005, 'nothing', { instanceID: 'c-2' }),
      row(60_020, end(id), { instanceID: 'c-2' }),
    ],
    attempts: [
      { ...called, attempt: 0 },
      { ...alone, attempt: 1 },
    ],
  },
  {
    name: 'a copy of its line changes nothing',
    records: [row(0, start(id)), row(5, named(trace, caller)), row(5, named(trace, caller)), row(20, end(id))],
    attempts: [called],
  },
  {
    name: 'a line that waited for its owner names the owner’s',
    records: [
      row(0, start('0')),
      row(10, start(id)),
      row(500, named(trace, caller)),
      row(600, end(id)),
      metricsRow('0', 0, 400),
    ],
    attempts: [
      { requestId: '0', traceId: deriveTraceId('0') },
      { ...called, lines: 1 },
    ],
  },
  {
    name: 'in a row of several lines',
    records: [row(0, start(id)), row(5, `headers:\n  host: a\n  ${named(trace, caller)}\n`), row(20, end(id))],
    attempts: [called],
  },
])

/** The first invocation's own span where only the trace is given. */
function spanWithin(traceId: string): string {
  const words = new Int32Array(4)
  wordsOfHex(traceId, words)
  deriveSpanWords(words, 0, { phase: 0, attempt: 0 }, words, 0)
  return hexOfWords(words, 0, 2)
}
