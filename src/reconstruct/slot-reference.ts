// A reference to an attempt that may be given out before the reference is used.
import { type AttemptTable, Cell, none } from './attempt-table.ts'

/** Slot and generation; reads as {@link none} once the slot has been given back. */
export class SlotReference {
  #slot = none
  #generation = 0

  set(table: AttemptTable, slot: number): void {
    this.#slot = slot
    if (slot !== none) this.#generation = table.cells[slot + Cell.generation]!
  }

  clear(): void {
    this.#slot = none
  }

  get(table: AttemptTable): number {
    const slot = this.#slot
    return slot !== none && table.cells[slot + Cell.generation] === this.#generation ? slot : none
  }
}
