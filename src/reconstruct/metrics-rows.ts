// Takes request metrics rows in. A row waits in a slot of its own until its request is settled, so that the result
// does not depend on whether it came before or after the lines (contract §4 rule 10).

import type { RecordOrigin } from '../model/record-origin.ts'
import type { RequestMetricsRow } from '../model/request-metrics-row.ts'
import { Cell, maxSameIdSteps, none, State, slotShift } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { FateCode } from './fate-code.ts'
import { MetricsFacts } from './metrics-facts.ts'
import { rememberFailedRow, type StartFailures } from './start-failures.ts'
import type { StreamState } from './stream-state.ts'
import { touchRivals } from './touch-rivals.ts'

/** HTTP statuses from here on are errors. */
const firstErrorStatus = 400

/** Gives metrics rows to requests. */
export class MetricsRows {
  readonly #attempts: Attempts
  readonly #startFailures: StartFailures

  constructor(attempts: Attempts, startFailures: StartFailures) {
    this.#attempts = attempts
    this.#startFailures = startFailures
  }

  /** Keeps one row; the same row again is a duplicate. */
  accept(row: RequestMetricsRow, stream: StreamState, origin: RecordOrigin): FateCode {
    const attempts = this.#attempts
    const table = attempts.table
    const facts = new MetricsFacts(row)
    const named = attempts.ids.packText(row.requestId)
    const head = named ? attempts.ids.find() : none
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = table.cells[slot + Cell.nextSame]!, steps++
    ) {
      if (table.streamOf(slot) !== stream) continue
      if (table.facts[slot >> slotShift]?.isSameExecution(facts)) return FateCode.duplicate
    }
    const slot = named ? attempts.add(stream, origin, head) : attempts.addNameless(stream, origin)
    table.cells[slot + Cell.state] = State.metricsRow
    table.facts[slot >> slotShift] = facts
    if (facts.hasFunctionError !== false || facts.statusCode >= firstErrorStatus) {
      this.#startFailures.touchRows(stream)
      rememberFailedRow(table.cells, slot, stream)
    }
    attempts.addClosed(slot)
    for (
      let other = head, steps = 0;
      other !== none && steps < maxSameIdSteps;
      other = table.cells[other + Cell.nextSame]!, steps++
    ) {
      if (table.streamOf(other) === stream) touchRivals(attempts, other)
    }
    return FateCode.attached
  }
}
