// What reconstruct needs from the parser of a log format beyond the parsed line itself: read only when a line looks special.
import type { ErrorDetail } from './error-detail.ts'

/** Readers for lines that look special. All must be pure, and must not throw on any input. */
export interface LineReader {
  /** An error body in any spelling, or a platform sentence; null when it is neither. */
  readError(text: string): ErrorDetail | null
  /** A stack frame or an indented line: part of the line before it. */
  isContinuation(buf: Uint8Array, start: number, end: number): boolean
  /** A plain line that begins an exception or says what broke. */
  isTroubleText(buf: Uint8Array, start: number, end: number): boolean
  /** The first `traceparent` of W3C that is printed there, in small letters; null when there is none. Asked for every line. */
  readTraceParent(buf: Buffer, start: number, end: number): string | null
}
