// Hot path: finds where lines end, and where a lifecycle marker or a `traceparent` might stand, in a window of bytes.
// The window lives in memory that the kernel shares, so that input is read straight into it and nothing is copied for the scan.
import { instantiateKernel } from '../kernel.ts'
import type { LinearMemory } from '../linear-memory.ts'
import { lineScanBase64 } from './line-scan-bytes.ts'

/** The kernel reads 16 bytes at a time, and three more to look at what follows a byte. */
const slackBytes = 32

interface ScanExports {
  scan(from: number, to: number, lines: number, pairs: number): number
  readonly pairs: { readonly value: number }
}

/** A window of bytes and a scan over part of it. */
export class LineScanner {
  /** The window; it begins at address 0, so that positions in it are addresses, too. */
  readonly bytes: Buffer
  /** Positions of `\n` found by the last scan, ascending; `lineCount` of them are valid. */
  readonly lineEnds: Uint32Array
  /** Positions of `FC`, and of `cepa` as in `traceparent`, found by the last scan, ascending; `pairCount` of them are valid. */
  readonly pairs: Uint32Array
  readonly lineEndsAddress: number
  readonly pairsAddress: number
  lineCount = 0
  pairCount = 0
  readonly #kernel: ScanExports
  readonly #behind = Buffer.alloc(slackBytes)
  readonly #windowBytes: number
  readonly #scanBytes: number

  /** Uses what {@link ScanWindow} reserved. */
  constructor(memory: LinearMemory, window: ScanWindow) {
    const { buffer } = memory.memory
    this.#windowBytes = window.windowBytes
    this.#scanBytes = window.scanBytes
    this.lineEndsAddress = window.lineEndsAddress
    this.pairsAddress = window.pairsAddress
    this.bytes = Buffer.from(buffer, 0, window.windowBytes + slackBytes)
    this.lineEnds = new Uint32Array(buffer, window.lineEndsAddress, window.scanBytes)
    this.pairs = new Uint32Array(buffer, window.pairsAddress, window.scanBytes / 2)
    this.#kernel = instantiateKernel(lineScanBase64, 'scan', memory)
  }

  /** Scans `[from, to)`; at most `scanBytes`. */
  scan(from: number, to: number): void {
    if (to > this.#windowBytes || to - from > this.#scanBytes) throw new RangeError('BUG: scan outside the window')
    const { bytes } = this
    // The kernel must not see what lies behind: it may be the rest of a larger piece, which is scanned next.
    bytes.copy(this.#behind, 0, to, to + slackBytes)
    bytes.fill(0, to, to + slackBytes)
    this.#scan(from, to)
    this.#behind.copy(bytes, to)
  }

  #scan(from: number, to: number): void {
    this.lineCount = this.#kernel.scan(from, to, this.lineEndsAddress, this.pairsAddress)
    this.pairCount = this.#kernel.pairs.value
  }
}

/** Room for a scanner in shared memory; must be reserved before anything else. */
export class ScanWindow {
  readonly windowBytes: number
  readonly scanBytes: number
  readonly lineEndsAddress: number
  readonly pairsAddress: number

  /** `windowBytes`: size of the window. `scanBytes`: the most bytes that one scan may cover (even), which bounds the lists. */
  constructor(memory: LinearMemory, size: { windowBytes: number; scanBytes: number }) {
    this.windowBytes = size.windowBytes
    this.scanBytes = size.scanBytes
    const address = memory.reserve(size.windowBytes + slackBytes)
    if (address !== 0) throw new RangeError('BUG: the window must be reserved first')
    this.lineEndsAddress = memory.reserve(size.scanBytes * 4)
    this.pairsAddress = memory.reserve(size.scanBytes * 2)
  }
}
