// A reference to an attempt that may be given out before the reference is used.
import { Cell, none } from './attempt-layout.ts'

/** Slot and generation; reads as {@link none} once the slot has been given back. `cells` are those of the attempts' table. */
export class SlotReference {
  #slot: number = none
  #generation = 0

  set(cells: Int32Array, slot: number): void {
    this.#slot = slot
    if (slot !== none) this.#generation = cells[slot + Cell.generation]!
  }

  clear(): void {
    this.#slot = none
  }

  get(cells: Int32Array): number {
    const slot = this.#slot
    return slot !== none && cells[slot + Cell.generation] === this.#generation ? slot : none
  }
}
