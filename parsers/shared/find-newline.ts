// Hot path: the next `\n` of a range, four bytes at a time. `TypedArray.indexOf` knows no end and would run on through
// the whole buffer when a message holds no line break, which is the ordinary case.

let viewed: Uint8Array = new Uint8Array(0)
let words = new Uint32Array(0)

/** Position of the first `\n` in [start, end), else `end`. */
export function findNewline(buf: Uint8Array, start: number, end: number): number {
  if (buf !== viewed) view(buf)
  const base = buf.byteOffset & 3
  let p = start
  while (p < end && ((p + base) & 3) !== 0) {
    if (buf[p] === 10) return p
    p++
  }
  // `x` has a zero byte exactly where the text has `\n`; the classic zero-byte test finds it without a loop.
  for (; p + 4 <= end; p += 4) {
    const x = words[(p + base) >> 2]! ^ 0x0a0a0a0a
    if (((x - 0x01010101) & ~x & 0x80808080) !== 0) break
  }
  while (p < end && buf[p] !== 10) p++
  return p
}

/** One buffer serves many lines, so its word view is made once. It covers whole words only; the tail is read by bytes. */
function view(buf: Uint8Array): void {
  const from = buf.byteOffset - (buf.byteOffset & 3)
  const length = (buf.byteLength + (buf.byteOffset & 3)) >> 2
  words = new Uint32Array(buf.buffer, from, length)
  viewed = buf
}
