// When attempts are given out: at once when there is no room, soon after they closed when somebody follows, all at the end.

import type { FunctionConfig } from '../model/function-config.ts'
import { Cell, none, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { Frame, msBetween, tickOf } from './engine-frame.ts'
import type { Publishing, SavedPublishing } from './publishing.ts'
import type { Settling } from './settling.ts'

/**
 * Ended attempts that wait for what may still come for them; with more, the one that ended first is given out for good. Text
 * waits for late lines and retries only; rows wait for metrics rows that may stand far behind, as in two exports put together.
 */
export const maxWaitingText = 32_768
export const maxWaitingRows = 131_072

/** How many attempts more than that wait until the oldest are given out in one go. */
export const settleStep = 4096

/** Open attempts that are looked at per tick for having been silent too long. */
const silenceStep = 16_384

/** Ticks are taken in advance when a partition has been read again, one each. */
const maxAheadMs = 10_000

/** What a function's own time-out is stretched by before its attempt counts as silent. */
const silenceSlackMs = 60_000

/** The flow in a snapshot. */
export interface SavedFlow {
  readonly hasRows: boolean
  readonly silenceCursor: number
  readonly silenceGeneration: number
  readonly publishing: SavedPublishing
}

/** What the flow is made of. */
export interface AttemptFlowParts {
  readonly attempts: Attempts
  readonly settling: Settling
  readonly publishing: Publishing
  /** Open attempts held at most; then the oldest is closed as evicted (rule 11). */
  readonly maxOpen: number
  /** So long without a record an open attempt is closed, unless its function's time-out is known (rule 3). */
  readonly silenceMs: number
}

/** Gives attempts out. */
export class AttemptFlow {
  readonly #attempts: Attempts
  readonly #settling: Settling
  readonly #publishing: Publishing
  readonly #maxOpen: number
  readonly #silenceMs: number
  #maxWaiting = maxWaitingText
  /** The open attempt at which the next look for silence begins, with its slot's generation. */
  #silenceCursor: number = none
  #silenceGeneration = 0
  /** {@link nextTick} went ahead of the clock. */
  #isAhead = false

  constructor(parts: AttemptFlowParts) {
    this.#attempts = parts.attempts
    this.#settling = parts.settling
    this.#publishing = parts.publishing
    this.#maxOpen = parts.maxOpen
    this.#silenceMs = parts.silenceMs
    const { words } = parts.attempts.frame
    words[Frame.maxOpen] = parts.maxOpen
    words[Frame.maxClosed] = maxWaitingText + settleStep
  }

  /** Gives attempts out when more wait than may; by the thousand, at a count that does not depend on how lines came in. */
  makeRoom(): void {
    const attempts = this.#attempts
    if (attempts.closedCount >= this.#maxWaiting + settleStep) {
      while (attempts.closedCount > this.#maxWaiting) this.#settling.settle(attempts.oldestClosed)
    }
    if (attempts.openCount > this.#maxOpen) this.#evict(attempts.oldestOpen)
    if (attempts.crowded !== none) this.#settleCrowded()
  }

  /** From here on there are rows. */
  waitForRows(): void {
    if (this.#maxWaiting === maxWaitingRows) return
    this.#maxWaiting = maxWaitingRows
    this.#attempts.frame.words[Frame.maxClosed] = maxWaitingRows + settleStep
  }

  save(): SavedFlow {
    return {
      hasRows: this.#maxWaiting === maxWaitingRows,
      silenceCursor: this.#silenceCursor,
      silenceGeneration: this.#silenceGeneration,
      publishing: this.#publishing.save(),
    }
  }

  load(saved: SavedFlow): void {
    if (saved.hasRows) this.waitForRows()
    this.#silenceCursor = saved.silenceCursor
    this.#silenceGeneration = saved.silenceGeneration
    this.#publishing.load(saved.publishing)
  }

  /** What comes from now on came at this moment, unix ms. Time must not run backwards by more than a clock's correction. */
  setTime(unixMs: number): void {
    const { words } = this.#attempts.frame
    const aheadMs = msBetween(tickOf(unixMs), words[Frame.tick]!)
    // Ticks that were taken in advance are not taken back: what closed at them would seem to lie in the future.
    if (this.#isAhead && aheadMs > 0 && aheadMs <= maxAheadMs) return
    this.#isAhead = false
    words[Frame.tick] = tickOf(unixMs)
  }

  /** True when attempts wait to be given out, or could fall silent. */
  get hasWaiting(): boolean {
    return this.#publishing.hasWaiting || this.#attempts.oldestOpen !== none
  }

  /** True when something that is over is yet to be given out. */
  get hasClosed(): boolean {
    return this.#publishing.hasClosed
  }

  /** Gives out everything that is over, however short the time since. */
  publishClosed(): void {
    this.#publishing.publishClosed()
  }

  /** See {@link Publishing.publishEnded}. */
  publishEnded(): void {
    this.#publishing.publishEnded()
  }

  /** Time goes on by one tick, ahead of the clock. */
  nextTick(): void {
    this.#isAhead = true
    this.#attempts.frame.words[Frame.tick]! += 1
  }

  /** Closes what has been silent too long, and gives out what closed or changed long enough ago, as of {@link setTime}. */
  publishDue(): void {
    this.#closeSilent()
    this.#publishing.publishDue()
  }

  /** Gives everything out as it is; nothing is closed for good by that. */
  publishAll(): void {
    this.#publishing.publishAll()
  }

  /**
   * The end of the input: closes what is open and gives out what is left, some requests per call so that the caller can
   * write in between. False when nothing is left.
   */
  finish(requests: number): boolean {
    const attempts = this.#attempts
    while (attempts.oldestOpen !== none) attempts.close(attempts.oldestOpen, 'eof')
    this.#settleOldest(requests)
    return attempts.oldestClosed !== none
  }

  /** A loop of its own: inside `finish` it was compiled and thrown away again at every call. */
  #settleOldest(requests: number): void {
    const attempts = this.#attempts
    for (let done = 0; done < requests && attempts.oldestClosed !== none; done++) {
      this.#settling.settle(attempts.oldestClosed)
    }
  }

  #evict(slot: number): void {
    this.#attempts.table.cells[slot + Cell.state]! |= State.evicted
    this.#attempts.close(slot, 'evicted')
  }

  #settleCrowded(): void {
    const slot = this.#attempts.crowded
    this.#attempts.crowded = none
    this.#settling.settle(slot)
  }

  /** Walks through the open attempts, oldest first, a part of them per call. */
  #closeSilent(): void {
    const attempts = this.#attempts
    const { cells } = attempts.table
    let slot = this.#silenceCursor
    const isThere = slot !== none && cells[slot + Cell.generation] === this.#silenceGeneration && attempts.isOpen(slot)
    if (!isThere) slot = attempts.oldestOpen
    for (let steps = 0; slot !== none && steps < silenceStep; steps++) {
      const next = cells[slot + Cell.youngerOpen]!
      if (this.#isSilent(slot)) attempts.close(slot, 'silence')
      slot = next
    }
    this.#silenceCursor = slot
    if (slot !== none) this.#silenceGeneration = cells[slot + Cell.generation]!
  }

  #isSilent(slot: number): boolean {
    const { table, frame } = this.#attempts
    const silentMs = msBetween(table.cells[slot + Cell.lastTick]!, frame.words[Frame.tick]!)
    return silentMs >= silenceOf(table.streamOf(slot).config, this.#silenceMs)
  }
}

function silenceOf(config: FunctionConfig | null, silenceMs: number): number {
  const timeoutSeconds = config?.timeoutSeconds ?? null
  return timeoutSeconds === null ? silenceMs : timeoutSeconds * 1000 + silenceSlackMs
}
