// Hot path: finds where lines end, and where a lifecycle marker might begin, in a window of bytes.
// The window lives in WebAssembly memory so that input is read straight into it and nothing is copied for the scan.
import { lineScanBase64 } from './line-scan-bytes.ts'

/** The module reads 16 bytes at a time, and one more to look at pairs. */
const slackBytes = 32
const pageBytes = 65_536

interface ScanExports {
  scan(from: number, to: number, lines: number, pairs: number): number
  readonly pairs: { readonly value: number }
}

/** A window of bytes and a scan over part of it. */
export class LineScanner {
  /** The window; {@link windowBytes} long. */
  readonly bytes: Buffer
  /** Positions of `\n` found by the last scan, ascending; `lineCount` of them are valid. */
  readonly lineEnds: Uint32Array
  /** Positions of `FC` found by the last scan, ascending; `pairCount` of them are valid. */
  readonly pairs: Uint32Array
  lineCount = 0
  pairCount = 0
  readonly #module: ScanExports
  readonly #linesAt: number
  readonly #pairsAt: number
  readonly #windowBytes: number
  readonly #scanBytes: number

  /** `windowBytes`: size of the window. `scanBytes`: the most bytes that one scan may cover, which bounds the position lists. */
  constructor(windowBytes: number, scanBytes: number) {
    this.#windowBytes = windowBytes
    this.#scanBytes = scanBytes
    this.#linesAt = Math.ceil((windowBytes + slackBytes) / 16) * 16
    this.#pairsAt = this.#linesAt + scanBytes * 4
    // Pages that are never touched cost no memory: the lists are sized for the worst input, all line ends.
    const pages = Math.ceil((this.#pairsAt + scanBytes * 2 + pageBytes) / pageBytes)
    const memory = new WebAssembly.Memory({ initial: pages })
    const module = new WebAssembly.Module(Buffer.from(lineScanBase64, 'base64'))
    // The exports' types are those of line-scan.wat, which the compiler cannot see.
    this.#module = new WebAssembly.Instance(module, { scan: { memory } }).exports as unknown as ScanExports
    this.bytes = Buffer.from(memory.buffer, 0, windowBytes + slackBytes)
    this.lineEnds = new Uint32Array(memory.buffer, this.#linesAt, scanBytes)
    this.pairs = new Uint32Array(memory.buffer, this.#pairsAt, scanBytes / 2)
  }

  /** Scans `[from, to)`; at most `scanBytes`. Overwrites up to 32 bytes behind `to`. */
  scan(from: number, to: number): void {
    if (to > this.#windowBytes || to - from > this.#scanBytes) throw new RangeError('BUG: scan outside the window')
    this.bytes.fill(0, to, to + slackBytes)
    this.lineCount = this.#module.scan(from, to, this.#linesAt, this.#pairsAt)
    this.pairCount = this.#module.pairs.value
  }
}
