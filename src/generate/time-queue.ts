// A binary heap of things that happen at a time; those of the same time come out in the order in which they went in.

export interface Timed {
  sortMs: number
  order: number
}

export class TimeQueue<T extends Timed> {
  readonly #heap: T[] = []
  #order = 0

  get size(): number {
    return this.#heap.length
  }

  push(item: T): void {
    item.order = this.#order
    this.#order += 1
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || !before(item, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = item
  }

  pop(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    this.#sink(last)
    return first
  }

  #sink(item: T): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      if (left === undefined) break
      const right = heap[2 * at + 2]
      const takeRight = right !== undefined && before(right, left)
      const child = takeRight ? right : left
      if (!before(child, item)) break
      heap[at] = child
      at = 2 * at + (takeRight ? 2 : 1)
    }
    heap[at] = item
  }
}

const before = (a: Timed, b: Timed): boolean => a.sortMs < b.sortMs || (a.sortMs === b.sortMs && a.order < b.order)
