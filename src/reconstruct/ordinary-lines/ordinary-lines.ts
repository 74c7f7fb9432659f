// Hot path: runs the kernel that takes ordinary application lines; see ordinary-lines.wat for what it knows and must not know.

import type { LineCursor } from '../../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../../lib/linear-memory.ts'
import { none } from '../attempt-layout.ts'
import type { AttemptRoom } from '../attempt-room.ts'
import type { Attempts } from '../attempts.ts'
import type { StreamState } from '../stream-state.ts'
import { ordinaryLinesBase64 } from './ordinary-lines-bytes.ts'

interface KernelExports {
  take(
    line: number,
    lineCount: number,
    start: number,
    pair: number,
    pairCount: number,
    lineEnds: number,
    pairs: number,
    buckets: number,
    mask: number,
    seed: number,
    table: number,
    stream: number,
    result: number,
  ): number
}

/** The kernel, bound to one engine's attempts. */
export class OrdinaryLines {
  readonly #attempts: Attempts
  readonly #kernel: KernelExports
  readonly #resultAddress: number
  /** Start, pair and last record, as the kernel leaves them. Its exported globals would do, but each read of one is a call. */
  readonly #result: Int32Array

  constructor(options: { memory: LinearMemory; room: AttemptRoom; attempts: Attempts }) {
    const { memory, room } = options
    this.#attempts = options.attempts
    this.#resultAddress = room.resultAddress
    this.#result = new Int32Array(memory.memory.buffer, room.resultAddress, 3)
    const module = new WebAssembly.Module(Buffer.from(ordinaryLinesBase64, 'base64'))
    const { exports } = new WebAssembly.Instance(module, { ordinary: { memory: memory.memory } })
    // The exports' types are those of ordinary-lines.wat, which the compiler cannot see.
    this.#kernel = exports as unknown as KernelExports
  }

  /**
   * Takes lines from the cursor on and moves it to the first line that is not ordinary. Returns how many were taken. The lines
   * must be valid UTF-8 and not too long.
   */
  take(scanner: LineScanner, cursor: LineCursor, stream: StreamState): number {
    const { ids, table } = this.#attempts
    const kernel = this.#kernel
    const from = cursor.line
    cursor.line = kernel.take(
      from,
      scanner.lineCount,
      cursor.start,
      cursor.pair,
      scanner.pairCount,
      scanner.lineEndsAddress,
      scanner.pairsAddress,
      ids.index.address,
      ids.index.mask,
      ids.seed,
      table.address,
      stream.number,
      this.#resultAddress,
    )
    cursor.start = this.#result[0]!
    cursor.pair = this.#result[1]!
    const taken = cursor.line - from
    if (taken === 0) return 0
    const last = this.#result[2]!
    stream.lastLine.set(table.cells, last < 0 ? none : (last - table.address) >> 2)
    stream.lastWasMarker = false
    return taken
  }
}
