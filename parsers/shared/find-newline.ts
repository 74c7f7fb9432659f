// Hot path: the next `\n` of a range, sixteen bytes at a time. `TypedArray.indexOf` knows no end and would run on through
// the whole buffer when a message holds no line break, which is the ordinary case.
import { viewOf } from './byte-view.ts'

const newline = 10

/** Position of the first `\n` in [start, end), else `end`. */
export function findNewline(buf: Uint8Array, start: number, end: number): number {
  const view = viewOf(buf)
  let p = start
  while (p + 16 <= end) {
    if (
      (controlBits(view.getInt32(p, true)) |
        controlBits(view.getInt32(p + 4, true)) |
        controlBits(view.getInt32(p + 8, true)) |
        controlBits(view.getInt32(p + 12, true))) <
      0
    ) {
      for (let i = p; i < p + 16; i++) if (buf[i] === newline) return i
    }
    p += 16
  }
  while (p < end && buf[p] !== newline) p++
  return p
}

/**
 * Negative when one of the four bytes is a control character (below 0x20): subtracting borrows into its highest bit, which a
 * byte of UTF-8 beyond ASCII has set already and is therefore masked. Gathered into the sign, so that many can be or-ed.
 */
const controlBits = (word: number): number => {
  const bits = (word - 0x20202020) & ~word & 0x80808080
  return bits | -bits
}
