// Where an attempt without a request id stood: what stands in for the id.
import { Cell, Figure, State, slotShift } from './attempt-layout.ts'
import type { AttemptTable } from './attempt-table.ts'

/**
 * Instance, input, start and number of an attempt (or a row) without a request id, as one text: nothing in it depends on how
 * streams were merged.
 */
export function namelessPosition(table: AttemptTable, slot: number): string {
  const notes = table.notes[slot >> slotShift]
  const facts = (table.cells[slot + Cell.state]! & State.metricsRow) === 0 ? undefined : table.facts[slot >> slotShift]
  const instanceID = table.originOf(slot).instanceID ?? notes?.instanceID ?? ''
  const startMs = facts === undefined ? table.figures[(slot >> 1) + Figure.startMs]! : facts.startMs
  return `${instanceID}|${notes?.streamKey ?? ''}|${Number.isNaN(startMs) ? '' : startMs}|${table.cells[slot + Cell.sameCount]}`
}
