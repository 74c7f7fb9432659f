// The ledger that a perfect reader would write (contract §5).

import { type Status, statuses } from '../model/attempt.ts'
import type { LedgerReport } from '../model/ledger.ts'
import { type Fate, Ledger } from '../model/ledger.ts'
import { type RecordKind, recordKinds } from '../model/record-kind.ts'

export class TruthLedger {
  readonly #ledger = new Ledger()

  receive(kind: RecordKind): void {
    this.#ledger.received += 1
    const index = recordKinds.indexOf(kind)
    this.#ledger.byKind[index] = (this.#ledger.byKind[index] ?? 0) + 1
  }

  fate(fate: Fate): void {
    this.#ledger[fate] += 1
  }

  attempt(status: Status): void {
    this.#ledger.attempts += 1
    const index = statuses.indexOf(status)
    this.#ledger.byStatus[index] = (this.#ledger.byStatus[index] ?? 0) + 1
  }

  report(): LedgerReport {
    return this.#ledger.report()
  }
}
