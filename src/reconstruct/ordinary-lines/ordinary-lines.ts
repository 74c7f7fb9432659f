// Hot path: runs the kernel that takes ordinary application lines; see ordinary-lines.wat for what it knows and must not know.
import type { LinearMemory } from '../../lib/linear-memory.ts'
import type { LineScanner } from '../../lib/line-scan/line-scanner.ts'
import { none } from '../attempt-table.ts'
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
  ): number
  readonly start: { readonly value: number }
  readonly pair: { readonly value: number }
  readonly last: { readonly value: number }
}

/** Where a run over a chunk's lines stands. */
export interface LineCursor {
  /** Index of the next line, and where it begins. */
  line: number
  start: number
  /** Index of the first `FC` that is not before the next line. */
  pair: number
}

/** The kernel, bound to one engine's attempts. */
export class OrdinaryLines {
  readonly #attempts: Attempts
  readonly #kernel: KernelExports

  constructor(memory: LinearMemory, attempts: Attempts) {
    this.#attempts = attempts
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
      ids.address,
      ids.mask,
      ids.seed,
      table.address,
      stream.number,
    )
    cursor.start = kernel.start.value
    cursor.pair = kernel.pair.value
    const taken = cursor.line - from
    if (taken === 0) return 0
    const last = kernel.last.value
    stream.lastLine.set(table, last < 0 ? none : (last - table.address) >> 2)
    stream.lastWasMarker = false
    return taken
  }
}
