// What every hour of a function costs: a view, so that it is right whenever the hours are. Everything that comes from functions.yaml and a
// price book is prepared by the worker as rows of two tables, with the arithmetic of src/billing: what is left here is to add and to
// multiply whole numbers and decimals, which is exact.

/** Digits behind the point: more than products of a book's factors and of sizes have. */
export const rateScale = 30
const decimal = `Decimal(76, ${rateScale})`

/**
 * A set of rates is made from one functions.yaml and one book; `store_settings` says which set counts (`billRates`). `boundaries`: unix
 * ms at which functions.yaml changes. Hours of the night are those of Beijing. A tier ends with its CU `tierTo` of the month.
 */
export const billEditionsTable = `CREATE TABLE bill_editions (
  ratesId String, book String, currency String, isTierPerRegion Bool, boundaries Array(Int64),
  edition String, fromMs Int64, nightHours Array(UInt8), nightFactor ${decimal}, floor Nullable(${decimal}),
  tierFrom Array(${decimal}), tierTo Array(${decimal}), tierPrice Array(${decimal}))
ENGINE = ReplacingMergeTree ORDER BY (ratesId, edition)`

/**
 * What a millisecond and a call of a function come to, by edition of the book, by what logs say of the size, and by the entry of
 * functions.yaml that held from `eraFromMs` on. `isRounded`: the function's hours are those of `usage_hours` that are.
 */
export const billRatesTable = `CREATE TABLE bill_rates (
  ratesId String, functionName LowCardinality(Nullable(String)), serviceName LowCardinality(Nullable(String)),
  qualifier Nullable(String), memoryMB Nullable(Float64), edition String, eraFromMs Int64,
  billedService Nullable(String), region Nullable(String), hasGpu Bool, isRounded Bool,
  vCPUSecondsPerMs ${decimal}, memoryGBSecondsPerMs ${decimal}, diskGBSecondsPerMs ${decimal}, gpuGBSecondsPerMs ${decimal},
  cuPerMs ${decimal}, cuPerCall ${decimal})
ENGINE = ReplacingMergeTree ORDER BY (ratesId, functionName, serviceName, qualifier, memoryMB, edition, eraFromMs)
SETTINGS allow_nullable_key = 1`

const ofCurrent = `ratesId = (SELECT value FROM store_settings FINAL WHERE key = 'billRates')`

/** Null-safe, which an equality of columns is not. */
const rateKey = (of: string): string =>
  `toJSONString((${of}functionName, ${of}serviceName, ${of}qualifier, ${of}memoryMB, ${of}edition, ${of}eraFromMs))`

/** What is told apart within an hour of a function, with the era of functions.yaml that it is in. */
const sizedHours = `SELECT hour, functionName, serviceName, isRounded, part.qualifier AS qualifier, part.memoryMB AS memoryMB,
    part.attempts AS attempts, part.invocations AS invocations, part.activeMs AS activeMs, toInt64(hour) * 3600000 AS hourMs,
    (SELECT any(boundaries) FROM bill_editions FINAL WHERE ${ofCurrent}) AS boundaries,
    arrayCount(boundary -> boundary <= ifNull(part.firstMs, 0), boundaries) AS passed,
    if(passed = 0, toInt64(0), arrayElement(boundaries, passed)) AS eraFromMs, 1 AS one
  FROM usage_hours FINAL ARRAY JOIN parts AS part WHERE part.invocations > 0 OR part.activeMs > 0`

/** With the edition that holds; none for hours older than the book. */
const datedHours = `SELECT u.*, e.edition AS edition, e.nightHours AS nightHours, e.nightFactor AS nightFactor,
    toHour(toDateTime(intDiv(hourMs, 1000), 'Asia/Shanghai')) AS clockHour
  FROM (${sizedHours}) AS u
  ASOF LEFT JOIN (SELECT 1 AS one, edition, fromMs, nightHours, nightFactor FROM bill_editions FINAL WHERE ${ofCurrent}) AS e
  ON u.one = e.one AND u.hourMs >= e.fromMs`

/** With what it comes to. Functions whose size nobody knows have no rate. */
const ratedHours = `SELECT hour, hourMs, functionName, if(r.isKnown, r.billedService, h.serviceName) AS billedService, r.region AS region,
    edition, r.isKnown AS isRated, r.hasGpu AS hasGpu, if(isRated, 0, attempts) AS unrated,
    if(isRated, invocations, 0) AS calls, if(isRated, activeMs, 0) AS active,
    active * r.vCPUSecondsPerMs AS vCPUSeconds, active * r.memoryGBSecondsPerMs AS memoryGBSeconds,
    active * r.diskGBSecondsPerMs AS diskGBSeconds, active * r.gpuGBSecondsPerMs AS gpuGBSeconds,
    (active * r.cuPerMs + calls * r.cuPerCall) AS dayCU,
    if(has(nightHours, clockHour), CAST(dayCU * CAST(nightFactor, 'Decimal(76, 6)'), '${decimal}'), dayCU) AS cuExact
  FROM (SELECT *, ${rateKey('')} AS key FROM (${datedHours})) AS h
  LEFT JOIN (SELECT *, true AS isKnown, ${rateKey('')} AS key FROM bill_rates FINAL WHERE ${ofCurrent}) AS r ON h.key = r.key
  WHERE h.isRounded = r.isRounded`

const functionHours = `SELECT hour, hourMs, functionName, billedService, region, edition, max(isRated) AS isPriced, max(hasGpu) AS hasAnyGpu,
    sum(unrated) AS attemptsWithoutPrice, sum(calls) AS invocations, sum(vCPUSeconds) AS vCPU, sum(memoryGBSeconds) AS memoryGB,
    sum(diskGBSeconds) AS diskGB, sum(gpuGBSeconds) AS gpuGB, sum(cuExact) AS exactCU, ceil(exactCU) AS roundCU
  FROM (${ratedHours}) GROUP BY hour, hourMs, functionName, billedService, region, edition`

/** With the CU of the month before the hour: tiers fill up hour by hour, and within an hour in the order of names (bytes). */
const tieredHours = `SELECT f.*, e.book AS book, e.currency AS currency, e.floor AS floor, e.tierFrom AS tierFrom, e.tierTo AS tierTo,
    e.tierPrice AS tierPrice,
    sum(roundCU) OVER (
      PARTITION BY toYYYYMM(toDateTime(intDiv(hourMs, 1000), 'Asia/Shanghai')), if(e.isTierPerRegion, region, NULL)
      ORDER BY hour, isNotNull(region), region, isNotNull(billedService), billedService, isNotNull(functionName), functionName
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS monthCU
  FROM (${functionHours}) AS f LEFT JOIN (SELECT * FROM bill_editions FINAL WHERE ${ofCurrent}) AS e ON f.edition = e.edition`

const zero = `toDecimal256(0, ${rateScale})`

/** Of each tier, what of the hour's CU lies in it. */
const tierCU = `greatest(${zero}, least(monthCU, upTo) - greatest(monthCU - roundCU, above))`

const priceDigits = 16
const amount = `CAST(arraySum(arrayMap((above, upTo, price) -> CAST(${tierCU}, 'Decimal(76, ${priceDigits})') * CAST(price, 'Decimal(76, ${priceDigits})'),
    tierFrom, tierTo, tierPrice)), '${decimal}')`

/**
 * One row per hour and function. Where no entry of functions.yaml has the function's size, or no edition of the book the time, `cu` and
 * `amount` are NULL, and `attemptsWithoutPrice` says how many attempts are concerned.
 */
export const billHoursView = `CREATE VIEW bill_hours AS SELECT toDateTime(toInt64(hour) * 3600, 'UTC') AS hour, functionName,
  billedService AS serviceName, region, nullIf(book, '') AS book, nullIf(edition, '') AS edition, nullIf(currency, '') AS currency,
  invocations, vCPU AS vCPUSeconds, memoryGB AS memoryGBSeconds, diskGB AS diskGBSeconds, gpuGB AS gpuGBSeconds,
  if(isPriced, exactCU, NULL) AS cuExact, if(isPriced, toUInt64(roundCU), NULL) AS cu,
  if(isPriced, if(hasAnyGpu, ${amount}, greatest(${amount}, ifNull(floor, ${zero}))), NULL) AS amount, attemptsWithoutPrice
FROM (${tieredHours})
SETTINGS join_use_nulls = 0`
