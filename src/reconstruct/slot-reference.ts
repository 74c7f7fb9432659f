// A reference to an attempt that may be given out before the reference is used.
import { Cell, none } from './attempt-layout.ts'

/** A {@link SlotReference} in a snapshot: slot and generation. */
export type SavedReference = readonly [number, number]

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

  /** As two numbers, for a snapshot. */
  save(): SavedReference {
    return [this.#slot, this.#generation]
  }

  load([slot, generation]: SavedReference): void {
    this.#slot = slot
    this.#generation = generation
  }

  get(cells: Int32Array): number {
    const slot = this.#slot
    return slot !== none && cells[slot + Cell.generation] === this.#generation ? slot : none
  }
}

/** A reference of a snapshot. */
export function loadReference(saved: SavedReference): SlotReference {
  const reference = new SlotReference()
  reference.load(saved)
  return reference
}
