// Completes a settled attempt: judges it, looks for causes, gives it its tracing ids.

import { hexOfWords, spanIdWords, traceIdWords } from '../lib/trace-id.ts'
import type { Attempt, Status, ValueSource } from '../model/attempt.ts'
import { attemptFlags } from '../model/attempt.ts'
import type { AttemptSignals } from '../model/attempt-signals.ts'
import type { Cause } from '../model/cause.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'

/** A judgement on an attempt. */
export interface Judgement {
  readonly status: Status
  readonly statusSource: ValueSource | null
  readonly errorCode: string | null
  readonly errorType: string | null
  readonly errorMessage: string | null
  readonly suspectedOutOfMemory: boolean
}

/** The judging parts, given from outside. */
export interface Judges<J extends Judgement> {
  judge(signals: AttemptSignals): J
  findCauses(signals: AttemptSignals, judgement: J): readonly Cause[]
  /** CU of the attempt, judged as it is by then; null when not known. */
  cuOf(attempt: Attempt): string | null
}

const noCauses: readonly Cause[] = []

/** Fills what {@link SettledAttempt} leaves open, but for the tracing ids. */
export function completeAttempt<J extends Judgement>(settled: SettledAttempt, judges: Judges<J>): Attempt {
  const { attempt, signals, flags } = settled
  const judgement = judges.judge(signals)
  attempt.status = judgement.status
  attempt.errorCode = judgement.errorCode
  attempt.errorType = judgement.errorType
  attempt.errorMessage = judgement.errorMessage
  if (judgement.statusSource !== null) attempt.sources.status = judgement.statusSource
  if (judgement.suspectedOutOfMemory) {
    flags.push('suspectedOutOfMemory')
    flags.sort((a, b) => attemptFlags.indexOf(a) - attemptFlags.indexOf(b))
  }
  attempt.causes = judgement.status === 'ok' ? noCauses : judges.findCauses(signals, judgement)
  attempt.cu = judges.cuOf(attempt)
  return attempt
}

/** Ids of a trace that the platform already made, else ids that follow from the attempt's identity alone. */
export function identifySpan(settled: SettledAttempt): void {
  const { attempt } = settled
  const context = settled.traceContext === null ? null : readTraceContext(settled.traceContext)
  if (context !== null) {
    attempt.traceId = context.traceId
    attempt.spanId = context.spanId
    attempt.parentSpanId = context.parentSpanId
    return
  }
  attempt.traceId = hexOfWords(settled.identityWords, 0, traceIdWords)
  attempt.spanId = hexOfWords(settled.identityWords, traceIdWords, spanIdWords)
  attempt.parentSpanId = null
}

const jaegerContext = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):([0-9a-f]{1,16}):[0-9a-f]{1,2}$/i

/** `trace:span:parent:flags` as Jaeger writes it, in W3C's lengths; null when it is not that, or names no trace. */
function readTraceContext(text: string): { traceId: string; spanId: string; parentSpanId: string | null } | null {
  const match = jaegerContext.exec(text)
  if (match === null) return null
  const traceId = match[1]!.toLowerCase().padStart(32, '0')
  const spanId = match[2]!.toLowerCase().padStart(16, '0')
  const parentSpanId = match[3]!.toLowerCase().padStart(16, '0')
  if (isZero(traceId) || isZero(spanId)) return null
  return { traceId, spanId, parentSpanId: isZero(parentSpanId) ? null : parentSpanId }
}

const isZero = (hex: string): boolean => /^0+$/.test(hex)
