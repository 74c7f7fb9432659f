// Lines without an id that came while several attempts were open on an instance. Nobody may guess whose they are; but a
// metrics row may show later that all but one had ended (an End that was lost), and rows come when they come.
import type { ErrorSignal } from '../model/attempt-signals.ts'
import type { LinePlace } from '../model/line-owner.ts'
import { Cell, countCells, none, State } from './attempt-layout.ts'
import { maxSignals } from './attempt-notes.ts'
import { loadReference, type SavedReference, SlotReference } from './slot-reference.ts'
import { joinTraceParents } from './trace-parents.ts'

/** More open attempts than this are not weighed against each other. */
export const maxCandidates = 8
const maxGroups = 256
/** Lines of one group whose places are remembered; what comes later is counted, but stays without an owner where it is kept. */
const maxPlaces = 256
const nothing: readonly PendingGroup[] = []

/** Lines that share the same candidates and the same time. */
export interface PendingGroup {
  readonly candidates: readonly SlotReference[]
  /** Record time of the lines; they came then, or, where it is known to the second only, later in that second. */
  readonly fromMs: number
  /** Counts in the table's column order: lines, lines after the End (always 0), levels. */
  readonly counts: Int32Array
  /** Errors that the lines spelled out, at most `maxSignals`. */
  readonly errors: ErrorSignal[]
  /** See `joinTraceParents`. */
  traceParent: string | null
  /** Where the lines stand, for whoever keeps them. */
  readonly places: LinePlace[]
  /** The owner that whoever keeps them heard of last. */
  readonly told: SlotReference
}

/** A {@link PendingGroup} in a snapshot. */
export interface SavedGroup {
  readonly candidates: readonly SavedReference[]
  readonly fromMs: number
  readonly counts: Int32Array
  readonly errors: readonly ErrorSignal[]
  readonly traceParent: string | null
  readonly places: readonly LinePlace[]
  readonly told: SavedReference
}

/** The undecided lines of one stream, oldest first. */
export class PendingLines {
  readonly #groups: PendingGroup[] = []
  /** `openVersion` of the newest group: while it stays, the candidates are the same. */
  #newestVersion = -1

  save(): readonly SavedGroup[] {
    return this.#groups.map(({ candidates, errors, places, told, ...plain }) => ({
      ...plain,
      candidates: candidates.map(candidate => candidate.save()),
      errors: [...errors],
      places: [...places],
      told: told.save(),
    }))
  }

  static load(groups: readonly SavedGroup[]): PendingLines {
    const lines = new PendingLines()
    for (const { candidates, errors, places, told, ...plain } of groups) {
      lines.#groups.push({
        ...plain,
        candidates: candidates.map(loadReference),
        errors: [...errors],
        places: [...places],
        told: loadReference(told),
      })
    }
    return lines
  }

  /**
   * Counts one line; true when its place is remembered. `slots` lists the open attempts and is asked only when they have changed
   * since the last line.
   */
  add(options: {
    cells: Int32Array
    version: number
    slots: () => readonly number[]
    fromMs: number
    level: number
    error: ErrorSignal | null
    traceParent: string | null
    place: LinePlace | null
  }): boolean {
    let group = this.#groups.at(-1)
    if (group === undefined || this.#newestVersion !== options.version || group.fromMs !== options.fromMs) {
      const slots = options.slots()

      group = {
        candidates: slots.map(slot => markCandidate(options.cells, slot)),
        fromMs: options.fromMs,
        counts: new Int32Array(countCells),
        errors: [],
        traceParent: null,
        places: [],
        told: new SlotReference(),
      }
      this.#groups.push(group)
      this.#newestVersion = options.version
      if (this.#groups.length > maxGroups) this.#groups.shift()
    }
    group.counts[0]!++
    group.counts[2 + options.level]!++
    if (options.error !== null && group.errors.length < maxSignals) group.errors.push(options.error)
    group.traceParent = joinTraceParents(group.traceParent, options.traceParent)
    if (options.place === null || group.places.length >= maxPlaces) return false
    group.places.push(options.place)
    return true
  }

  /** The groups that may belong to `slot`, which stay. */
  of(cells: Int32Array, slot: number): readonly PendingGroup[] {
    if ((cells[slot + Cell.state]! & State.candidate) === 0) return nothing
    return this.#groups.filter(group => group.candidates.some(candidate => candidate.get(cells) === slot))
  }

  get groups(): readonly PendingGroup[] {
    return this.#groups
  }

  /** Takes out the groups that may belong to `slot`. There are many, and most attempts are in none: those do not look. */
  takeFor(cells: Int32Array, slot: number): readonly PendingGroup[] {
    if ((cells[slot + Cell.state]! & State.candidate) === 0) return nothing
    const taken: PendingGroup[] = []
    for (let at = this.#groups.length - 1; at >= 0; at--) {
      const group = this.#groups[at]!
      if (!group.candidates.some(candidate => candidate.get(cells) === slot)) continue
      taken.push(group)
      this.#groups.splice(at, 1)
      if (at === this.#groups.length) this.#newestVersion = none
    }
    return taken
  }
}

function markCandidate(cells: Int32Array, slot: number): SlotReference {
  cells[slot + Cell.state]! |= State.candidate
  const reference = new SlotReference()
  reference.set(cells, slot)
  return reference
}
