// Hot path: what becomes of an attempt that reconstruct gives out: it is judged, told apart from what was given out before, and
// handed to the sinks of the batch.
import { traceIdWords } from '../lib/trace-id.ts'
import { type Attempt, type Status, statuses } from '../model/attempt.ts'
import { type BusyHours, busyHoursOf, hullOf, widened } from '../model/busy-hours.ts'
import type { Ledger } from '../model/ledger.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import { completeAttempt, identifySpan, type Judgement, type Judges } from './complete-attempt.ts'
import type { GivenOut, Verdict } from './given-out.ts'
import { SettledCandidate, type SignatureOf } from './settled-candidate.ts'

/** Identity and revision of what is given out. Times are unix ms. */
export interface GivenRow {
  readonly position: string
  readonly revision: number
  readonly firstStoredMs: number
  /** It must not take the place of what is stored (`SettledAttempt.mayKnowLess`). */
  readonly mayKnowLess: boolean
  /** Somebody else has given it out, unless something went wrong. */
  readonly isPassingOver: boolean
  /** The hours in which earlier rows of the attempt may be, from whomever they came; none where it is new. */
  readonly priorHours: BusyHours
  /** Trace id (4 words) and span id (2 words) that follow from the identity. */
  readonly identityWords: Int32Array
  /** The platform gave others, which the attempt has then. */
  readonly hasPlatformIds: boolean
  /** Span ids (2 words each) that its lines were kept with (`SettledAttempt.lineSpans`). */
  readonly lineSpans: readonly number[]
}

/** Where rows of attempts are collected. Objects are valid during the call only. */
export interface AttemptRowTaker {
  add(attempt: Attempt, given: GivenRow): void
  withdraw(
    withdrawn: Omit<GivenRow, 'identityWords' | 'hasPlatformIds' | 'lineSpans'> &
      Pick<Attempt, 'requestId' | 'phase' | 'attempt'>,
  ): void
}

/** Where attempts are counted. */
export interface AttemptCounter {
  /** True when the figures are counted now. */
  take(
    attempt: Attempt,
    given: {
      readonly isFirst: boolean
      readonly wasFailure: boolean
      readonly wasMeasured: boolean
      readonly isFinal: boolean
    },
  ): boolean
  measure(attempt: Attempt): void
  /** Of an attempt that was counted by somebody else: counts nothing. True when its figures were counted then as well. */
  passOver(attempt: Attempt, given: { readonly wasMeasured: boolean; readonly isFinal: boolean }): boolean
}

/** Where spans of attempts are made. Objects are valid during the call only. */
export interface SpanTaker {
  /** An attempt whose figures are counted now: once each. Where the platform gave ids, the attempt has them. */
  take(settled: SettledAttempt, nowMs: number): void
  /** One whose figures are not counted yet; it may come again. */
  hold(settled: SettledAttempt, nowMs: number): void
  /** One that was taken is given out anew. */
  revise(settled: SettledAttempt, nowMs: number): void
  /** One that is none any more; `wasTaken`: it was taken before. */
  withdraw(settled: SettledAttempt, wasTaken: boolean): void
  /** What came from these homes is somebody else's. */
  forget(isGone: (home: string) => boolean): void
}

const statusNumbers = new Map(statuses.map((status, index) => [status, index]))
const spanAt = traceIdWords

/** How far the times of one attempt may lie apart for two who saw all of it, and where one of them saw a part: no attempt runs longer than a day. */
const nearHours = 1
const farHours = 25

/** Gives attempts to the sinks of the batch at hand. */
export class Emission<J extends Judgement> {
  readonly #judges: Judges<J>
  readonly #givenOut: GivenOut
  readonly #rows: AttemptRowTaker
  readonly #counter: AttemptCounter
  readonly #spans: SpanTaker | null
  readonly #ledger: Ledger
  readonly #isFailure: (status: Status) => boolean
  readonly #isAnyStored: boolean
  /** The time of the batch, unix ms. */
  nowMs = 0
  /** Attempts whose records came after they had been given out for good. */
  beyondHorizon = 0
  /** While what is given out was most likely given out by somebody else: it counts where there is nothing. */
  isPassingOver = false
  /** False while what is given out was counted already. */
  counts = true
  /** The attempt at hand, as the memory of what was given out asks for it. */
  readonly #candidate: SettledCandidate
  /** Numbers of homes; there are as many as partitions that were ever read. */
  readonly #homes = new Map<string, number>()

  constructor(parts: {
    judges: Judges<J>
    givenOut: GivenOut
    rows: AttemptRowTaker
    counter: AttemptCounter
    /** Null where no spans are sent. */
    spans: SpanTaker | null
    ledger: Ledger
    /** A hash of everything that is given out of an attempt, but for what follows from its identity. */
    signatureOf: SignatureOf
    isFailure: (status: Status) => boolean
    /** Whatever is new here may have been stored by somebody else: the state was lost, or a Logstore is read once more. */
    isAnyStored: boolean
  }) {
    this.#judges = parts.judges
    this.#givenOut = parts.givenOut
    this.#rows = parts.rows
    this.#counter = parts.counter
    this.#spans = parts.spans
    this.#ledger = parts.ledger
    this.#isFailure = parts.isFailure
    this.#isAnyStored = parts.isAnyStored
    this.#candidate = new SettledCandidate(parts.signatureOf)
  }

  take(settled: SettledAttempt): void {
    const attempt = completeAttempt(settled, this.#judges)
    attempt.revision = 1
    const status = statusNumbers.get(attempt.status)!
    const candidate = this.#candidate
    candidate.settled = settled
    candidate.status = status
    candidate.isFailure = this.#isFailure(attempt.status)
    candidate.nowMs = this.nowMs
    candidate.home = this.#numberOf(settled.home)
    candidate.hours = busyHoursOf(attempt)
    const verdict = this.#givenOut.decide(candidate)
    if (verdict.isBeyondHorizon) {
      this.beyondHorizon += 1
      return
    }
    this.#count(settled, verdict)
    if (verdict.revision === 0) return
    this.#book(status, verdict.lastStatus)
    attempt.revision = verdict.revision
    // Where a part of an attempt without an id stands, nothing was stored: it would be another attempt.
    if (!this.isPassingOver || attempt.requestId !== null) this.#addRow(settled, verdict)
  }

  #addRow(settled: SettledAttempt, verdict: Verdict): void {
    const { revision, firstStoredMs } = verdict
    const { attempt, position, identityWords, lineSpans } = settled
    const hasPlatformIds = identifySpan(settled)
    const { isPassingOver } = this
    const mayKnowLess = isPassingOver || settled.mayKnowLess
    const priorHours = this.#priorHours(settled, verdict)
    this.#rows.add(attempt, {
      position,
      revision,
      firstStoredMs,
      mayKnowLess,
      isPassingOver,
      priorHours,
      identityWords,
      hasPlatformIds,
      lineSpans,
    })
  }

  /** Where others may have given the attempt out, their times are near those that are known here. */
  #priorHours({ attempt, home }: SettledAttempt, { revision, priorHours, isDoubtful }: Verdict): BusyHours {
    const mayBeOthers = isDoubtful || (revision === 1 && (this.#isAnyStored || home !== ''))
    if (!mayBeOthers) return priorHours
    const isWhole = attempt.startTimeMs !== null && attempt.endTimeMs !== null && !attempt.flags.some(isPartial)
    const own = hullOf(priorHours, busyHoursOf(attempt))
    return widened(own, isWhole ? nearHours : farHours)
  }

  #numberOf(home: string): number {
    if (home === '') return 0
    let number = this.#homes.get(home)
    if (number === undefined) {
      number = this.#homes.size + 1
      this.#homes.set(home, number)
    }
    return number
  }

  /** What came from these homes may be given out by somebody else from now on. */
  doubt(isGone: (home: string) => boolean): void {
    const gone = [...this.#homes].filter(([home]) => isGone(home)).map(([, number]) => number)
    if (gone.length > 0) this.#givenOut.doubt(new Set(gone))
    this.#spans?.forget(isGone)
  }

  withdraw(settled: SettledAttempt): void {
    const { identityWords, attempt, position } = settled
    const verdict = this.#givenOut.withdraw(identityWords[spanAt]!, identityWords[spanAt + 1]!)
    const { revision, firstStoredMs, lastStatus, wasMeasured } = verdict
    this.#spans?.withdraw(settled, wasMeasured && !this.isPassingOver)
    if (revision === 0) return
    this.#ledger.attempts--
    this.#ledger.byStatus[lastStatus]!--
    const { isPassingOver } = this
    const mayKnowLess = isPassingOver || settled.mayKnowLess
    const { requestId, phase, attempt: number } = attempt
    const identity = { requestId, phase, attempt: number, position }
    const priorHours = verdict.isDoubtful ? widened(verdict.priorHours, farHours) : verdict.priorHours
    this.#rows.withdraw({ ...identity, revision, firstStoredMs, mayKnowLess, isPassingOver, priorHours })
  }

  /** See `Follower`. */
  isDone(identityWords: Int32Array): boolean {
    return this.#givenOut.finish(identityWords[spanAt]!, identityWords[spanAt + 1]!)
  }

  #count(settled: SettledAttempt, verdict: Verdict): void {
    const { attempt, isFinal } = settled
    const { revision, lastStatus, wasFailure, wasMeasured } = verdict
    if (!this.counts) {
      const isMeasured = this.#counter.passOver(attempt, { wasMeasured, isFinal })
      if (isMeasured && !wasMeasured) this.#givenOut.markMeasured()
      if (!isMeasured) this.#hold(settled)
      return
    }
    if (revision === 0) {
      if (!isFinal || wasMeasured) return
      this.#counter.measure(attempt)
      this.#markMeasured(settled)
      return
    }
    const isMeasured = this.#counter.take(attempt, { isFirst: lastStatus < 0, wasFailure, wasMeasured, isFinal })
    if (isMeasured && !wasMeasured) this.#markMeasured(settled)
    else if (!isMeasured) this.#hold(settled)
    else this.#revise(settled)
  }

  #revise(settled: SettledAttempt): void {
    if (this.#spans === null || this.isPassingOver) return
    if (settled.traceContext !== null) identifySpan(settled)
    this.#spans.revise(settled, this.nowMs)
  }

  #hold(settled: SettledAttempt): void {
    if (this.#spans === null) return
    if (settled.traceContext !== null) identifySpan(settled)
    this.#spans.hold(settled, this.nowMs)
  }

  /** What was most likely given out by somebody else was sent by him. */
  #markMeasured(settled: SettledAttempt): void {
    this.#givenOut.markMeasured()
    if (this.#spans === null || this.isPassingOver) return
    if (settled.traceContext !== null) identifySpan(settled)
    this.#spans.take(settled, this.nowMs)
  }

  /** An attempt counts once, under the status it has now. -1: it had none before, or was taken back. */
  #book(status: number, lastStatus: number): void {
    const { byStatus } = this.#ledger
    if (lastStatus < 0) this.#ledger.attempts++
    else byStatus[lastStatus]!--
    byStatus[status]!++
  }
}

const isPartial = (flag: Attempt['flags'][number]): boolean => flag === 'missingStart' || flag === 'missingEnd'
