// Hot path: runs the kernel that takes ordinary lines; see ordinary-lines.wat for what it knows. The stream's state is handed
// over in the engine's frame before a run and taken back after it: that costs less than a line does in JavaScript.
import { instantiateKernel } from '../../lib/kernel.ts'
import type { LineCursor } from '../../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../../lib/linear-memory.ts'
import type { Attempts } from '../attempts.ts'
import { Frame, lastTimeDouble } from '../engine-frame.ts'
import { ColdStart, type StreamState } from '../stream-state.ts'
import { ordinaryLinesBase64 } from './ordinary-lines-bytes.ts'

interface KernelExports {
  take(frame: number, line: number, start: number, pair: number): number
}

/** What a run took, by kind and fate. */
export interface OrdinaryCounts {
  appLines: number
  starts: number
  ends: number
  summariesAttached: number
  summariesUnattached: number
  blanks: number
}

/** The kernel, bound to one engine's attempts. */
export class OrdinaryLines {
  /** Of the last run. */
  readonly counts: OrdinaryCounts = {
    appLines: 0,
    starts: 0,
    ends: 0,
    summariesAttached: 0,
    summariesUnattached: 0,
    blanks: 0,
  }
  readonly #attempts: Attempts
  readonly #kernel: KernelExports

  constructor(memory: LinearMemory, attempts: Attempts) {
    this.#attempts = attempts
    this.#kernel = instantiateKernel(ordinaryLinesBase64, 'ordinary', memory)
  }

  /**
   * Takes lines from the cursor on and moves it to the first line that is not ordinary. Returns how many were taken. The lines
   * must be valid UTF-8 and not too long.
   */
  take(scanner: LineScanner, cursor: LineCursor, stream: StreamState): number {
    const { frame } = this.#attempts
    const { words } = frame
    this.#handOver(words, stream)
    words[Frame.lineEnds] = scanner.lineEndsAddress
    words[Frame.pairs] = scanner.pairsAddress
    words[Frame.lineCount] = scanner.lineCount
    words[Frame.pairCount] = scanner.pairCount
    const from = cursor.line
    cursor.line = this.#kernel.take(frame.address, from, cursor.start, cursor.pair)
    cursor.start = words[Frame.start]!
    cursor.pair = words[Frame.pair]!
    const taken = cursor.line - from
    if (taken > 0) this.#takeBack(words, stream)
    return taken
  }

  #handOver(words: Int32Array, stream: StreamState): void {
    const { cells } = this.#attempts.table
    words[Frame.lastLine] = stream.lastLine.get(cells)
    words[Frame.lastWasMarker] = stream.lastWasMarker ? 1 : 0
    words[Frame.openHead] = stream.openHead
    words[Frame.openCount] = stream.openCount
    words[Frame.lastEnded] = stream.lastEnded.get(cells)
    words[Frame.endedSinceSummary] = stream.endedSinceSummary
    words[Frame.summaryTarget] = stream.summaryTarget.get(cells)
    words[Frame.stream] = stream.number
    words[Frame.mayStart] = stream.coldStart === ColdStart.none && stream.config?.instanceConcurrency !== 1 ? 1 : 0
    words.fill(0, Frame.appLines, Frame.blanks + 1)
    this.#attempts.frame.doubles[lastTimeDouble] = stream.lastTimeMs
  }

  #takeBack(words: Int32Array, stream: StreamState): void {
    const { table } = this.#attempts
    const { cells } = table
    const { counts } = this
    counts.appLines = words[Frame.appLines]!
    counts.starts = words[Frame.starts]!
    counts.ends = words[Frame.ends]!
    counts.summariesAttached = words[Frame.summariesAttached]!
    counts.summariesUnattached = words[Frame.summariesUnattached]!
    counts.blanks = words[Frame.blanks]!
    if (counts.starts > 0) table.growTenants()
    stream.lastTimeMs = this.#attempts.frame.doubles[lastTimeDouble]!
    stream.lastLine.set(cells, words[Frame.lastLine]!)
    stream.lastWasMarker = words[Frame.lastWasMarker] === 1
    stream.openHead = words[Frame.openHead]!
    stream.openCount = words[Frame.openCount]!
    stream.endedSinceSummary = words[Frame.endedSinceSummary]!
    stream.summaryTarget.set(cells, words[Frame.summaryTarget]!)
    if (counts.ends === 0) return
    stream.lastEnded.set(cells, words[Frame.lastEnded]!)
    // Plain markers have no times.
    stream.lastEndMs = Number.NaN
    stream.lastEndWholeSeconds = true
    stream.lastInvokeEndMs = Number.NaN
  }
}
