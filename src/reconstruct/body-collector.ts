// Puts an error body together that a stream spread over several text records (Python's indented JSON, PHP's var_export).

import { type SavedReference, SlotReference } from './slot-reference.ts'

const maxLines = 200
const maxBytes = 64 * 1024

const brace = 0x7b
const closingBrace = 0x7d
const parenthesis = 0x28
const closingParenthesis = 0x29
const blank = 0x20

/** `[start, end)` opens a body: it is `{` or `array (` and nothing else. */
export function opensBody(buf: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (length === 1) return buf[start] === brace
  if (length < 6 || length > 8 || buf[end - 1] !== parenthesis) return false
  return Buffer.from(buf.subarray(start, end)).toString('latin1').trimEnd().replace(' ', '') === 'array('
}

/** A body in a snapshot. */
export interface SavedBody {
  readonly inAppLine: boolean
  readonly attempt: SavedReference
  readonly lines: readonly string[]
  readonly bytes: number
}

/** Lines of one body as they come. */
export class BodyCollector {
  /** True when the body began in an application line. */
  readonly inAppLine: boolean
  readonly #attempt = new SlotReference()
  readonly #lines: string[] = []
  #bytes = 0

  constructor(body: SavedBody) {
    this.inAppLine = body.inAppLine
    this.#attempt.load(body.attempt)
    this.#lines.push(...body.lines)
    this.#bytes = body.bytes
  }

  /** A body that begins with a line of an attempt. */
  static begin(start: { cells: Int32Array; slot: number; inAppLine: boolean; firstLine: string }): BodyCollector {
    const { cells, slot, inAppLine, firstLine } = start
    const attempt = new SlotReference()
    attempt.set(cells, slot)
    return new BodyCollector({ inAppLine, attempt: attempt.save(), lines: [firstLine], bytes: 0 })
  }

  save(): SavedBody {
    return {
      inAppLine: this.inAppLine,
      attempt: this.#attempt.save(),
      lines: [...this.#lines],
      bytes: this.#bytes,
    }
  }

  /** The attempt whose body it is; `none` once it has been given out. */
  attempt(cells: Int32Array): number {
    return this.#attempt.get(cells)
  }

  /** Adds a line. `closed`: the body is whole; `full`: it is too large to be one. */
  add(buf: Buffer, start: number, end: number): 'open' | 'closed' | 'full' {
    this.#bytes += end - start
    if (this.#lines.length >= maxLines || this.#bytes > maxBytes) return 'full'
    this.#lines.push(buf.toString('utf8', start, end))
    return closesBody(buf, start, end) ? 'closed' : 'open'
  }

  text(): string {
    return this.#lines.join('\n')
  }
}

/** Only a bracket in the first column closes what was opened there. */
function closesBody(buf: Uint8Array, start: number, end: number): boolean {
  if (end === start) return false
  const first = buf[start]
  if (first !== closingBrace && first !== closingParenthesis) return false
  for (let at = start + 1; at < end; at++) if (buf[at] !== blank) return false
  return true
}
