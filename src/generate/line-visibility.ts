// To which attempt a line belongs: docs/semantics.md §4, in its order.
import type { Sentence } from '../model/error-detail.ts'
import type { Emission } from './emission.ts'
import { rowEndMs, type SeenAttempt, type SeenRequest } from './seen-attempt.ts'
import { noteEnded, type SeenStream, type WaitingLines } from './seen-stream.ts'
import type { TruthLedger } from './truth-ledger.ts'

/** Where and when a line was seen, as the format shows it. */
export interface LineSight {
  readonly stream: SeenStream
  readonly atMs: number | null
  readonly instanceID: string | null
  /** What is known of the request whose records these are. */
  readonly request: SeenRequest
}

/** Lines this long after an End still belong to it; whole-second times hide up to a second. */
const lateWithinMs = 2000
const lateBelowWholeMs = 3000

/** Sentences after which the process is gone (docs/semantics.md §7). */
const endsProcess: ReadonlySet<Sentence> = new Set<Sentence>([
  'processExited',
  'instanceExited',
  'healthCheckFailed',
  'timedOut',
  'notReady',
  'cannotBeStarted',
  'cannotStartOrExited',
  'serverNotStarted',
])

export class LineReader {
  readonly #ledger: TruthLedger
  readonly #make: (emission: Emission, stream: SeenStream) => SeenAttempt

  constructor(options: { ledger: TruthLedger; make: (emission: Emission, stream: SeenStream) => SeenAttempt }) {
    this.#ledger = options.ledger
    this.#make = options.make
  }

  read(line: Emission, sight: LineSight): void {
    if (line.requestId !== null) this.#attach(this.#byId(line, sight), line, sight)
    else if (isStartFailure(line)) this.#readStartFailure(line, sight)
    else this.#readAnonymous(line, sight)
  }

  #byId(line: Emission, { stream, instanceID, request }: LineSight): SeenAttempt {
    const known = request.attempts.filter(attempt => attempt.requestId === line.requestId)
    const here = known.filter(
      attempt => attempt.instanceID === instanceID || attempt.instanceID === null || instanceID === null,
    )
    const open = here.filter(attempt => attempt.isOpen)
    return (
      open.find(attempt => attempt.phase === 'invoke') ??
      open[0] ??
      lastEnded(here) ??
      known.find(attempt => attempt.isOpen) ??
      lastEnded(known) ??
      this.#make(line, stream)
    )
  }

  #readAnonymous(line: Emission, sight: LineSight): void {
    const owner = this.#ownerOf(line, sight)
    if (owner !== null) {
      this.#attach(owner, line, sight)
      return
    }
    const { stream } = sight
    const { previous } = stream
    if (previous?.kind === 'waiting' && continues(line.message)) {
      previous.group.lines.push(line)
      return
    }
    // Only rows can tell later which of several ended before, and only where the stream is one instance.
    if (stream.open.length > 1 && sight.instanceID !== null && sight.atMs !== null) {
      startWaiting(line, { stream, atMs: sight.atMs })
      return
    }
    stream.previous = null
    this.#ledger.fate('unattached')
  }

  /** The five rules for lines without an id; null where they name nobody (yet). */
  #ownerOf(line: Emission, { stream, atMs }: LineSight): SeenAttempt | null {
    const { previous, open, lastEnded: ended } = stream
    const isContinuation = continues(line.message)
    if (isContinuation && previous?.kind === 'line') return previous.attempt
    if (isContinuation && previous?.kind === 'waiting') return null
    const [only] = open
    if (only !== undefined && open.length === 1) return only
    if (isContinuation && previous?.kind === 'marker') return previous.attempt
    return ended !== null && open.length === 0 && isSoon(stream, atMs, ended) ? ended : null
  }

  /** A failed start never belongs to an attempt that has ended; with nothing open a row may claim it later. */
  #readStartFailure(line: Emission, sight: LineSight): void {
    const [only] = sight.stream.open
    if (only !== undefined && sight.stream.open.length === 1) this.#attach(only, line, sight)
    else if (sight.atMs !== null && only === undefined) sight.stream.startFailures.push(line)
    else {
      sight.stream.previous = null
      this.#ledger.fate('unattached')
    }
  }

  #attach(attempt: SeenAttempt, line: Emission, { stream, atMs }: LineSight): void {
    stream.previous = { kind: 'line', attempt }
    this.#ledger.fate('attached')
    countLine(attempt, line)
    const isAfterEnd = attempt.endCameFirst ? (atMs ?? 0) > (attempt.endMs ?? 0) : attempt.hasEnd
    // An End that still waits for its Start: only a later time is after it. In text (which names no function) order is order.
    const isEarly = attempt.hasEnd && !attempt.hasStart && attempt.profile !== null
    const isEarlyEnd = isEarly && atMs !== null && atMs <= (attempt.endMs ?? 0)
    if (isAfterEnd && !isEarlyEnd) attempt.linesAfterEnd += 1
    if (!attempt.isOpen || !endsAttempt(line)) return
    attempt.isOpen = false
    attempt.closedEarly = 'errorText'
    noteEnded(stream, attempt, atMs)
  }

  /** Lines that waited go to the one attempt that rows leave over, or to none. */
  resolveWaiting(stream: SeenStream, how: { isFinal: boolean }): void {
    if (stream.waiting.length === 0) return
    const undecided: WaitingLines[] = []
    for (const group of stream.waiting) {
      if (!how.isFinal && group.candidates.some(attempt => !attempt.request.isSettled)) undecided.push(group)
      else this.#resolve(group)
    }
    stream.waiting = undecided
  }

  #resolve(group: WaitingLines): void {
    // Where an End came after the line, that counts, not the row's times, which are rounded.
    const left = group.candidates.filter(({ hasEnd, row }) => hasEnd || row === null || rowEndMs(row) >= group.atMs)
    for (const attempt of group.candidates) attempt.waitingLines -= 1
    const [only] = left
    for (const waited of group.lines) {
      // Parts of a body are put together only where their attempt is known at once.
      const line = waited.kind === 'text' ? { ...waited, error: null } : waited
      this.#ledger.fate(only !== undefined && left.length === 1 ? 'attached' : 'unattached')
      if (only === undefined || left.length > 1) continue
      countLine(only, line)
      if (only.isOpen && endsAttempt(line)) only.closedEarly = 'errorText'
    }
  }
}

function startWaiting(line: Emission, at: { stream: SeenStream; atMs: number }): void {
  const { stream, atMs } = at
  const group: WaitingLines = { candidates: [...stream.open], atMs, lines: [line] }
  for (const attempt of group.candidates) attempt.waitingLines += 1
  stream.waiting.push(group)
  stream.previous = { kind: 'waiting', group }
}

/** One more line of the attempt. */
export function countLine(attempt: SeenAttempt, line: Emission): void {
  attempt.lines += 1
  attempt.levels[line.level] += 1
  if (line.error !== null && attempt.errors.length < 8) {
    attempt.errors.push({ detail: line.error, inAppLine: line.kind === 'appLine' })
  }
  if (line.cause !== null) attempt.cause = line.cause
}

/** Blank or tab in front, and the frames that come without. */
const continues = (message: string): boolean => /^(?:[ \t]|at |Caused by:|\.\.\. \d+ more|#\d)/.test(message)

/** A sentence of the platform after which nothing of the attempt can run. */
const endsAttempt = ({ kind, error }: Emission): boolean =>
  kind !== 'appLine' && error !== null && error.sentence !== null && endsProcess.has(error.sentence)

const isStartFailure = ({ error }: Emission): boolean => {
  if (error === null) return false
  if (error.code?.startsWith('CA') === true || error.code === 'FunctionNotStarted') return true
  return (
    error.sentence !== null &&
    endsProcess.has(error.sentence) &&
    error.sentence !== 'processExited' &&
    error.sentence !== 'timedOut'
  )
}

const lastEnded = (attempts: readonly SeenAttempt[]): SeenAttempt | undefined =>
  attempts.findLast(attempt => !attempt.isOpen)

function isSoon(stream: SeenStream, atMs: number | null, attempt: SeenAttempt): boolean {
  if (atMs === null || stream.lastEndedMs === null) return true
  const passedMs = atMs - stream.lastEndedMs
  return attempt.isWholeSeconds ? passedMs < lateBelowWholeMs : passedMs <= lateWithinMs
}
