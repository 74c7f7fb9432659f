// Counts equal lines as they come, over the batches of a run: with that, a line that the store has once and the run has twice goes
// in once.
import { hashBytes } from '../../lib/hash-bytes.ts'
import type { LineBlock } from '../../model/line-block.ts'
import { LineColumnsView, textsOf } from './line-columns-view.ts'

/** Equal lines have one time, and rows come in order of time: those of seconds ago can be forgotten. */
const defaultMaxLines = 262_144

export class LineCopies {
  readonly #maxLines: number
  #young = new Map<number, number>()
  /** What was young before that was full. */
  #old = new Map<number, number>()

  constructor(maxLines = defaultMaxLines) {
    this.#maxLines = maxLines
  }

  /** For each line of the block the how-manieth it is of its equals: same function, instance, time and text. */
  count(block: LineBlock): Uint32Array<ArrayBuffer> {
    const view = new LineColumnsView(block)
    const origins = block.origins.map(({ functionName, instanceID }) => hashOf(`${functionName}\n${instanceID}`))
    const copies = new Uint32Array(block.rows)
    let row = 0
    for (const body of textsOf(block.bodies)) {
      const [high, low] = hashBytes(body, body.length)
      const origin = origins[view.originIndex(row)]!
      copies[row] = this.#next(mix([high, low], origin, view.timeMs(row)))
      row += 1
    }
    return copies
  }

  #next(key: number): number {
    const count = (this.#young.get(key) ?? this.#old.get(key) ?? 0) + 1
    if (this.#young.size >= this.#maxLines) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, count)
    return count
  }
}

function hashOf(text: string): readonly [number, number] {
  const bytes = Buffer.from(text)
  return hashBytes(bytes, bytes.length)
}

/** 53 bits, which a number holds. */
function mix([high, low]: readonly [number, number], origin: readonly [number, number], timeMs: number): number {
  const seconds = Math.floor(timeMs / 1000)
  const upper = Math.imul(high ^ origin[0] ^ Math.imul(seconds, 0x9e3779b1), 0x85ebca6b)
  const lower = Math.imul(low ^ origin[1] ^ Math.imul(timeMs - seconds * 1000, 0xc2b2ae35) ^ (upper >>> 13), 0x27d4eb2f)
  return ((upper ^ (lower >>> 15)) >>> 0) * 0x20_0000 + ((lower ^ (lower >>> 16)) >>> 11)
}
