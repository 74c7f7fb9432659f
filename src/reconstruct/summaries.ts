// Which attempt a summary belongs to (contract §4 rule 6).

import type { ParsedLine } from '../model/parsed-line.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { Cell, Figure, none, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { FateCode } from './fate-code.ts'
import type { LineAttachment } from './lines.ts'
import type { StreamState } from './stream-state.ts'

/** Gives summaries to attempts. */
export class Summaries {
  readonly #attempts: Attempts
  readonly #lines: LineAttachment

  constructor(attempts: Attempts, lines: LineAttachment) {
    this.#attempts = attempts
    this.#lines = lines
  }

  /** Applies one summary; returns its fate. */
  accept(buf: Uint8Array, line: ParsedLine, stream: StreamState, origin: RecordOrigin): FateCode {
    const slot = this.#ownerOf(buf, line, stream, origin)
    if (slot === none) return FateCode.unattached
    const table = this.#attempts.table
    this.#attempts.touch(slot)
    const base = (slot >> 1) + Figure.summary
    table.figures[base] = line.durationMs
    table.figures[base + 1] = line.billedMs
    table.figures[base + 2] = line.memoryMB
    table.figures[base + 3] = line.maxMemoryUsedMB
    table.cells[slot + Cell.state]! |= State.hasSummary
    return FateCode.attached
  }

  #ownerOf(buf: Uint8Array, line: ParsedLine, stream: StreamState, origin: RecordOrigin): number {
    const ids = this.#attempts.ids
    if (line.idEnd > line.idStart && ids.pack(buf, line.idStart, line.idEnd)) {
      const slot = this.#lines.attemptOfId(stream, origin)
      stream.endedSinceSummary = 0
      return this.#hasSummary(slot) ? none : slot
    }
    const alone = stream.endedSinceSummary === 1
    stream.endedSinceSummary = 0
    const slot = stream.summaryTarget.get(this.#attempts.table.cells)
    stream.summaryTarget.clear()
    return alone && slot !== none && !this.#hasSummary(slot) ? slot : none
  }

  #hasSummary(slot: number): boolean {
    return (this.#attempts.table.cells[slot + Cell.state]! & State.hasSummary) !== 0
  }
}
