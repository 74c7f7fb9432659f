// Gives attempts out while something may still change them: soon after they were closed, and again after every change. Nothing
// is decided for good here; what is given out twice is told apart by whoever takes it.

import { phases } from '../model/record-kind.ts'
import { Cell, none, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { Frame, msBetween } from './engine-frame.ts'
import type { Fusion } from './fusion.ts'
import type { PendingDecisions } from './pending-decisions.ts'
import type { GroupMember, RequestGroup } from './request-group.ts'
import type { Settling } from './settling.ts'
import type { StartFailures } from './start-failures.ts'
import { Trial } from './trial.ts'

/** Only invocations are retried; hooks of one id are calls of their own. */
const invoke = 0

/** Slots that were touched until a tick, each with its generation. */
interface TouchedSlots {
  readonly tick: number
  readonly slots: readonly number[]
}

/** What is waiting to be published, in a snapshot. */
export interface SavedPublishing {
  readonly touched: readonly TouchedSlots[]
  readonly held: readonly (readonly [number, number])[]
}

/** What publishing is made of. Times are ms. */
export interface PublishingParts {
  readonly attempts: Attempts
  readonly fusion: Fusion
  readonly group: RequestGroup
  readonly settling: Settling
  readonly startFailures: StartFailures
  readonly pending: PendingDecisions
  /** So long after it was closed or changed an attempt is given out. */
  readonly settleAfterMs: number
  /** So long a row waits for the End of an attempt that is open; then the row closes it (rule 3). */
  readonly rowWaitMs: number
}

/** Publishes attempts. */
export class Publishing {
  readonly #parts: PublishingParts
  readonly #attempts: Attempts
  readonly #trial: Trial
  #touched: TouchedSlots[] = []
  /** Rows that wait for an open attempt, with the generations of their slots, in the order of coming. */
  readonly #held = new Map<number, number>()

  constructor(parts: PublishingParts) {
    this.#parts = parts
    this.#attempts = parts.attempts
    this.#trial = new Trial(parts.attempts)
  }

  /** True when something is yet to be published. */
  get hasWaiting(): boolean {
    return this.hasClosed || this.#held.size > 0
  }

  /** True when something that is over, or has changed since, is yet to be published. */
  get hasClosed(): boolean {
    const { nextToPublish, touched } = this.#attempts
    return nextToPublish !== none || touched.length > 0 || this.#touched.length > 0
  }

  save(): SavedPublishing {
    return { touched: this.#touched, held: [...this.#held] }
  }

  load(saved: SavedPublishing): void {
    this.#touched = [...saved.touched]
    for (const [row, generation] of saved.held) this.#held.set(row, generation)
  }

  get #tick(): number {
    return this.#attempts.frame.words[Frame.tick]!
  }

  /** Publishes what was closed or changed long enough before the tick of the frame. */
  publishDue(): void {
    this.#provisionally(() => {
      this.#closeByHeldRows()
      this.#publishClosed()
      this.#publishTouched()
    })
  }

  /** Publishes everything that was closed or changed, however short the time since. */
  publishClosed(): void {
    this.#provisionally(() => {
      this.#closeByHeldRows()
      this.#publishClosed(0)
      this.#publishTouched(0)
    })
  }

  /**
   * Publishes what the records alone have closed, and nothing that time decides or that has changed: what is left comes with the next
   * {@link publishClosed}.
   */
  publishEnded(): void {
    this.#provisionally(() => this.#publishClosed(0))
  }

  #provisionally(publish: () => void): void {
    const { fusion } = this.#parts
    fusion.isFinal = false
    try {
      publish()
    } finally {
      fusion.isFinal = true
    }
  }

  #publishClosed(settleAfterMs = this.#parts.settleAfterMs): void {
    const { cells } = this.#attempts.table
    for (let slot = this.#attempts.nextToPublish; slot !== none; slot = this.#attempts.nextToPublish) {
      if (msBetween(cells[slot + Cell.closedTick]!, this.#tick) < settleAfterMs) break
      this.#attempts.lastPublished = slot
      if (!this.#isPublished(slot)) this.#publish(slot)
    }
  }

  /** Publishes every attempt as it is, as if the input ended here: open ones stay open. Pending decisions are taken for good. */
  publishAll(): void {
    const { frame, ids } = this.#attempts
    const open = this.#listed(this.#attempts.oldestOpen, Cell.youngerOpen)
    const closed = this.#listed(this.#attempts.oldestClosed, Cell.nextClosed)
    for (const { slot } of [...closed, ...open]) this.#parts.settling.prepare(slot)
    this.#parts.fusion.isFinal = false
    const heads = new Set<number>()
    for (const { slot } of open) {
      const head = ids.headOf(slot)
      if (heads.has(head)) continue
      heads.add(head)
      this.#publishRequest(head, true)
    }
    for (const { slot, generation } of closed) {
      if (!this.#isStill(slot, generation)) continue
      if (!this.#isPublished(slot) || this.#isMaybeCopy(slot)) this.#publishRequest(ids.headOf(slot), true)
    }
    this.#parts.fusion.isFinal = true
    this.#attempts.lastPublished = frame.words[Frame.youngestClosed]!
    this.#attempts.touched.length = 0
    this.#touched = []
    this.#held.clear()
  }

  /** A list of attempts by its links, at rest: giving out may change the list. */
  #listed(first: number, link: number): { readonly slot: number; readonly generation: number }[] {
    const { cells } = this.#attempts.table
    const slots = []
    for (let slot = first; slot !== none; slot = cells[slot + link]!)
      slots.push({ slot, generation: cells[slot + Cell.generation]! })
    return slots
  }

  #isStill(slot: number, generation: number): boolean {
    return this.#attempts.table.cells[slot + Cell.generation] === generation
  }

  #isPublished(slot: number): boolean {
    return (this.#attempts.table.cells[slot + Cell.state]! & State.published) !== 0
  }

  /** What was taken for a copy so far is one for good at the end. */
  #isMaybeCopy(slot: number): boolean {
    return (this.#attempts.table.cells[slot + Cell.state]! & State.maybeCopy) !== 0
  }

  #publishTouched(settleAfterMs = this.#parts.settleAfterMs): void {
    const { touched } = this.#attempts
    if (touched.length > 0) this.#touched.push({ tick: this.#tick, slots: touched.splice(0) })
    const due = this.#touched.findIndex(({ tick }) => msBetween(tick, this.#tick) < settleAfterMs)
    const batches = this.#touched.splice(0, due < 0 ? this.#touched.length : due)
    for (const { slots } of batches) {
      for (let at = 0; at < slots.length; at += 2) {
        const slot = slots[at]!
        if (this.#isStill(slot, slots[at + 1]!) && !this.#isPublished(slot)) this.#publish(slot)
      }
    }
  }

  /** The usual attempt is the only one of its request, and nothing is undecided about it. */
  #publish(slot: number): void {
    const { table, ids } = this.#attempts
    const { cells } = table
    const state = cells[slot + Cell.state]!
    const isAlone = cells[slot + Cell.nextSame] === none && cells[slot + Cell.previousSame] === none
    if (!isAlone || (state & (State.maybeCopy | State.metricsRow)) !== 0) {
      const head = ids.headOf(slot)
      if (!this.#publishPair(head)) this.#publishRequest(head, false)
      return
    }
    const retried = (state & State.retried) !== 0
    this.#parts.pending.lend(slot, this.#trial)
    this.#parts.fusion.giveOne({ slot, row: none, attempt: cells[slot + Cell.givenOut]!, retried })
    this.#trial.undo()
    cells[slot + Cell.state]! |= State.published
  }

  /** The usual request with metrics: one attempt that is over, and its row. False when it is anything else. */
  #publishPair(head: number): boolean {
    const { settling, startFailures, pending, fusion } = this.#parts
    const pair = settling.pairOf(head)
    if (pair === null) return false
    const { table } = this.#attempts
    const { row, slot } = pair
    if (startFailures.wouldTake(row, table.streamOf(row)).length > 0) return false
    pending.lend(slot, this.#trial)
    fusion.giveOne(pair)
    this.#trial.undo()
    table.cells[slot + Cell.state]! |= State.published
    table.cells[row + Cell.state]! |= State.published
    return true
  }

  /** `atEnd`: open attempts are given out, too, and what copies are is decided for good. */
  #publishRequest(head: number, atEnd: boolean): void {
    const { cells } = this.#attempts.table
    const slots: number[][] = phases.map(() => [])
    const open = new Set<number>()
    for (let slot = head; slot !== none; slot = cells[slot + Cell.nextSame]!) {
      if (this.#attempts.isOpen(slot)) open.add(slot)
      if (atEnd || !open.has(slot)) slots[cells[slot + Cell.state]! & State.phase]!.push(slot)
    }
    if (atEnd) for (const slot of open) this.#tryClosing(slot)
    for (const phase of phases.keys()) this.#publishPhase(phase, slots[phase]!, open, atEnd)
    this.#trial.undo()
  }

  #tryClosing(slot: number): void {
    this.#trial.save(slot)
    this.#trial.close(slot, 'eof')
  }

  #publishPhase(phase: number, slots: readonly number[], open: ReadonlySet<number>, atEnd: boolean): void {
    if (slots.length === 0) return
    const { fusion, group, pending } = this.#parts
    const { cells } = this.#attempts.table
    if (!atEnd) for (const slot of slots) pending.lend(slot, this.#trial)
    const before = Math.max(...slots.map(slot => cells[slot + Cell.givenOut]!))
    const isOfPhase = (slot: number): boolean => (cells[slot + Cell.state]! & State.phase) === phase
    const elsewhere = atEnd ? 0 : [...open].filter(isOfPhase).length
    const members = group.arrange(slots, before)
    for (const member of members) this.#fold(member, open, atEnd)
    const retried = phase === invoke && members.length + elsewhere + before > 1
    const isHeld = ({ slot, row }: GroupMember): boolean =>
      slot === none && phase === invoke && elsewhere > 0 && !this.#hasWaited(row)
    for (const { row } of members.filter(isHeld)) this.#held.set(row, cells[row + Cell.generation]!)
    const given = members.filter(member => !isHeld(member))
    fusion.giveGroup(given, retried)
    for (const slot of given.flatMap(({ slot, row, copies }) => [slot, row, ...copies])) {
      if (slot !== none && !open.has(slot)) this.#markPublished(slot)
    }
  }

  /** A trial puts the state back as it was when the slot was saved: what is saved must be marked behind it. */
  #markPublished(slot: number): void {
    this.#trial.keepState(slot, State.published)
    this.#attempts.table.cells[slot + Cell.state]! |= State.published
  }

  /** What is folded for good at the end is only tried before: a row may come that shows that a copy was none. */
  #fold(member: GroupMember, open: ReadonlySet<number>, atEnd: boolean): void {
    const { group, startFailures } = this.#parts
    if (member.copies.length > 0) {
      const forGood = atEnd && !open.has(member.slot) && !member.copies.some(copy => open.has(copy))
      if (!forGood) this.#trial.save(member.slot)
      group.fold(member)
      if (forGood) group.dropCopies(member)
    }
    if (!atEnd && member.row !== none) startFailures.lend(member.row, this.#trial)
  }

  /** Rows that waited long enough close the attempts that lost their End, and both are given out. */
  #closeByHeldRows(): void {
    const { ids } = this.#attempts
    for (const [row, generation] of this.#held) {
      const isThere = this.#isStill(row, generation)
      if (isThere && !this.#hasWaited(row)) return
      this.#held.delete(row)
      if (!isThere) continue
      const head = ids.headOf(row)
      this.#parts.group.closeByRows(head)
      this.#publishRequest(head, false)
    }
  }

  /** A row that waited for so long waits no more, whatever is open. */
  #hasWaited(row: number): boolean {
    return msBetween(this.#attempts.table.cells[row + Cell.closedTick]!, this.#tick) >= this.#parts.rowWaitMs
  }
}
