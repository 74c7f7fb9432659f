// Attempts: the table of all revisions, and the views that show the newest one only.

import { attemptFlags, closers, sourcedFields, statuses, valueSources } from '../../model/attempt.ts'
import { errorLevels } from '../../model/error-line.ts'
import { phases } from '../../model/record-kind.ts'

const enumOf = (values: readonly string[]): string =>
  `Enum8(${values.map((value, index) => `'${value}' = ${index}`).join(', ')})`

const listOf = (values: readonly string[]): string => `[${values.map(value => `'${value}'`).join(', ')}]`

/** Names of the bits that are set. */
const flags = `arrayFilter((name, bit) -> bitTest(flagBits, bit) = 1,
    ${listOf(attemptFlags)}, ${JSON.stringify([...attemptFlags.keys()])})`

/** The fields whose digit is not 0, and what the digit means. */
const sources = `mapFilter((k, v) -> v != '', mapFromArrays(${listOf(sourcedFields)},
    arrayMap(i -> ${listOf(['', ...valueSources])}[toUInt8(bitAnd(bitShiftRight(sourceDigits, 4 * i), 15)) + 1],
      range(${sourcedFields.length}))))`

const contractColumns = `
  requestId Nullable(String) CODEC(ZSTD(1)),
  attempt UInt32,
  phase ${enumOf(phases)},
  functionName LowCardinality(Nullable(String)),
  serviceName LowCardinality(Nullable(String)),
  qualifier LowCardinality(Nullable(String)),
  versionId LowCardinality(Nullable(String)),
  instanceID Nullable(String) CODEC(ZSTD(1)),
  invocationType LowCardinality(Nullable(String)),
  triggerType LowCardinality(Nullable(String)),
  resourceMode LowCardinality(Nullable(String)),
  status ${enumOf(statuses)},
  errorCode LowCardinality(Nullable(String)),
  errorType Nullable(String) CODEC(ZSTD(1)),
  errorMessage Nullable(String) CODEC(ZSTD(1)),
  httpMethod LowCardinality(Nullable(String)),
  httpPath Nullable(String) CODEC(ZSTD(1)),
  httpStatus Nullable(UInt16),
  startTime Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  endTime Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  durationMs Nullable(Float64) CODEC(ZSTD(1)),
  durationUncertaintyMs UInt32,
  billedMs Nullable(Float64) CODEC(ZSTD(1)),
  memoryMB Nullable(Float64) CODEC(ZSTD(1)),
  maxMemoryUsedMB Nullable(Float64) CODEC(ZSTD(1)),
  coldStart Nullable(Bool),
  coldStartMs Nullable(Float64) CODEC(ZSTD(1)),
  prepareCodeMs Nullable(Float64) CODEC(ZSTD(1)),
  runtimeInitMs Nullable(Float64) CODEC(ZSTD(1)),
  initializeMs Nullable(Float64) CODEC(ZSTD(1)),
  scheduleMs Nullable(Float64) CODEC(ZSTD(1)),
  lines UInt32,
  linesAfterEnd UInt32,
  levels Tuple(fatal UInt32, error UInt32, warn UInt32, info UInt32, debug UInt32, trace UInt32, other UInt32),
  traceIdBytes FixedString(16) EPHEMERAL,
  traceId String DEFAULT lower(hex(traceIdBytes)),
  spanIdBytes FixedString(8) EPHEMERAL,
  spanId String DEFAULT lower(hex(spanIdBytes)),
  parentSpanId Nullable(String) CODEC(ZSTD(1)),
  closedBy ${enumOf(closers)},
  flagBits UInt16,
  causes Array(Tuple(code String, confidence Float64, evidence Array(String), remedy String, docs String)),
  sourceDigits UInt64,
  cu Nullable(Decimal(38, 15)),
  revision UInt32,
  generation UInt32 EPHEMERAL,
  version UInt64 DEFAULT bitOr(bitShiftLeft(toUInt64(generation), 32), toUInt64(revision)) CODEC(ZSTD(1))`

/**
 * One row per revision of an attempt. Of rows with one key merges keep the one of the highest version, and drop it when it says
 * that there is no such attempt. The version is the revision behind the state's generation: a state that was made because the one
 * before was lost counts revisions from 1 again, and what it says is newer than what that one said. Generation 0 says
 * what counts where there is nothing else (`SettledAttempt.mayKnowLess`); all others count from 1 here. All revisions of an attempt have one `firstStoredAt`, and so lie in one partition.
 *
 * The projection finds the neighbours of an attempt, which lie scattered among random request ids: 4 ms instead of 90 ms among 3
 * million, for a third more of this table's bytes and no time that could be measured when it is written. Small granules and
 * small blocks because rows are looked up one by one: 15 of them in 12 parts in 18 ms instead of 67, and by a third less with the
 * blocks.
 */
export const attemptsTable = `CREATE TABLE attempts (${contractColumns},
  position String CODEC(ZSTD(1)),
  deleted UInt8,
  firstStoredAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  storedAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  batchId UInt64 CODEC(ZSTD(1)),
  INDEX traceIdIndex traceId TYPE bloom_filter GRANULARITY 1,
  INDEX startTimeIndex startTime TYPE minmax GRANULARITY 1,
  PROJECTION byInstance (SELECT requestId, phase, instanceID, startTime, endTime ORDER BY instanceID, startTime)
)
ENGINE = ReplacingMergeTree(version, deleted)
PARTITION BY toYYYYMM(firstStoredAt)
ORDER BY (requestId, phase, attempt, position)
TTL toDateTime(firstStoredAt) + INTERVAL {retentionDays} DAY
SETTINGS deduplicate_merge_projection_mode = 'rebuild', allow_nullable_key = 1, non_replicated_deduplication_window = 1000,
  index_granularity = 1024, min_compress_block_size = 8192, max_compress_block_size = 65536,
  min_bytes_for_wide_part = 268435456, enable_block_number_column = 1`

/**
 * Failures lie scattered among random request ids. The projection has what is told of them, by status, function and time: among 4.7 million
 * attempts the like of one is found in 20 ms instead of 60, for a quarter more of this table's bytes and 4 % of the time that a worker
 * takes for its input. The index tells in 6 ms instead of 40 that nobody was corrected.
 */
export const failureIndexes = [
  `ALTER TABLE attempts ADD PROJECTION IF NOT EXISTS byFailure (SELECT status, functionName, startTime, serviceName, qualifier, versionId,
    errorType, errorCode, errorMessage, causes, requestId, phase, attempt, position, version, deleted
    ORDER BY status, functionName, startTime)`,
  'ALTER TABLE attempts ADD INDEX IF NOT EXISTS versionIndex version TYPE minmax GRANULARITY 1',
]

/** Frames of the error, for the event of its span; most attempts have none. */
export const errorStackColumn =
  'ALTER TABLE attempts ADD COLUMN IF NOT EXISTS errorStack Nullable(String) CODEC(ZSTD(1))'

/** Error lines, for the events of its span; most attempts have none. */
export const errorLinesColumn = `ALTER TABLE attempts ADD COLUMN IF NOT EXISTS
  errorLines Array(Tuple(time Nullable(DateTime64(3, 'UTC')), level ${enumOf(errorLevels)}, text String)) CODEC(ZSTD(1))`

/** Tells attempts apart, as a hash: that is compared faster than the columns of the key. */
export const attemptKey = "sipHash128(ifNull(requestId, ''), phase, attempt, position)"

/** Columns that are the contract's fields (§4) as they are, up to `closedBy`. */
export const plainColumns = `requestId, attempt, phase, functionName, serviceName, qualifier, versionId, instanceID,
  invocationType, triggerType, resourceMode, status, errorCode, errorType, errorMessage, httpMethod, httpPath, httpStatus,
  startTime, endTime, durationMs, durationUncertaintyMs, billedMs, memoryMB, maxMemoryUsedMB, coldStart, coldStartMs,
  prepareCodeMs, runtimeInitMs, initializeMs, scheduleMs, lines, linesAfterEnd, levels, traceId, spanId, parentSpanId, closedBy`

/** As text no digit is lost on the way to whoever reads JSON. */
export const cuText = 'toString(cu) AS cu'

const columnsWith = (cu: string): string => `${plainColumns},
  ${flags} AS flags, causes,
  ${sources} AS sources, ${cu}, revision`

/** All of the contract's fields of a row, as a table has them. */
const invocationColumns = columnsWith('cu')

/** The same as they are given out. */
export const attemptColumns = columnsWith(cuText)

/** The attempts as they are now; nobody has to say FINAL. */
export const invocationsView = `CREATE VIEW invocations AS SELECT ${invocationColumns} FROM attempts FINAL`

const resourceAttributes = `mapFilter((k, v) -> v != '', map(
    'cloud.provider', 'alibaba_cloud', 'cloud.platform', 'alibaba_cloud_fc', 'service.name', ifNull(functionName, ''),
    'faas.name', ifNull(functionName, ''), 'faas.version', ifNull(coalesce(nullIf(versionId, ''), qualifier), ''),
    'faas.instance', ifNull(instanceID, ''), 'faas.max_memory', ifNull(toString(toUInt64(memoryMB * 1048576)), '')))`

const spanAttributes = `mapFilter((k, v) -> v != '', map(
    'faas.invocation_id', ifNull(requestId, ''), 'faas.coldstart', ifNull(if(coldStart, 'true', 'false'), ''),
    'faas.trigger', ifNull(if(triggerType = 'http', 'http', if(triggerType IS NULL, '', 'other')), ''),
    'error.type', ifNull(coalesce(errorType, errorCode), ''),
    'http.request.method', ifNull(httpMethod, ''), 'url.path', ifNull(httpPath, ''),
    'http.response.status_code', ifNull(toString(httpStatus), ''),
    'fc.attempt', toString(attempt), 'fc.status', toString(status)))`

/** One span per attempt whose times are known, in the schema of the OpenTelemetry ClickHouse exporter. */
export const otelTracesView = `CREATE VIEW otel_traces AS SELECT
  toDateTime64(assumeNotNull(startTime), 9) AS Timestamp,
  traceId AS TraceId, spanId AS SpanId, ifNull(parentSpanId, '') AS ParentSpanId, '' AS TraceState,
  toLowCardinality(toString(phase)) AS SpanName, toLowCardinality(if(phase = 'invoke', 'Server', 'Internal')) AS SpanKind,
  toLowCardinality(toString(ifNull(functionName, ''))) AS ServiceName,
  CAST(${resourceAttributes}, 'Map(LowCardinality(String), String)') AS ResourceAttributes,
  'fcscope' AS ScopeName, '' AS ScopeVersion,
  CAST(${spanAttributes}, 'Map(LowCardinality(String), String)') AS SpanAttributes,
  toUInt64(round(assumeNotNull(durationMs) * 1000000)) AS Duration,
  toLowCardinality(multiIf(status = 'ok', 'Ok', status IN ('incomplete', 'canceled'), 'Unset', 'Error')) AS StatusCode,
  ifNull(errorMessage, '') AS StatusMessage,
  CAST([], 'Array(DateTime64(9))') AS \`Events.Timestamp\`,
  CAST([], 'Array(LowCardinality(String))') AS \`Events.Name\`,
  CAST([], 'Array(Map(LowCardinality(String), String))') AS \`Events.Attributes\`,
  CAST([], 'Array(String)') AS \`Links.TraceId\`, CAST([], 'Array(String)') AS \`Links.SpanId\`,
  CAST([], 'Array(String)') AS \`Links.TraceState\`,
  CAST([], 'Array(Map(LowCardinality(String), String))') AS \`Links.Attributes\`
FROM attempts FINAL
WHERE startTime IS NOT NULL AND durationMs IS NOT NULL`
