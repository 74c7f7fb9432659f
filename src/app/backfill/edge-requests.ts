// Which requests were met first beside the range. Attempts of which only lines are known have no time of their own; they belong
// where their first line is.
import { hashBytes } from '../../lib/hash-bytes.ts'
import type { LineBlock } from '../../model/line-block.ts'
import { LineColumnsView, textsOf } from './line-columns-view.ts'
import type { RangePart } from './range-parts.ts'

/** Requests beside the range that are told from others; a margin is short. */
const maxBeside = 1_000_000
/** Requests within the range that are remembered: those of its end count. */
const maxWithin = 262_144

export class EdgeRequests {
  readonly #beside = new Set<number>()
  #within = new Set<number>()
  #withinBefore = new Set<number>()

  /** True when requests beside the range may have been missed: then nobody knows of any. */
  get isFull(): boolean {
    return this.#beside.size >= maxBeside
  }

  /** To be called with all lines, in their order. */
  see(block: LineBlock, partOf: (streamId: string) => RangePart): void {
    const view = new LineColumnsView(block)
    const parts = block.streams.map(({ id }) => partOf(id))
    let row = 0
    for (const id of textsOf(block.requestIds)) {
      if (id.length > 0) this.#meet(keyOf(id), parts[view.streamIndex(row)]!)
      row += 1
    }
  }

  /** The request's first line came before the range, or behind it. */
  isBeside(requestId: string): boolean {
    return this.#beside.has(keyOf(Buffer.from(requestId)))
  }

  #meet(key: number, part: RangePart): void {
    if (this.#beside.has(key) || this.#within.has(key) || this.#withinBefore.has(key)) return
    if (part !== 'within') {
      if (!this.isFull) this.#beside.add(key)
      return
    }
    if (this.#within.size >= maxWithin) {
      this.#withinBefore = this.#within
      this.#within = new Set()
    }
    this.#within.add(key)
  }
}

/** 53 bits. */
function keyOf(id: Uint8Array): number {
  const [high, low] = hashBytes(id, id.length)
  return (high >>> 0) * 0x20_0000 + (low >>> 11)
}
