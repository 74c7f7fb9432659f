// Makes the request metrics rows of attempts, and of requests that were turned away before they reached an instance.
import type { CauseCode } from '../model/cause.ts'
import type { AttemptPlan } from './attempt-plan.ts'
import type { AttemptResult } from './attempt-script.ts'
import type { ColdStart } from './fleet.ts'
import type { Instance } from './instance.ts'
import type { Job } from './job.ts'
import { type MetricsFields, twoDecimals } from './metrics-fields.ts'
import { Script, type Stage } from './script.ts'

const quiet = {
  durationMs: 0,
  memoryUsageMB: null,
  isColdStart: false,
  hasFunctionError: false,
  errorType: null,
  retryCount: null,
  coldStartLatencyMs: null,
  prepareCodeLatencyMs: null,
  runtimeInitializationMs: null,
  initializationMs: null,
  http: null,
  traceContext: null,
} as const satisfies Partial<MetricsFields>

export function playMetrics(
  script: Script,
  of: { plan: AttemptPlan; result: AttemptResult; coldStart: ColdStart | null; requestId: string },
): void {
  const { plan, result } = of
  const { random } = script.stage
  const { profile } = script.instance
  const resumeMs = script.atMs
  script.atMs = result.endMs
  script.advance(random.between(100, 4000))
  // The End marker is written a moment after the time the row tells.
  const durationMs = twoDecimals(Math.max(0.2, result.endMs - result.startMs - 2 + random.float()))
  const isHttp = profile.triggerType === 'http'
  const row: MetricsFields = {
    ...quiet,
    ...coldFields(of.coldStart),
    requestId: of.requestId,
    invocationType: profile.isAsync ? 'Async' : 'Sync',
    triggerType: profile.triggerType,
    startMs: result.startMs,
    durationMs,
    memoryMB: profile.memoryMB,
    memoryUsageMB: result.memoryUsageMB,
    isColdStart: plan.isCold,
    hasFunctionError: result.errorType !== null,
    errorType: result.errorType,
    retryCount: profile.isAsync ? plan.attempt : null,
    scheduleLatencyMs: twoDecimals(random.float() * (plan.isCold ? 40 : 3)),
    http: isHttp
      ? { method: plan.method, requestURI: `/v1/items?page=${random.below(90)}`, statusCode: result.statusCode }
      : null,
    traceContext: profile.isTraced ? traceContext(script) : null,
  }
  const cause: CauseCode | null = rowCause(plan)
  script.metrics(row).cause = cause
  if (plan.fault === 'duplicateRow') {
    script.advance(random.between(1, 900))
    script.metrics(row).isCopy = true
  }
  script.atMs = resumeMs
}

function coldFields(coldStart: ColdStart | null): Partial<MetricsFields> {
  if (coldStart === null) return {}
  const { prepareCodeMs, runtimeInitMs } = coldStart
  return {
    coldStartLatencyMs: prepareCodeMs + runtimeInitMs + 0.25,
    prepareCodeLatencyMs: prepareCodeMs,
    runtimeInitializationMs: runtimeInitMs,
    initializationMs: coldStart.initializeMs,
  }
}

/** Jaeger's spelling drops leading zeros; the parent is 0 or a span. */
function traceContext(script: Script): string {
  const { random } = script.stage
  const trace = `${random.between(1, 15).toString(16)}${random.hex(random.chance(0.5) ? 14 : 31)}`
  const parent = random.chance(0.5) ? '0' : `${random.between(1, 15).toString(16)}${random.hex(15)}`
  return `${trace}:${random.between(1, 15).toString(16)}${random.hex(15)}:${parent}:1`
}

/** What a row alone lets one know. */
function rowCause(plan: AttemptPlan): CauseCode | null {
  switch (plan.fault) {
    case 'timeout':
    case 'suspectedOutOfMemory':
      return 'executionTimeout'
    case 'outOfMemory':
      return 'outOfMemory'
    case 'keepAlive':
      return 'keepAliveClosed'
    default:
      return null
  }
}

const rejections = {
  throttled: { statusCode: 429, cause: 'quotaExceeded' },
  noCapacity: { statusCode: 503, cause: 'noCapacity' },
  internalError: { statusCode: 500, cause: 'unknown' },
} as const

/** A request that no instance ever saw: a row is all there is. */
export function playRejection(of: {
  stage: Stage
  instance: Instance
  job: Job
  requestId: string
  atMs: number
  fault: keyof typeof rejections
}): void {
  const { profile } = of.instance
  const { statusCode, cause } = rejections[of.fault]
  const script = new Script(of)
  script.advance(of.stage.random.between(3, 900))
  const row: MetricsFields = {
    ...quiet,
    requestId: of.requestId,
    invocationType: profile.isAsync ? 'Async' : 'Sync',
    triggerType: profile.triggerType,
    startMs: of.atMs,
    memoryMB: profile.memoryMB,
    retryCount: profile.isAsync ? 0 : null,
    scheduleLatencyMs: 1.5,
    http: { method: 'POST', requestURI: '/v1/orders', statusCode },
  }
  script.metrics(row).cause = cause
}
