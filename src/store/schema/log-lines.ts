// Application lines: the table that is written, and the view that other tools read.

/**
 * One row per line. What the OpenTelemetry exporter has as maps is made in the view: storing them doubles the cost of every row
 * and adds nothing. Columns ending in `Code` or `Bytes` exist during an insert only, and others are made of them.
 *
 * Partitions follow `storedAt`, our own clock: `Timestamp` is what a program printed, and one that prints every year there is
 * would make a partition each. A part is small until merges make it large, so inserts write few files (`min_bytes_for_wide_part`).
 * One granule in a thousand is read for nothing when a request is looked for, not one in forty, which it is by default: 11 ms instead of
 * 27 among 20 million lines, for 4 MB of index.
 *
 * Rows keep the number of their insert through merges (`_block_number`): whoever follows the table asks for what came behind a
 * number, whatever times the rows carry and however late their batch came.
 */
export const logLinesTable = `CREATE TABLE log_lines (
  Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
  TimestampTime DateTime DEFAULT toDateTime(Timestamp) CODEC(Delta(4), ZSTD(1)),
  timeSourceCode UInt8 EPHEMERAL,
  timeSource LowCardinality(Nullable(String)) DEFAULT nullIf(['', 'text', 'record', 'prefix'][timeSourceCode + 1], ''),
  TraceId String DEFAULT if(traceIdBytes = toFixedString('', 16), '', lower(hex(traceIdBytes))) CODEC(ZSTD(1)),
  traceIdBytes FixedString(16) EPHEMERAL,
  SpanId String DEFAULT if(spanIdBytes = toFixedString('', 8), '', lower(hex(spanIdBytes))) CODEC(ZSTD(1)),
  spanIdBytes FixedString(8) EPHEMERAL,
  levelCode UInt8 EPHEMERAL,
  level LowCardinality(Nullable(String))
    DEFAULT nullIf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', ''][levelCode + 1], ''),
  SeverityText LowCardinality(String),
  SeverityNumber UInt8 DEFAULT [21, 17, 13, 9, 5, 1, 0][levelCode + 1],
  isWaiting Bool,
  kindCode UInt8 EPHEMERAL,
  kind LowCardinality(String) DEFAULT ['text', 'appLine', 'errorJson', 'errorText'][kindCode + 1],
  Body String CODEC(ZSTD(1)),
  requestId String CODEC(ZSTD(1)),
  functionName LowCardinality(String),
  serviceName LowCardinality(String),
  qualifier LowCardinality(String),
  versionId LowCardinality(String),
  instanceID LowCardinality(String),
  stream LowCardinality(String),
  streamId LowCardinality(String),
  position UInt64 CODEC(Delta(8), ZSTD(1)),
  storedAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  batchId UInt64 CODEC(ZSTD(1)),
  INDEX requestIdIndex requestId TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX traceIdIndex TraceId TYPE bloom_filter GRANULARITY 1,
  INDEX timestampIndex Timestamp TYPE minmax GRANULARITY 4,
  INDEX storedAtIndex storedAt TYPE minmax GRANULARITY 64,
  INDEX positionIndex position TYPE minmax GRANULARITY 4,
  INDEX isWaitingIndex isWaiting TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(storedAt)
ORDER BY (functionName, TimestampTime, Timestamp)
TTL toDateTime(storedAt) + INTERVAL {retentionDays} DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000, min_bytes_for_wide_part = 268435456,
  enable_block_number_column = 1`

const resourceAttributes = `mapFilter((k, v) -> v != '', map(
    'cloud.provider', 'alibaba_cloud', 'cloud.platform', 'alibaba_cloud_fc', 'service.name', functionName,
    'faas.name', functionName, 'faas.version', if(versionId = '', qualifier, versionId), 'faas.instance', instanceID,
    'fc.service.name', serviceName, 'fc.qualifier', qualifier))`

const logAttributes = `mapFilter((k, v) -> v != '', map(
    'faas.invocation_id', requestId, 'fc.record.kind', kind, 'log.file.path', stream))`

/**
 * Owners of lines that belonged to nobody when they were stored (`isWaiting`): several attempts were open on their instance, and a
 * metrics row decided later. The newest word counts; an empty request id says that a line is nobody's again.
 */
export const lineOwnersTable = `CREATE TABLE line_owners (
  streamId LowCardinality(String),
  position UInt64,
  requestId String,
  TraceId String,
  SpanId String,
  storedAt DateTime64(3, 'UTC'),
  batchId UInt64,
  INDEX requestIdIndex requestId TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(storedAt)
PARTITION BY toYYYYMM(storedAt)
ORDER BY (streamId, position)
TTL toDateTime(storedAt) + INTERVAL {retentionDays} DAY
SETTINGS non_replicated_deduplication_window = 1000, enable_block_number_column = 1`

/** What lightweight updates need, and which lines have got the ids that their attempt turned out to have later. */
export const boundLines = ['log_lines', 'line_owners'].flatMap(table => [
  `ALTER TABLE ${table} MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1`,
  `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS isBound Bool`,
])

const columns = `
  Timestamp, TimestampTime, TraceId, SpanId, toUInt8(0) AS TraceFlags, SeverityText, SeverityNumber,
  functionName AS ServiceName, Body,
  toLowCardinality('') AS ResourceSchemaUrl,
  CAST(${resourceAttributes}, 'Map(LowCardinality(String), String)') AS ResourceAttributes,
  toLowCardinality('') AS ScopeSchemaUrl, '' AS ScopeName, toLowCardinality('') AS ScopeVersion,
  CAST(map(), 'Map(LowCardinality(String), String)') AS ScopeAttributes,
  CAST(${logAttributes}, 'Map(LowCardinality(String), String)') AS LogAttributes,
  requestId, functionName, serviceName, qualifier, versionId, instanceID, level, kind, timeSource, stream, position`

/**
 * The lines in the schema of the OpenTelemetry ClickHouse exporter, with our own columns behind its own. The few lines that waited
 * for an owner are looked up; an index keeps all others out of that.
 */
export const otelLogsView = `CREATE VIEW otel_logs AS
SELECT ${columns} FROM log_lines WHERE NOT isWaiting
UNION ALL
SELECT ${columns} FROM (
  SELECT lines.* EXCEPT (requestId, TraceId, SpanId),
    owners.requestId AS requestId, owners.TraceId AS TraceId, owners.SpanId AS SpanId
  FROM (SELECT * FROM log_lines WHERE isWaiting) AS lines
  LEFT ANY JOIN (SELECT * FROM line_owners FINAL) AS owners ON lines.streamId = owners.streamId AND lines.position = owners.position)`
