// What `reconstruct` prints, attempt by attempt (contract §4).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Attempt, attemptFlags, closers, sourcedFields, statuses } from '../../../src/model/attempt.ts'
import { phases } from '../../../src/model/record-kind.ts'
import { AttemptJsonWriter } from '../../../src/sinks/stdout/attempt-json.ts'

/** The keys of the contract's table, in its order. */
const contractKeys = [
  ...['requestId', 'attempt', 'phase', 'functionName', 'serviceName', 'qualifier', 'versionId', 'instanceID'],
  ...['invocationType', 'triggerType', 'resourceMode', 'status', 'errorCode', 'errorType', 'errorMessage'],
  ...['httpMethod', 'httpPath', 'httpStatus', 'startTime', 'endTime', 'durationMs', 'durationUncertaintyMs'],
  ...['billedMs', 'memoryMB', 'maxMemoryUsedMB', 'coldStart', 'coldStartMs', 'prepareCodeMs', 'runtimeInitMs'],
  ...['initializeMs', 'scheduleMs', 'lines', 'linesAfterEnd', 'levels', 'traceId', 'spanId', 'parentSpanId'],
  ...['closedBy', 'flags', 'causes', 'sources', 'cu', 'revision'],
]

const plain: Attempt = {
  requestId: '1-a',
  attempt: 0,
  phase: 'invoke',
  functionName: 'fn',
  serviceName: null,
  qualifier: null,
  versionId: null,
  instanceID: 'c-1',
  invocationType: null,
  triggerType: null,
  resourceMode: null,
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
  maxMemoryUsedMB: 8.99,
  coldStart: false,
  coldStartMs: null,
  prepareCodeMs: null,
  runtimeInitMs: null,
  initializeMs: null,
  scheduleMs: null,
  lines: 2,
  linesAfterEnd: 0,
  levels: { fatal: 0, error: 0, warn: 0, info: 2, debug: 0, trace: 0, other: 0 },
  traceId: '371d3ff242fcee90371d3ff242fcee90',
  spanId: '371d3ff242fcee90',
  parentSpanId: null,
  closedBy: 'end',
  flags: [],
  causes: [],
  sources: { billedMs: 'metrics', status: 'marker' },
  cu: null,
  revision: 1,
}

function written(attempt: Attempt): string {
  const writer = new AttemptJsonWriter()
  writer.write(attempt)
  return new TextDecoder('utf-8', { fatal: true }).decode(writer.json.bytes.subarray(0, writer.json.length))
}

test('an attempt that went well', () => {
  assert.equal(
    written(plain),
    '{"requestId":"1-a","attempt":0,"phase":"invoke","functionName":"fn","serviceName":null,"qualifier":null,' +
      '"versionId":null,"instanceID":"c-1","invocationType":null,"triggerType":null,"resourceMode":null,"status":"ok",' +
      '"errorCode":null,"errorType":null,"errorMessage":null,"httpMethod":null,"httpPath":null,"httpStatus":null,' +
      '"startTime":"2024-01-17T07:20:27.407Z","endTime":"2024-01-17T07:20:27.433Z","durationMs":25.69,' +
      '"durationUncertaintyMs":0,"billedMs":26,"memoryMB":512,"maxMemoryUsedMB":8.99,"coldStart":false,' +
      '"coldStartMs":null,"prepareCodeMs":null,"runtimeInitMs":null,"initializeMs":null,"scheduleMs":null,"lines":2,' +
      '"linesAfterEnd":0,"levels":{"fatal":0,"error":0,"warn":0,"info":2,"debug":0,"trace":0,"other":0},' +
      '"traceId":"371d3ff242fcee90371d3ff242fcee90","spanId":"371d3ff242fcee90","parentSpanId":null,"closedBy":"end",' +
      '"flags":[],"causes":[],"sources":{"status":"marker","billedMs":"metrics"},"cu":null,"revision":1}\n',
  )
})

const text = fc.option(fc.string({ unit: 'binary', maxLength: 20 }))
const figure = fc.option(fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e6, noNaN: true })))
const time = fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }))
const count = fc.nat(5)
const texts = {
  requestId: text,
  functionName: text,
  serviceName: text,
  qualifier: text,
  versionId: text,
  instanceID: text,
  invocationType: text,
  triggerType: text,
  resourceMode: text,
  errorCode: text,
  errorType: text,
  errorMessage: text,
  httpMethod: text,
  httpPath: text,
  parentSpanId: text,
  cu: text,
}
const figures = {
  httpStatus: figure,
  durationMs: figure,
  billedMs: figure,
  memoryMB: figure,
  maxMemoryUsedMB: figure,
  coldStartMs: figure,
  prepareCodeMs: figure,
  runtimeInitMs: figure,
  initializeMs: figure,
  scheduleMs: figure,
}
const source = fc.constantFrom('metrics', 'summary', 'message', 'recordTime', 'marker', 'text')
const cause = fc.record({
  code: fc.constantFrom('outOfMemory', 'unknown'),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  evidence: fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }),
  remedy: fc.string(),
  docs: fc.webUrl(),
})
const anyAttempt: fc.Arbitrary<Attempt> = fc
  .record({
    ...texts,
    ...figures,
    attempt: count,
    phase: fc.constantFrom(...phases),
    status: fc.constantFrom(...statuses),
    startTimeMs: time,
    endTimeMs: time,
    coldStart: fc.option(fc.boolean()),
    lines: count,
    levels: fc.record({
      fatal: count,
      error: count,
      warn: count,
      info: count,
      debug: count,
      trace: count,
      other: count,
    }),
    closedBy: fc.constantFrom(...closers),
    flags: fc.subarray([...attemptFlags]),
    causes: fc.array(cause, { maxLength: 2 }),
    sources: fc.dictionary(fc.constantFrom(...sourcedFields), source),
  })
  // The generator's dictionary type is wider than Sources, its keys are not.
  .map(given => ({ ...plain, ...given }) as Attempt)

/** A value as it must come back: texts well-formed, `-0` as 0. */
const comparable = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, inner) => (typeof inner === 'string' ? inner.toWellFormed() : inner)))

test('any attempt comes back whole, its keys in the order of the contract', () => {
  fc.assert(
    fc.property(anyAttempt, attempt => {
      const printed = JSON.parse(written(attempt))
      assert.deepEqual(Object.keys(printed), contractKeys)
      assert.deepEqual(Object.keys(printed.levels), ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'other'])
      assert.deepEqual(
        Object.keys(printed.sources),
        sourcedFields.filter(field => Object.hasOwn(attempt.sources, field)),
      )
      const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
      const { startTimeMs, endTimeMs, errorStack: _stack, errorLines: _lines, ...rest } = attempt
      assert.deepEqual(printed, comparable({ ...rest, startTime: iso(startTimeMs), endTime: iso(endTimeMs) }))
    }),
    { numRuns: 400 },
  )
})
