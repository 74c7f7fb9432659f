// Completes a settled attempt: judges it, looks for causes, gives it its tracing ids.

import { deriveSpanWords, hexOfWords, spanIdWords, traceIdWords, wordsOfHex } from '../lib/trace-id.ts'
import type { Attempt, Status, ValueSource } from '../model/attempt.ts'
import { attemptFlags } from '../model/attempt.ts'
import type { AttemptSignals } from '../model/attempt-signals.ts'
import type { Cause } from '../model/cause.ts'
import { phases } from '../model/record-kind.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'

/** A judgement on an attempt. */
export interface Judgement {
  readonly status: Status
  readonly statusSource: ValueSource | null
  readonly errorCode: string | null
  readonly errorType: string | null
  readonly errorMessage: string | null
  readonly errorStack: string | null
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
  attempt.errorStack = judgement.errorStack
  if (judgement.statusSource !== null) attempt.sources.status = judgement.statusSource
  if (judgement.suspectedOutOfMemory) {
    flags.push('suspectedOutOfMemory')
    flags.sort((a, b) => attemptFlags.indexOf(a) - attemptFlags.indexOf(b))
  }
  attempt.causes = judgement.status === 'ok' ? noCauses : judges.findCauses(signals, judgement)
  attempt.cu = judges.cuOf(attempt)
  return attempt
}

/** Ids of a trace that the platform already made (then true), else ids that follow from the attempt's identity alone. */
export function identifySpan(settled: SettledAttempt): boolean {
  const { attempt } = settled
  const context = settled.traceContext === null ? null : readTraceContext(settled.traceContext)
  if (context !== null) {
    attempt.traceId = context.traceId
    attempt.spanId = context.spanId ?? spanIdWithin(context.traceId, attempt)
    attempt.parentSpanId = context.parentSpanId
    return true
  }
  attempt.traceId = hexOfWords(settled.identityWords, 0, traceIdWords)
  attempt.spanId = hexOfWords(settled.identityWords, traceIdWords, spanIdWords)
  attempt.parentSpanId = null
  return false
}

const jaegerContext = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):([0-9a-f]{1,16}):[0-9a-f]{1,2}$/i

/** A `traceparent` of W3C; later versions may go on behind the flags. */
const w3cContext = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/i

interface TraceContext {
  readonly traceId: string
  /** Null where it names the caller only. */
  readonly spanId: string | null
  readonly parentSpanId: string | null
}

/** The form of Jaeger or of W3C, in W3C's lengths; null when it is neither, or names no trace. */
const readTraceContext = (text: string): TraceContext | null => readJaegerContext(text) ?? readW3cContext(text)

function readW3cContext(text: string): TraceContext | null {
  const [, traceId = '', parentSpanId = ''] = w3cContext.exec(text.toLowerCase()) ?? []
  if (isZero(traceId) || isZero(parentSpanId)) return null
  return { traceId, spanId: null, parentSpanId }
}

/** The attempt's own id where only the trace is given: it follows from the trace as else from the request. */
function spanIdWithin(traceId: string, { phase, attempt }: Attempt): string {
  const words = new Int32Array(traceIdWords)
  wordsOfHex(traceId, words)
  deriveSpanWords(words, 0, { phase: phases.indexOf(phase), attempt }, words, 0)
  return hexOfWords(words, 0, spanIdWords)
}

/** `trace:span:parent:flags`. */
function readJaegerContext(text: string): TraceContext | null {
  const match = jaegerContext.exec(text)
  if (match === null) return null
  const traceId = match[1]!.toLowerCase().padStart(32, '0')
  const spanId = match[2]!.toLowerCase().padStart(16, '0')
  const parentSpanId = match[3]!.toLowerCase().padStart(16, '0')
  if (isZero(traceId) || isZero(spanId)) return null
  return { traceId, spanId, parentSpanId: isZero(parentSpanId) ? null : parentSpanId }
}

const isZero = (hex: string): boolean => /^0*$/.test(hex)
