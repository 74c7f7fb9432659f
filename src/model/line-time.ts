// Which of a record's times is its time (contract §3 `time`): what reconstruct needs to know of a log format's clocks.
import type { TimeSourceCode } from './line-block.ts'
import type { ParsedLine } from './parsed-line.ts'

/** Answers for one line at a time. Must be pure, and must not throw on any input. */
export interface LineTimeReader {
  /** Unix ms of the last line asked about; NaN when it has no time. */
  readonly ms: number
  /** Where that came from; `none` when it has no time. */
  readonly source: TimeSourceCode
  /** Looks at a line; `recordMs` is the record's own time, NaN where there is none. */
  read(buf: Uint8Array, line: ParsedLine, recordMs: number): void
}
