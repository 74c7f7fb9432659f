// Hot path: reads of two and four bytes at any place. The optimiser turns `DataView` reads into single machine loads, and
// a test on four bytes at once costs what a test on one does.

let viewed: Uint8Array = new Uint8Array(0)
let view = new DataView(viewed.buffer)
let viewedBefore: Uint8Array = viewed
let viewBefore = view

/**
 * The view of `buf`; position for position the same. One buffer serves many lines, and a row's message lies now in the
 * input, now in the unescaped copy, so the last two views are kept.
 */
export function viewOf(buf: Uint8Array): DataView {
  return buf === viewed ? view : exchange(buf)
}

function exchange(buf: Uint8Array): DataView {
  const found = buf === viewedBefore ? viewBefore : new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  viewedBefore = viewed
  viewBefore = view
  viewed = buf
  view = found
  return found
}

/** The little-endian word that four ASCII characters make, as `getInt32` reads it. */
export const asciiWord = (text: string): number =>
  text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24)
