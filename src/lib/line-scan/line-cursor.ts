/** Where a run over a chunk's lines stands. */
export interface LineCursor {
  /** Index of the next line, and where it begins. */
  line: number
  start: number
  /** Index of the first pair (see `LineScanner.pairs`) that is not before the next line. */
  pair: number
}
