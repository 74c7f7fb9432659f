// The view `otel_traces`: the spans that `src/sinks/otlp` sends, made of attempts when they are asked for, in the schema of the
// OpenTelemetry ClickHouse exporter. A test holds the two equal, span by span and attribute by attribute.

import { attemptFlags } from '../../model/attempt.ts'
import { phases } from '../../model/record-kind.ts'
import {
  behindLastSpanMs,
  cloudPlatform,
  cloudProvider,
  errorLineEvent,
  exceptionEvent,
  firstSpanMs,
  maxSpanMs,
  maxSpanText,
  ownAttribute,
  Step,
  scopeName,
  spanAttribute,
  stepMasks,
  stepNames,
  triggerGroups,
  unknownService,
} from '../../model/span-names.ts'

const text = (value: string): string => `'${value}'`
const textMap = 'Map(LowCardinality(String), String)'

/** Entries of a map; empty texts are left out. */
const mapOf = (entries: readonly (readonly [name: string, value: string])[]): string =>
  `CAST(mapFilter((k, v) -> v != '', map(${entries.map(([name, value]) => `${text(name)}, ${value}`).join(', ')})), '${textMap}')`

const orEmpty = (value: string): string => `ifNull(${value}, '')`
const numberText = (value: string): string => orEmpty(`toString(${value})`)
const flagText = (value: string): string => `multiIf(isNull(${value}), '', ${value}, 'true', 'false')`
const bounded = (value: string): string => `substringUTF8(${value}, 1, ${maxSpanText})`

const resourceAttributes = mapOf([
  [spanAttribute.cloudProvider, text(cloudProvider)],
  [spanAttribute.cloudPlatform, text(cloudPlatform)],
  [spanAttribute.serviceName, 'ServiceName'],
  [spanAttribute.functionName, orEmpty('functionName')],
  [spanAttribute.version, orEmpty("coalesce(nullIf(versionId, ''), qualifier)")],
  [spanAttribute.instance, orEmpty('instanceID')],
  [spanAttribute.maxMemory, numberText('toUInt64(memoryMB * 1048576)')],
  [ownAttribute.fcService, orEmpty('serviceName')],
  [ownAttribute.qualifier, orEmpty('qualifier')],
])

const triggerGroup = `multiIf(${orEmpty('triggerType')} = '', '', ${Object.entries(triggerGroups)
  .map(([group, types]) => `triggerType IN (${types.map(text).join(', ')}), ${text(group)}`)
  .join(', ')}, 'other')`

const ownAttributes = mapOf([
  [spanAttribute.invocationId, bounded(orEmpty('requestId'))],
  [spanAttribute.isColdStart, flagText('coldStart')],
  [spanAttribute.trigger, triggerGroup],
  [spanAttribute.errorType, bounded(orEmpty("coalesce(nullIf(errorType, ''), errorCode)"))],
  [spanAttribute.method, bounded(orEmpty('httpMethod'))],
  [spanAttribute.path, bounded(`splitByChar('?', ${orEmpty('httpPath')})[1]`)],
  [spanAttribute.httpStatus, numberText('httpStatus')],
  [ownAttribute.attempt, 'toString(attempt)'],
  [ownAttribute.status, 'toString(status)'],
  [ownAttribute.errorCode, bounded(orEmpty('errorCode'))],
  [ownAttribute.cause, 'tupleElement(causes[1], 1)'],
  [ownAttribute.uncertainMs, "if(durationUncertaintyMs = 0, '', toString(durationUncertaintyMs))"],
])

const stepAttributes = mapOf([
  [spanAttribute.invocationId, bounded(orEmpty('requestId'))],
  [ownAttribute.attempt, 'toString(attempt)'],
  [ownAttribute.isPlaced, "'true'"],
])

const exceptionAttributes = mapOf([
  [spanAttribute.exceptionType, bounded(orEmpty('errorType'))],
  [spanAttribute.exceptionMessage, bounded(orEmpty('errorMessage'))],
  [spanAttribute.exceptionStack, bounded(orEmpty('errorStack'))],
  [ownAttribute.isPlaced, "'true'"],
])

/** Of `line`: time, level, text. */
const errorLineAttributes = mapOf([
  [ownAttribute.level, 'toString(line.2)'],
  [ownAttribute.line, 'line.3'],
  [ownAttribute.isPlaced, "if(isNull(line.1), 'true', '')"],
])
const errorLineNs = 'ifNull(toUnixTimestamp64Milli(line.1) * 1000000, startNs + toInt64(durationNs))'

/** Nanoseconds; null for what is no length of a step. */
const nanoseconds = (ms: string): string =>
  `if(${ms} >= 0 AND ${ms} <= ${maxSpanMs}, toInt64(floor(${ms} * 1000000 + 0.5)), NULL)`

const isMetricsOnly = `bitTest(flagBits, ${attemptFlags.indexOf('metricsOnly')})`

/** Lengths of the steps, in the order of `stepNames`, in nanoseconds; null where there is none. */
const lengths = [
  nanoseconds('scheduleMs'),
  `if(coldStart, ${nanoseconds('coldStartMs')}, NULL)`,
  `if(coldStart, ${nanoseconds('prepareCodeMs')}, NULL)`,
  `if(coldStart, ${nanoseconds('runtimeInitMs')}, NULL)`,
  `if(${isMetricsOnly}, ${nanoseconds('initializeMs')}, NULL)`,
]
const lengthOf = (step: number): string => `lengths[${step + 1}]`

/** Where a step ends, in nanoseconds before the attempt. */
const endBefore: readonly string[] = [
  '0',
  `ifNull(${lengthOf(Step.initialize)}, 0)`,
  `ifNull(${lengthOf(Step.initialize)}, 0) + ifNull(${lengthOf(Step.runtimeInit)}, 0)`,
  `ifNull(${lengthOf(Step.initialize)}, 0)`,
  '0',
]

/** 64 bits of an id as SQL writes it. */
const mask = (step: number): string => {
  const [low, high] = stepMasks[step] ?? [0, 0]
  return `toUInt64(${(BigInt(high) << 32n) | BigInt(low)})`
}
const hexOf = (id: string): string => `lower(hex(reinterpretAsFixedString(${id})))`
const stepId = (step: number): string =>
  hexOf(`if(bitXor(spanBits, ${mask(step)}) = 0, toUInt64(4294967296), bitXor(spanBits, ${mask(step)}))`)

const parentOf = (step: number): string =>
  step === Step.prepareCode || step === Step.runtimeInit
    ? `if(isNull(${lengthOf(Step.coldStart)}), spanId, ${stepId(Step.coldStart)})`
    : 'spanId'

/** Name, id, parent, begin, length (both in nanoseconds), whether it is a step. */
const stepTuple = (step: number): string =>
  `(${text(stepNames[step] ?? '')}, ${stepId(step)}, ${parentOf(step)},
      startNs - (${endBefore[step]}) - ifNull(${lengthOf(step)}, 0), toUInt64(ifNull(${lengthOf(step)}, 0)), true)`

const ownTuple = `(toString(phase), spanId, ${orEmpty('parentSpanId')}, startNs, durationNs, false)`
const steps = `arrayConcat([${ownTuple}], arrayFilter((step, length) -> isNotNull(length), [
      ${stepNames.map((_, step) => stepTuple(step)).join(',\n      ')}], lengths))`

// What `src/lib/trace-id.ts` does with words, so that a retry finds the id of the attempt before it.
const word = (value: string): string => `toUInt32(bitAnd(${value}, 4294967295))`
const times = (value: string, factor: number): string => word(`toUInt64(${value}) * ${factor}`)
const bound = (name: string, value: string, body: string): string => `arrayMap(${name} -> ${body}, [${value}])[1]`
const folded = (value: string, shift: number): string => bound('h', value, `bitXor(h, bitShiftRight(h, ${shift}))`)
const mixed = (value: string): string => folded(times(folded(times(folded(value, 16), 0x85ebca6b), 13), 0xc2b2ae35), 16)
const traceWord = (index: number): string => `reinterpretAsUInt32(unhex(substring(traceId, ${index * 8 + 1}, 8)))`

/** Bits of the id of the attempt with this number. */
const derivedBits = (attempt: string): string =>
  bound(
    'which',
    word(`(toUInt64(${attempt}) * 4 + ${`indexOf(${JSON.stringify(phases).replaceAll('"', "'")}, toString(phase))`})`),
    bound(
      'upper',
      mixed(`bitXor(${traceWord(0)}, ${times('which', 0x9e3779b1)})`),
      bound(
        'lower',
        mixed(word(`toUInt64(bitXor(${traceWord(2)}, ${times('which', 0x85ebca6b)})) + upper`)),
        'bitOr(toUInt64(upper), bitShiftLeft(toUInt64(if(upper = 0 AND lower = 0, toUInt32(1), lower)), 32))',
      ),
    ),
  )

/** The attempt before, where ids follow from the identity; empty where it cannot be known. */
const previousId = `if(attempt > 0 AND ${derivedBits('attempt')} = spanBits, ${hexOf(derivedBits('attempt - 1'))}, '')`

const rows = `SELECT *,
    toUnixTimestamp64Milli(assumeNotNull(startTime)) * 1000000 AS startNs,
    toUInt64(floor(assumeNotNull(durationMs) * 1000000 + 0.5)) AS durationNs,
    reinterpretAsUInt64(unhex(spanId)) AS spanBits,
    if(${orEmpty('functionName')} = '', ${text(unknownService)}, toString(functionName)) AS ServiceName,
    [${lengths.join(',\n      ')}] AS lengths,
    ${steps} AS steps,
    ${previousId} AS previousSpanId
  FROM attempts FINAL
  WHERE startTime IS NOT NULL AND durationMs >= 0 AND durationMs <= ${maxSpanMs}
    AND toUnixTimestamp64Milli(assumeNotNull(startTime)) >= ${firstSpanMs}
    AND toUnixTimestamp64Milli(assumeNotNull(startTime)) < ${behindLastSpanMs}`

const hasException = `NOT step.6 AND (${orEmpty('errorType')} != '' OR ${orEmpty('errorMessage')} != '')`
const hasLink = `NOT step.6 AND previousSpanId != ''`
const ownLines = 'if(step.6, [], errorLines)'
/** Of each error line, and of the exception behind them. */
const events = (ofLine: string, ofException: string, type: string): string =>
  `arrayConcat(CAST(arrayMap(line -> ${ofLine}, ${ownLines}), 'Array(${type})'), ${only(hasException, ofException, type)})`
const only = (condition: string, value: string, type: string): string =>
  `CAST(if(${condition}, [${value}], []), 'Array(${type})')`

export const spanView = `CREATE VIEW otel_traces AS SELECT
  fromUnixTimestamp64Nano(step.4) AS Timestamp,
  traceId AS TraceId, step.2 AS SpanId, step.3 AS ParentSpanId, '' AS TraceState,
  toLowCardinality(step.1) AS SpanName,
  toLowCardinality(if(NOT step.6 AND phase = 'invoke', 'Server', 'Internal')) AS SpanKind,
  toLowCardinality(ServiceName) AS ServiceName,
  ${resourceAttributes} AS ResourceAttributes,
  ${text(scopeName)} AS ScopeName, '' AS ScopeVersion,
  if(step.6, ${stepAttributes},
    ${ownAttributes}) AS SpanAttributes,
  step.5 AS Duration,
  toLowCardinality(multiIf(step.6 OR status IN ('incomplete', 'canceled'), 'Unset', status = 'ok', 'Ok', 'Error')) AS StatusCode,
  if(StatusCode = 'Error', ${bounded(orEmpty('errorMessage'))}, '') AS StatusMessage,
  ${events(`fromUnixTimestamp64Nano(${errorLineNs})`, 'fromUnixTimestamp64Nano(startNs + toInt64(durationNs))', 'DateTime64(9)')} AS \`Events.Timestamp\`,
  ${events(text(errorLineEvent), text(exceptionEvent), 'LowCardinality(String)')} AS \`Events.Name\`,
  ${events(errorLineAttributes, exceptionAttributes, textMap)} AS \`Events.Attributes\`,
  ${only(hasLink, 'traceId', 'String')} AS \`Links.TraceId\`,
  ${only(hasLink, 'previousSpanId', 'String')} AS \`Links.SpanId\`,
  ${only(hasLink, "''", 'String')} AS \`Links.TraceState\`,
  ${only(hasLink, 'map()', textMap)} AS \`Links.Attributes\`
FROM (${rows}) ARRAY JOIN steps AS step`
