// Records at random: everything that a log may hold, near the borders between the rules, with few ids so that they meet.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'

/** Ids of all lengths that are stored or searched in ways of their own. */
const ids = [
  '65a24fa0-7e42-4ee5-8a5c-0b44b15d431a',
  '65a24fa0-7e42-4ee5-8a5c-0b44b15d431b',
  '1-65a24fa0-0b44b15d-431a6b32cc8c',
  '1-65a24fa0-0b44b15d431a6b32cc8c0001',
  '1-65a24fa0-0b44b15d-431a6b32cc8c-0123456789abcdef',
] as const
export const requestId = fc.constantFrom(...ids)

const phase = fc.constantFrom('Invoke', 'Invoke', 'Invoke', 'Invoke', 'Initialize', 'PreFreeze', 'invoke')
const outcome = fc.constantFrom(
  '',
  '',
  '',
  ', Error: Unhandled function error',
  ', Error: Handled function error',
  ', Error: Invocation canceled by client (duration: 43.50ms, maxMemoryUsage: 65.25MB)',
)

/** Start and End markers of few ids. */
export const marker = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(phase, requestId).map(([name, id]) => `FC ${name} Start RequestId: ${id}`) },
  {
    weight: 5,
    arbitrary: fc.tuple(phase, requestId, outcome).map(([name, id, how]) => `FC ${name} End RequestId: ${id}${how}`),
  },
)
const namelessMarker = fc.constantFrom('FC Invoke Start RequestId: None', 'FC Invoke End RequestId: undefined')

const level = fc.constantFrom(
  'INFO',
  'info',
  'Warn',
  'WARNING',
  'DEBUG',
  'verbose',
  'TRACE',
  'silly',
  'ERROR',
  'FATAL',
  'NOTICE',
  '',
)
/** Two callers of one trace, and one of another. */
const traceParents = [
  'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"}',
  'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01',
] as const

const message = fc.constantFrom(
  'x',
  'hello world',
  '  indented',
  '',
  'FunctionCompute',
  'FC',
  '商品 📦',
  '{"a":1}',
  'process.exit(1)',
  ...traceParents,
)

/** An application line of one of the ids. */
export const namedLine = fc
  .tuple(requestId, level, message)
  .map(([id, word, text]) => `2025-01-15T12:00:00.123Z ${id} [${word}] ${text}`)

/** Lines without an id. */
const anonymousLine = fc.constantFrom(
  traceParents[0],
  'plain output',
  '  at indented (frame.js:1:2)',
  'Caused by: java.lang.Error',
  '2025-01-15 12:00:00  [INFO] no id',
  'REPORT RequestId: 8edab1f8-0000-4000-8000-000000000001 Duration: 0.81 ms',
  '{',
  '    "errorMessage": "boom",',
  '    "errorType": "ValueError"',
  '}',
  'array (',
  "  'errorMessage' => 'boom',",
  ')',
  '{"errorMessage":"boom","errorType":"Error"}',
  '{"ErrorCode":"CAFileNotFound","ErrorMessage":"The function cannot be started. gone"}',
  'Process exited unexpectedly before completing request (duration: 43ms, maxMemoryUsage: 65MB)',
  'Function timed out after 3 seconds (maxMemoryUsage: 65.25MB)',
  'Function instance health check failed on port 9000 in 120 seconds.',
  'Duration: 20.50 ms, Billed Duration: 21 ms, Memory Size: 128 MB, Max Memory Used: 9.00 MB',
  'RequestId: 65a24fa0-7e42-4ee5-8a5c-0b44b15d431a \t Billed Duration: 13 ms \t Memory Size: 1998 MB \t Max Memory Used: 49 MB',
  'FunctionCompute python3 runtime inited.',
  '',
  ' ',
  'FC',
  'F',
  'line \u2028 separator and \u0085 next line',
)

const corpus = readFileSync(new URL('../golden/fc-lines.tsv', import.meta.url), 'utf8')
  .split('\n')
  .slice(1, -1)
  .map(line => line.split('\t')[3] ?? '')

/** A line of a real log. */
export const corpusLine = fc.constantFrom(...corpus)

/** One record of text, without its line end. */
export const textLine = fc.oneof(
  { weight: 6, arbitrary: marker },
  { weight: 6, arbitrary: namedLine },
  { weight: 5, arbitrary: anonymousLine },
  { weight: 1, arbitrary: namelessMarker },
  { weight: 2, arbitrary: corpusLine },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('2025-01-15 20:00:00', 'c-65a24fa0-37e1bf7123054a77aaaa2025-01-15 20:00:01'), marker)
      .map(([prefix, line]) => prefix + line),
  },
)

const instance = fc.constantFrom('c-1', 'c-2', 'c-3')
const noonMs = 1_736_942_400_000

/** Fields that tell a record's time: exact, in whole seconds, or none. */
function timeFields(ms: number, isExact: boolean): Record<string, string> {
  const seconds = Math.floor(ms / 1000)
  const whole = { __time__: String(noonMs / 1000 + seconds) }
  return isExact ? { ...whole, __time_ns_part__: String((ms - seconds * 1000) * 1_000_000) } : whole
}

/** A Logstore row as an object; what it says of its instance and its time is up to the caller. */
export interface RowParts {
  readonly instanceID: string
  readonly ms: number
  readonly isExact: boolean
}

/** A row of an application log. */
export const appRow = (message: string, { instanceID, ms, isExact }: RowParts): string =>
  JSON.stringify({ ...timeFields(ms, isExact), __topic__: 'FCLogs:f', functionName: 'f', instanceID, message })

const metricsFields = fc.record(
  {
    durationMs: fc.constantFrom('0', '12.5', '999.9', '3000', ''),
    hasFunctionError: fc.constantFrom('true', 'false'),
    errorType: fc.constantFrom('FunctionUnhandledError', 'FunctionTimeoutError', ''),
    statusCode: fc.constantFrom('200', '502', '429'),
    retryCount: fc.constantFrom('0', '1'),
    isColdStart: fc.constantFrom('true', 'false'),
  },
  { requiredKeys: ['durationMs'] },
)

/** A request metrics row of one of the ids, on one of few instances. */
export const metricsRow = fc
  .tuple(requestId, instance, fc.nat(5000), metricsFields)
  .map(([id, instanceID, ms, fields]) =>
    JSON.stringify({
      ...timeFields(ms, false),
      __topic__: 'FCRequestMetrics:/f',
      functionName: 'f',
      instanceID,
      requestId: id,
      invocationStartTimestamp: String(noonMs + ms),
      ...fields,
    }),
  )

const oddRow = fc.constantFrom(
  '{"__proto__":{"polluted":"yes"},"message":"x"}',
  '{"__topic__":"FCLogs:f","__proto__":"x","constructor":"y","message":"FC Invoke Start RequestId: None"}',
  '{"__topic__":"FCInstanceEvents:/f","functionName":"f","instanceID":"c-1","type":"fc:Instance:DestroySuccess"}',
  '{"__topic__":"FCInstanceMetrics:/f","functionName":"f","instanceID":"c-1","aggPeriodSeconds":"60"}',
  '{"__time__":"x","message":""}',
  '{"__topic__":"FCLogs:f"}',
  '{"broken":',
  '{}',
  '[]',
  '{"message":"a\\nFC Invoke End RequestId: 65a24fa0-7e42-4ee5-8a5c-0b44b15d431a\\n"}',
)

/** One row, without its line end. */
export const anyRow = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(textLine, fc.constantFrom('c-1', 'c-2', 'c-3', ''), fc.nat(5000), fc.boolean())
      .map(([line, instanceID, ms, isExact]) => appRow(line, { instanceID, ms, isExact })),
  },
  { weight: 3, arbitrary: metricsRow },
  { weight: 2, arbitrary: oddRow },
)

/** One record of any kind. */
export const anyLine = fc.oneof({ weight: 3, arbitrary: textLine }, { weight: 2, arbitrary: anyRow })

const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n')

/** The bytes of a file of such records; the last line end may be missing. */
export const fileOf = (line: fc.Arbitrary<string>, maxLength = 60): fc.Arbitrary<Buffer> =>
  fc.tuple(fc.array(fc.tuple(line, lineEnd), { maxLength }), fc.boolean()).map(([lines, isWhole]) => {
    const text = lines.map(([body, ending]) => body + ending).join('')
    return Buffer.from(isWhole ? text : text.trimEnd())
  })

/** Bytes that need not be text. */
export const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
      anyLine.map(line => Buffer.from(line)),
      fc.constant(Buffer.from('\n')),
      fc.string({ unit: 'binary', maxLength: 30 }).map(text => Buffer.from(text)),
      fc.json().map(text => Buffer.from(`\n${text}\n`)),
      fc
        .dictionary(
          fc.oneof(fc.string(), fc.constantFrom('__proto__', 'message', '__topic__', '__time__')),
          fc.jsonValue(),
        )
        .map(object => Buffer.from(`\n${JSON.stringify(object)}\n`)),
    ),
    { maxLength: 30 },
  )
  .map(parts => Buffer.concat(parts))

/** How many bytes each reading gives. */
export const pieces = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 40 }),
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
)

/** All of what `--format` can say. */
export const format = fc.constantFrom('auto', 'text', 'sls')
