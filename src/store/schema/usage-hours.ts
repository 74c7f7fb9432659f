// What instances of functions did hour by hour, summed up from attempts and kept: bills of months are read from here.

/**
 * Where earlier rows of an attempt may be, hours since 1970: `[priorFromHour, priorToHour)`. Whoever looks for the attempts of some
 * hours without reading the whole table finds there the rows that say that an attempt is not in them any more.
 */
export const priorHourColumns = [
  'ALTER TABLE attempts ADD COLUMN IF NOT EXISTS priorFromHour UInt32 CODEC(ZSTD(1))',
  'ALTER TABLE attempts ADD COLUMN IF NOT EXISTS priorToHour UInt32 CODEC(ZSTD(1))',
  'ALTER TABLE attempts ADD INDEX IF NOT EXISTS priorHourIndex priorToHour TYPE minmax GRANULARITY 1',
]

/** What is told apart within a function's hour, as a tuple: the fields of `InstanceHour` (src/model/instance-hour.ts). */
export const usagePart = `Tuple(qualifier Nullable(String), memoryMB Nullable(Float64), firstMs Nullable(Int64), attempts UInt64,
  invocations UInt64, noDuration UInt64, notBilled UInt64, activeMs UInt64)`

/**
 * One row per function and hour (since 1970), replaced as a whole. `upTo` is the newest insert into `attempts` that its reader knew of:
 * of two that summed up the same hour the one who knew more wins. Kept for longer than attempts are, since bills are. With `isRounded` times
 * are rounded up run by run, as a function with a GPU is billed; such functions have both rows.
 */
export const usageHoursTable = `CREATE TABLE usage_hours (
  hour UInt32,
  functionName LowCardinality(Nullable(String)),
  serviceName LowCardinality(Nullable(String)),
  isRounded Bool,
  parts Array(${usagePart}) CODEC(ZSTD(1)),
  upTo UInt64 CODEC(ZSTD(1)),
  readAt DateTime DEFAULT now() CODEC(ZSTD(1)))
ENGINE = ReplacingMergeTree(upTo) ORDER BY (hour, functionName, serviceName, isRounded)
TTL readAt + INTERVAL 800 DAY
SETTINGS allow_nullable_key = 1`
