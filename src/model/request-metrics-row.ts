// Hot path: one FCRequestMetrics row, filled again and again (facts/fc-metrics-billing §A.2).

/** Numeric fields of a request metrics row, in the order of their columns. */
export const metricsNumberFields = [
  'retryCount',
  'memoryMB',
  'memoryUsageMB',
  'durationMs',
  'statusCode',
  'invocationStartTimestamp',
  'invokeFunctionStartTimestamp',
  'asyncAttemptStartTimestamp',
  'scheduleLatencyMs',
  'coldStartLatencyMs',
  'prepareCodeLatencyMs',
  'runtimeInitializationMs',
  'initializationMs',
] as const
export type MetricsNumberField = (typeof metricsNumberFields)[number]

/** Text fields that are kept. `instanceID`, `functionName` and the like belong to the record's origin instead. */
export const metricsTextFields = [
  'errorType',
  'invocationType',
  'triggerType',
  'resourceMode',
  'method',
  'requestURI',
  'traceContext',
] as const
export type MetricsTextField = (typeof metricsTextFields)[number]

/** A row's values. NaN is "not given" for numbers, null for texts and truth values; timestamps are unix ms. */
export class RequestMetricsRow {
  /** Range of the request id in the row's buffer; empty when the row has none. */
  requestId = ''
  readonly numbers = new Float64Array(metricsNumberFields.length)
  readonly texts: (string | null)[] = metricsTextFields.map(() => null)
  isColdStart: boolean | null = null
  hasFunctionError: boolean | null = null

  /** Forget the last row. */
  clear(): void {
    this.requestId = ''
    this.numbers.fill(Number.NaN)
    this.texts.fill(null)
    this.isColdStart = null
    this.hasFunctionError = null
  }
}
