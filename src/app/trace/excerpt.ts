// Collects lines in bounded memory, and gives the first and the last ones.
import type { LineExcerpt, TraceLine } from '../../model/post-mortem.ts'

/** Where a line belongs among others. */
export interface LineOrder {
  readonly timeMs: number
  readonly streamId: string
  readonly position: number
}

interface Kept {
  readonly order: LineOrder
  readonly line: TraceLine
}

/** Of more lines the middle is dropped: files come in the order of time, or nearly. */
const maxKept = 40_000

export class Excerpt {
  readonly #first: Kept[] = []
  #last: Kept[] = []
  #total = 0

  add(order: LineOrder, line: TraceLine): void {
    this.#total += 1
    const kept = { order, line }
    if (this.#first.length < maxKept / 2) {
      this.#first.push(kept)
      return
    }
    this.#last.push(kept)
    if (this.#last.length >= maxKept) this.#last = this.#last.slice(-maxKept / 2)
  }

  /** Takes a line out that turned out to belong elsewhere. */
  drop(streamId: string, position: number): void {
    for (const list of [this.#first, this.#last]) {
      const at = list.findIndex(({ order }) => order.position === position && order.streamId === streamId)
      if (at === -1) continue
      list.splice(at, 1)
      this.#total -= 1
    }
  }

  /** `lines`: so many at the beginning and at the end. In the order of the stream when there is one, else by time. */
  build(lines: number): LineExcerpt {
    const kept = [...this.#first, ...this.#last]
    const isOneStream = new Set(kept.map(({ order }) => order.streamId)).size === 1
    const sorted = kept.toSorted(
      ({ order: a }, { order: b }) => (isOneStream ? 0 : a.timeMs - b.timeMs) || byPlace(a, b),
    )
    const first = sorted.slice(0, lines).map(({ line }) => line)
    const last = sorted.slice(Math.max(lines, sorted.length - lines)).map(({ line }) => line)
    return { total: this.#total, leftOut: this.#total - first.length - last.length, first, last }
  }
}

const byPlace = (a: LineOrder, b: LineOrder): number =>
  a.streamId === b.streamId ? a.position - b.position : a.streamId < b.streamId ? -1 : 1
