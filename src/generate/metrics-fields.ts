// A request metrics row (facts/fc-metrics-billing §A.2) as values and as the strings that GetLogs returns.

export interface MetricsFields {
  readonly requestId: string
  readonly invocationType: 'Sync' | 'Async'
  readonly triggerType: string | null
  readonly startMs: number
  readonly durationMs: number
  readonly memoryMB: number
  readonly memoryUsageMB: number | null
  readonly isColdStart: boolean
  readonly hasFunctionError: boolean
  readonly errorType: string | null
  readonly retryCount: number | null
  readonly scheduleLatencyMs: number
  readonly coldStartLatencyMs: number | null
  readonly prepareCodeLatencyMs: number | null
  readonly runtimeInitializationMs: number | null
  readonly initializationMs: number | null
  readonly http: { readonly method: string; readonly requestURI: string; readonly statusCode: number } | null
  readonly traceContext: string | null
}

/** Two decimals, as the platform writes its figures. */
export const twoDecimals = (value: number): number => Math.round(value * 100) / 100

/** The row's own fields, all strings, in a fixed order; what is not given is left out. */
export function metricsStrings(fields: MetricsFields, instanceID: string | null): Record<string, string> {
  const row: Record<string, string> = {
    requestId: fields.requestId,
    operation: 'InvokeFunction',
    invocationType: fields.invocationType,
    durationMs: fields.durationMs.toFixed(2),
    memoryMB: String(fields.memoryMB),
    isColdStart: String(fields.isColdStart),
    hasFunctionError: String(fields.hasFunctionError),
    scheduleLatencyMs: fields.scheduleLatencyMs.toFixed(2),
    invocationStartTimestamp: String(fields.startMs),
    invokeFunctionStartTimestamp: String(fields.startMs - 1),
    resourceMode: 'OnDemand',
    activeInstances: '1',
    activeInstancesPerFunction: '1',
  }
  if (instanceID !== null) row['hostname'] = instanceID
  if (fields.triggerType !== null) row['triggerType'] = fields.triggerType
  if (fields.memoryUsageMB !== null) row['memoryUsageMB'] = fields.memoryUsageMB.toFixed(2)
  if (fields.errorType !== null) row['errorType'] = fields.errorType
  if (fields.traceContext !== null) row['traceContext'] = fields.traceContext
  addAsync(row, fields)
  addColdStart(row, fields)
  if (fields.http !== null) {
    row['method'] = fields.http.method
    row['requestURI'] = fields.http.requestURI
    row['statusCode'] = String(fields.http.statusCode)
    row['clientIP'] = '203.0.113.7'
  }
  return row
}

function addAsync(row: Record<string, string>, fields: MetricsFields): void {
  if (fields.retryCount === null) return
  row['asyncMode'] = 'Stateless'
  row['retryCount'] = String(fields.retryCount)
  row['asyncAttemptStartTimestamp'] = String(fields.startMs - 2)
  row['asyncAttemptLatencyMs'] = (fields.durationMs + 2).toFixed(2)
}

function addColdStart(row: Record<string, string>, fields: MetricsFields): void {
  if (fields.isColdStart) row['instanceEvent'] = 'ColdStart'
  if (fields.coldStartLatencyMs !== null) {
    row['coldStartStartTimestamp'] = String(fields.startMs - Math.ceil(fields.coldStartLatencyMs))
    row['coldStartLatencyMs'] = fields.coldStartLatencyMs.toFixed(2)
  }
  if (fields.prepareCodeLatencyMs !== null) row['prepareCodeLatencyMs'] = fields.prepareCodeLatencyMs.toFixed(2)
  if (fields.runtimeInitializationMs !== null)
    row['runtimeInitializationMs'] = fields.runtimeInitializationMs.toFixed(2)
  if (fields.initializationMs !== null) row['initializationDurationMs'] = fields.initializationMs.toFixed(2)
}
