// What is kept of a request metrics row until its request is settled.
import type { MetricsNumberField, RequestMetricsRow } from '../model/request-metrics-row.ts'
import { metricsNumberFields, metricsTextFields } from '../model/request-metrics-row.ts'

const column = (field: MetricsNumberField): number => metricsNumberFields.indexOf(field)
const retryCount = column('retryCount')
const memoryMB = column('memoryMB')
const memoryUsageMB = column('memoryUsageMB')
const durationMs = column('durationMs')
const statusCode = column('statusCode')
const startColumns = [
  column('invocationStartTimestamp'),
  column('invokeFunctionStartTimestamp'),
  column('asyncAttemptStartTimestamp'),
]
const scheduleLatencyMs = column('scheduleLatencyMs')
const coldStartLatencyMs = column('coldStartLatencyMs')
const prepareCodeLatencyMs = column('prepareCodeLatencyMs')
const runtimeInitializationMs = column('runtimeInitializationMs')
const initializationMs = column('initializationMs')

/** Facts in a snapshot. */
export type SavedFacts = Readonly<Omit<MetricsFacts, 'endMs' | 'isSameExecution'>>

/** A row's values; NaN and null are "not given". Times are unix ms. */
export class MetricsFacts {
  readonly retryCount: number
  readonly memoryMB: number
  readonly maxMemoryUsedMB: number
  readonly durationMs: number
  readonly statusCode: number
  readonly startMs: number
  readonly scheduleMs: number
  readonly coldStartMs: number
  readonly prepareCodeMs: number
  readonly runtimeInitMs: number
  readonly initializeMs: number
  readonly isColdStart: boolean | null
  readonly hasFunctionError: boolean | null
  readonly errorType: string | null
  readonly invocationType: string | null
  readonly triggerType: string | null
  readonly resourceMode: string | null
  readonly method: string | null
  readonly requestURI: string | null
  readonly traceContext: string | null

  constructor(row: RequestMetricsRow) {
    const numbers = row.numbers
    this.retryCount = numbers[retryCount]!
    this.memoryMB = numbers[memoryMB]!
    this.maxMemoryUsedMB = numbers[memoryUsageMB]!
    this.durationMs = numbers[durationMs]!
    this.statusCode = numbers[statusCode]!
    this.startMs = firstGiven(numbers, startColumns)
    this.scheduleMs = numbers[scheduleLatencyMs]!
    this.coldStartMs = numbers[coldStartLatencyMs]!
    this.prepareCodeMs = numbers[prepareCodeLatencyMs]!
    this.runtimeInitMs = numbers[runtimeInitializationMs]!
    this.initializeMs = numbers[initializationMs]!
    this.isColdStart = row.isColdStart
    this.hasFunctionError = row.hasFunctionError
    const texts = row.texts
    this.errorType = interned(texts[metricsTextFields.indexOf('errorType')] ?? null)
    this.invocationType = interned(texts[metricsTextFields.indexOf('invocationType')] ?? null)
    this.triggerType = interned(texts[metricsTextFields.indexOf('triggerType')] ?? null)
    this.resourceMode = interned(texts[metricsTextFields.indexOf('resourceMode')] ?? null)
    this.method = interned(texts[metricsTextFields.indexOf('method')] ?? null)
    this.requestURI = texts[metricsTextFields.indexOf('requestURI')] ?? null
    this.traceContext = texts[metricsTextFields.indexOf('traceContext')] ?? null
  }

  /** The facts of a snapshot, where they are plain values. */
  static load(saved: SavedFacts): MetricsFacts {
    // A snapshot holds every field; only the methods are missing.
    return Object.assign(Object.create(MetricsFacts.prototype), saved) as MetricsFacts
  }

  /** When the execution was over; NaN when the row does not say. */
  get endMs(): number {
    return this.startMs + this.durationMs
  }

  /** True for a row that says the same as this one: the same execution, delivered again. */
  isSameExecution(other: MetricsFacts): boolean {
    return (
      Object.is(this.retryCount, other.retryCount) &&
      Object.is(this.startMs, other.startMs) &&
      Object.is(this.durationMs, other.durationMs) &&
      Object.is(this.statusCode, other.statusCode)
    )
  }
}

function firstGiven(numbers: Float64Array, columns: readonly number[]): number {
  for (const at of columns) {
    const value = numbers[at]!
    if (!Number.isNaN(value)) return value
  }
  return Number.NaN
}

const maxInterned = 1024
const internedTexts = new Map<string, string>()

/** One copy of the words that every row repeats (`Sync`, `OnDemand`, …): the rows of a large input wait by the ten thousand. */
function interned(text: string | null): string | null {
  if (text === null) return null
  const known = internedTexts.get(text)
  if (known !== undefined) return known
  if (internedTexts.size < maxInterned) internedTexts.set(text, text)
  return text
}
