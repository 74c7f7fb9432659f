// Keeps lines out of a batch that the store has already, until what is read is past it: for a worker whose state was lost, and for
// partitions that came from another worker.
import type { LineBlock } from '../model/line-block.ts'
import type { StoreConnection } from '../model/store-connection.ts'
import { keepRows } from '../sinks/clickhouse/keep-rows.ts'
import { lastPositions, storedPositions } from '../store/known-streams.ts'

/** Knows how far each stream was stored. */
export class StoredLines {
  readonly #store: StoreConnection
  /** Last position with a line in the store, by stream; streams that are past it are taken out. */
  readonly #last: Map<string, number>
  /** Streams that are past it with the batch at hand. */
  #past: string[] = []
  /** Streams of which the store was not asked yet. */
  readonly #expected = new Set<string>()
  /** Called once, when all that was stored of a lost state is behind. */
  #onDone: (() => void) | null

  /** `last`: of streams that are known to be stored. `onDone`: null where no state was lost. */
  constructor(store: StoreConnection, last: Map<string, number>, onDone: (() => void) | null) {
    this.#store = store
    this.#last = last
    this.#onDone = onDone
  }

  /** Lines of these streams may be in the store: it is asked before the next batch is written. */
  expect(streamIds: readonly string[]): void {
    for (const id of streamIds) this.#expected.add(id)
  }

  /** True while something that is read may be stored already. */
  get isExpecting(): boolean {
    return this.#last.size > 0 || this.#expected.size > 0
  }

  /** The batch at hand is committed; until then it may be asked about again. */
  committed(): void {
    for (const id of this.#past) this.#last.delete(id)
    this.#past = []
    if (this.isExpecting) return
    this.#onDone?.()
    this.#onDone = null
  }

  /** The block without the lines that are stored. */
  async withoutStored(block: LineBlock): Promise<LineBlock> {
    await this.#ask()
    if (this.#last.size === 0) return block
    const suspects = this.#suspects(block)
    if (suspects === null) return block
    const { streamIds, from, to } = suspects
    const stored = await storedPositions(this.#store, { streamIds, from, to })
    const keep = new Uint8Array(block.rows).fill(1)
    const view = viewOf(block)
    for (let row = 0; row < block.rows; row++) {
      const { id } = block.streams[view.streamIndex(row)]!
      if (stored.get(id)?.has(view.position(row)) === true) keep[row] = 0
    }
    return keepRows(block, keep)
  }

  async #ask(): Promise<void> {
    if (this.#expected.size === 0) return
    const ids = [...this.#expected]
    for (const [id, last] of await lastPositions(this.#store, ids)) this.#last.set(id, last)
    for (const id of ids) this.#expected.delete(id)
  }

  /** Streams and range of the rows that may be stored; null when there are none. */
  #suspects(block: LineBlock): { streamIds: string[]; from: number; to: number } | null {
    const view = viewOf(block)
    const streamIds = new Set<string>()
    const ends = new Map<string, number>()
    let from = Number.POSITIVE_INFINITY
    let to = 0
    for (let row = 0; row < block.rows; row++) {
      const { id } = block.streams[view.streamIndex(row)]!
      const last = this.#last.get(id)
      if (last === undefined) continue
      const position = view.position(row)
      ends.set(id, Math.max(position, ends.get(id) ?? 0))
      if (position > last) continue
      streamIds.add(id)
      from = Math.min(from, position)
      to = Math.max(to, position + 1)
    }
    this.#past = [...ends].filter(([id, end]) => end > (this.#last.get(id) ?? 0)).map(([id]) => id)
    return streamIds.size === 0 ? null : { streamIds: [...streamIds], from, to }
  }
}

function viewOf(block: LineBlock): { streamIndex(row: number): number; position(row: number): number } {
  const { streamIndices, positions } = block
  const indices = new DataView(streamIndices.buffer, streamIndices.byteOffset, streamIndices.byteLength)
  const numbers = new DataView(positions.buffer, positions.byteOffset, positions.byteLength)
  return {
    streamIndex: row => indices.getUint16(row * 2, true),
    position: row => numbers.getUint32(row * 8, true) + numbers.getUint32(row * 8 + 4, true) * 0x1_0000_0000,
  }
}
