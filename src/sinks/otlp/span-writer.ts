// Hot path: the spans of an attempt as protobuf (`ScopeSpans.spans`), its own and those of the steps before it.
import { deriveSpanWords, spanIdWords, traceIdWords, wordsOfHex } from '../../lib/trace-id.ts'
import type { Attempt, Status } from '../../model/attempt.ts'
import { phases } from '../../model/record-kind.ts'
import {
  errorLineEvent,
  exceptionEvent,
  maxSpanText,
  ownAttribute,
  Step,
  spanAttribute,
  stepMasks,
  stepNames,
  triggerGroups,
} from '../../model/span-names.ts'
import { AttributeKey, type ProtoWriter } from './proto-writer.ts'
import { SpanSteps } from './span-steps.ts'

/** Fields of the messages of opentelemetry/proto/trace/v1/trace.proto. */
const spansField = 2
const Span = {
  traceId: 1,
  spanId: 2,
  parentSpanId: 4,
  name: 5,
  kind: 6,
  start: 7,
  end: 8,
  attributes: 9,
  events: 11,
  droppedEvents: 12,
  links: 13,
  status: 15,
} as const
const Event = { time: 1, name: 2, attributes: 3 } as const
const Link = { traceId: 1, spanId: 2 } as const
const StatusField = { message: 2, code: 3 } as const
const kindInternal = 1
const kindServer = 2
const statusOk = 1
const statusError = 2

const spanKey = (name: string): AttributeKey => new AttributeKey(name, Span.attributes)
const invocationId = spanKey(spanAttribute.invocationId)
const isColdStart = spanKey(spanAttribute.isColdStart)
const trigger = spanKey(spanAttribute.trigger)
const errorType = spanKey(spanAttribute.errorType)
const method = spanKey(spanAttribute.method)
const path = spanKey(spanAttribute.path)
const httpStatus = spanKey(spanAttribute.httpStatus)
const attemptNumber = spanKey(ownAttribute.attempt)
const statusName = spanKey(ownAttribute.status)
const errorCode = spanKey(ownAttribute.errorCode)
const cause = spanKey(ownAttribute.cause)
const uncertainMs = spanKey(ownAttribute.uncertainMs)
const isPlaced = spanKey(ownAttribute.isPlaced)
const eventKey = (name: string): AttributeKey => new AttributeKey(name, Event.attributes)
const exceptionType = eventKey(spanAttribute.exceptionType)
const exceptionMessage = eventKey(spanAttribute.exceptionMessage)
const exceptionStack = eventKey(spanAttribute.exceptionStack)
const lineText = eventKey(ownAttribute.line)
const lineLevel = eventKey(ownAttribute.level)
const isEventPlaced = eventKey(ownAttribute.isPlaced)

const groupOfTrigger = new Map(
  Object.entries(triggerGroups).flatMap(([group, types]) => types.map(type => [type, group] as const)),
)

/** Statuses of which nobody can say that they went well or failed. */
const isUnset = (status: Status): boolean => status === 'incomplete' || status === 'canceled'

/** Writes attempts, one after the other. */
export class SpanWriter {
  readonly #withErrorLines: boolean
  readonly #steps = new SpanSteps()
  readonly #trace = new Int32Array(traceIdWords)
  readonly #span = new Int32Array(spanIdWords)
  readonly #parent = new Int32Array(spanIdWords)
  readonly #step = new Int32Array(spanIdWords)
  readonly #derived = new Int32Array(spanIdWords)

  /** `withErrorLines`: lines of level error and fatal become events. */
  constructor(withErrorLines: boolean) {
    this.#withErrorLines = withErrorLines
  }

  /**
   * Appends the spans of an attempt to `into` and returns how many; 0 where there are no times to make any of. `words`: trace id and
   * span id that follow from the identity; null when those of the attempt hold.
   */
  write(attempt: Attempt, words: Int32Array | null, into: ProtoWriter): number {
    const steps = this.#steps
    if (!steps.read(attempt)) return 0
    const hasParent = this.#identify(attempt, words)
    this.#writeOwn(attempt, hasParent, into)
    let count = 1
    for (let step = 0; step < stepNames.length; step++) {
      if (steps.has[step] === 0) continue
      this.#writeStep(attempt, step, into)
      count += 1
    }
    return count
  }

  #identify(attempt: Attempt, words: Int32Array | null): boolean {
    const trace = this.#trace
    const span = this.#span
    if (words !== null) {
      for (let i = 0; i < traceIdWords; i++) trace[i] = words[i]!
      span[0] = words[traceIdWords]!
      span[1] = words[traceIdWords + 1]!
      return false
    }
    wordsOfHex(attempt.traceId, trace)
    wordsOfHex(attempt.spanId, span)
    if (attempt.parentSpanId === null) return false
    wordsOfHex(attempt.parentSpanId, this.#parent)
    return true
  }

  #writeOwn(attempt: Attempt, hasParent: boolean, into: ProtoWriter): void {
    const { startMs, durationNs } = this.#steps
    const { phase, status } = attempt
    const start = into.begin(spansField)
    into.id(Span.traceId, this.#trace, traceIdWords)
    into.id(Span.spanId, this.#span, spanIdWords)
    if (hasParent) into.id(Span.parentSpanId, this.#parent, spanIdWords)
    into.text(Span.name, phase)
    into.small(Span.kind, phase === 'invoke' ? kindServer : kindInternal)
    into.time(Span.start, startMs, 0)
    into.time(Span.end, startMs, durationNs)
    this.#writeAttributes(attempt, into)
    if (this.#withErrorLines && attempt.errorLines.length > 0) this.#writeErrorLines(attempt, into)
    if (attempt.errorType || attempt.errorMessage) this.#writeException(attempt, into)
    if (attempt.attempt > 0) this.#writeLink(attempt, into)
    if (!isUnset(status)) writeStatus(attempt, into)
    into.end(start)
  }

  #writeAttributes(attempt: Attempt, into: ProtoWriter): void {
    if (attempt.requestId) into.textAttribute(invocationId, bounded(attempt.requestId))
    if (attempt.coldStart !== null) into.flagAttribute(isColdStart, attempt.coldStart)
    if (attempt.triggerType) into.textAttribute(trigger, groupOfTrigger.get(attempt.triggerType) ?? 'other')
    const error = attempt.errorType || attempt.errorCode
    if (error) into.textAttribute(errorType, bounded(error))
    if (attempt.httpMethod) into.textAttribute(method, bounded(attempt.httpMethod))
    const uri = pathOf(attempt.httpPath ?? '')
    if (uri !== '') into.textAttribute(path, bounded(uri))
    if (isHttpStatus(attempt.httpStatus)) into.integerAttribute(httpStatus, attempt.httpStatus)
    into.integerAttribute(attemptNumber, attempt.attempt)
    into.textAttribute(statusName, attempt.status)
    if (attempt.errorCode) into.textAttribute(errorCode, bounded(attempt.errorCode))
    const first = attempt.causes[0]
    if (first !== undefined) into.textAttribute(cause, first.code)
    if (attempt.durationUncertaintyMs > 0) into.integerAttribute(uncertainMs, attempt.durationUncertaintyMs)
  }

  /** Those that are told; how many more there were is counted. A line without a time stands at the end. */
  #writeErrorLines({ errorLines, levels }: Attempt, into: ProtoWriter): void {
    const { startMs, durationNs } = this.#steps
    for (const { timeMs, level, text } of errorLines) {
      const start = into.begin(Span.events)
      into.time(Event.time, timeMs ?? startMs, timeMs === null ? durationNs : 0)
      into.text(Event.name, errorLineEvent)
      into.textAttribute(lineLevel, level)
      if (text !== '') into.textAttribute(lineText, text)
      if (timeMs === null) into.flagAttribute(isEventPlaced, true)
      into.end(start)
    }
    const dropped = levels.fatal + levels.error - errorLines.length
    if (dropped > 0) into.uint32(Span.droppedEvents, dropped)
  }

  /** Nobody knows at which moment it was: what an attempt fails of ends it. */
  #writeException(attempt: Attempt, into: ProtoWriter): void {
    const { startMs, durationNs } = this.#steps
    const start = into.begin(Span.events)
    into.time(Event.time, startMs, durationNs)
    into.text(Event.name, exceptionEvent)
    if (attempt.errorType) into.textAttribute(exceptionType, bounded(attempt.errorType))
    if (attempt.errorMessage) into.textAttribute(exceptionMessage, bounded(attempt.errorMessage))
    if (attempt.errorStack) into.textAttribute(exceptionStack, bounded(attempt.errorStack))
    into.flagAttribute(isEventPlaced, true)
    into.end(start)
  }

  /** To the attempt before, where ids follow from the identity; others cannot be known. */
  #writeLink({ phase, attempt }: Attempt, into: ProtoWriter): void {
    const derived = this.#derived
    const number = phases.indexOf(phase)
    deriveSpanWords(this.#trace, 0, { phase: number, attempt }, derived, 0)
    if (derived[0] !== this.#span[0] || derived[1] !== this.#span[1]) return
    deriveSpanWords(this.#trace, 0, { phase: number, attempt: attempt - 1 }, derived, 0)
    const start = into.begin(Span.links)
    into.id(Link.traceId, this.#trace, traceIdWords)
    into.id(Link.spanId, derived, spanIdWords)
    into.end(start)
  }

  #writeStep(attempt: Attempt, step: number, into: ProtoWriter): void {
    const steps = this.#steps
    const beginNs = steps.beginNs[step]!
    const start = into.begin(spansField)
    into.id(Span.traceId, this.#trace, traceIdWords)
    into.id(Span.spanId, this.#idOf(step), spanIdWords)
    const isPart = step === Step.prepareCode || step === Step.runtimeInit
    const parent = isPart && steps.has[Step.coldStart] === 1 ? this.#idOf(Step.coldStart) : this.#span
    into.id(Span.parentSpanId, parent, spanIdWords)
    into.text(Span.name, stepNames[step]!)
    into.small(Span.kind, kindInternal)
    into.time(Span.start, steps.startMs, beginNs)
    into.time(Span.end, steps.startMs, beginNs + steps.lengthNs[step]!)
    if (attempt.requestId) into.textAttribute(invocationId, bounded(attempt.requestId))
    into.integerAttribute(attemptNumber, attempt.attempt)
    into.flagAttribute(isPlaced, true)
    into.end(start)
  }

  /** Valid until the next call. Never all zero. */
  #idOf(step: number): Int32Array {
    const id = this.#step
    const [first, second] = stepMasks[step]!
    id[0] = this.#span[0]! ^ first
    id[1] = this.#span[1]! ^ second
    if ((id[0] | id[1]) === 0) id[1] = 1
    return id
  }
}

function writeStatus({ status, errorMessage }: Attempt, into: ProtoWriter): void {
  const start = into.begin(Span.status)
  if (status !== 'ok' && errorMessage) into.text(StatusField.message, bounded(errorMessage))
  into.small(StatusField.code, status === 'ok' ? statusOk : statusError)
  into.end(start)
}

const isHttpStatus = (status: number | null): status is number =>
  status !== null && Number.isInteger(status) && status >= 0 && status <= 0xffff

/** Without the query, which may hold what is secret. */
function pathOf(uri: string): string {
  const at = uri.indexOf('?')
  return at < 0 ? uri : uri.slice(0, at)
}

/** At most `maxSpanText` code points. */
function bounded(text: string): string {
  if (text.length <= maxSpanText) return text
  let at = 0
  for (let points = 0; points < maxSpanText && at < text.length; points++) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  }
  return text.slice(0, at)
}
