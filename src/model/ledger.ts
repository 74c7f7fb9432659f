// Conservation: every record that came in has exactly one fate (contract §5).

import { type Status, statuses } from './attempt.ts'
import { type RecordKind, recordKinds } from './record-kind.ts'

export const fates = ['attached', 'unattached', 'duplicate', 'ignored', 'deadLettered'] as const
export type Fate = (typeof fates)[number]

/** The ledger as it is written out. */
export interface LedgerReport {
  received: number
  attached: number
  unattached: number
  duplicate: number
  ignored: number
  deadLettered: number
  /** `received` less all fates. Anything but 0 is a bug in fcscope, never bad input. */
  unaccounted: number
  byKind: Record<RecordKind, number>
  attempts: number
  byStatus: Record<Status, number>
}

/** Counts of one run. `received` is counted where records come in, fates where they are decided: two hands, so that a gap shows. */
export class Ledger {
  received = 0
  attached = 0
  unattached = 0
  duplicate = 0
  ignored = 0
  deadLettered = 0
  attempts = 0
  readonly byKind = new Float64Array(recordKinds.length)
  readonly byStatus = new Float64Array(statuses.length)

  get unaccounted(): number {
    return this.received - this.attached - this.unattached - this.duplicate - this.ignored - this.deadLettered
  }

  /** Takes over the figures of another run. */
  load(report: LedgerReport): void {
    this.received = report.received
    this.attached = report.attached
    this.unattached = report.unattached
    this.duplicate = report.duplicate
    this.ignored = report.ignored
    this.deadLettered = report.deadLettered
    this.attempts = report.attempts
    for (const [index, kind] of recordKinds.entries()) this.byKind[index] = report.byKind[kind]
    for (const [index, status] of statuses.entries()) this.byStatus[index] = report.byStatus[status]
  }

  report(): LedgerReport {
    const { received, attached, unattached, duplicate, ignored, deadLettered, unaccounted, attempts } = this
    return {
      received,
      attached,
      unattached,
      duplicate,
      ignored,
      deadLettered,
      unaccounted,
      byKind: countsByName(recordKinds, this.byKind),
      attempts,
      byStatus: countsByName(statuses, this.byStatus),
    }
  }
}

function countsByName<K extends string>(names: readonly K[], counts: Float64Array): Record<K, number> {
  // Every name of the list is set below, which Object.fromEntries cannot tell the compiler.
  return Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0])) as Record<K, number>
}
