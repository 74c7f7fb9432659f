// Hot path: one walk over a message that answers for nearly all of them that it is one line without a marker. Every marker
// holds ` RequestId:`, whose eleven bytes cover a whole word of four at one of any eight neighbouring places: one word in eight
// bytes is enough to see it.
import { asciiWord, viewOf } from '../shared/byte-view.ts'

const markerText = ' RequestId:'

/** 2 ** 32 divided by the golden ratio: neighbouring words fall far apart. */
const spread = 0x9e3779b1
/** The eight words of {@link markerText}, each at its hash, and where in it they stand. */
const pieces = new Int32Array(256)
const pieceOffsets = new Uint8Array(256)
fillPieces()

const idColon = asciiWord('tId:')
const idColonAt = markerText.length - 4

/**
 * True when [start, end) holds neither a control character (a line break is one) nor a piece of a marker; false perhaps without
 * either.
 */
export function isPlainRecord(buf: Uint8Array, start: number, end: number): boolean {
  const view = viewOf(buf)
  let controls = 0
  let p = start
  for (; p + 8 <= end; p += 8) {
    const word = view.getInt32(p, true)
    if (pieces[hashOf(word)] === word && isMarkerPiece(view, p, word, end)) return false
    const next = view.getInt32(p + 4, true)
    // The highest bit of a byte below 0x20 is set by the borrow; those beyond ASCII have it already.
    controls |= ((word - 0x20202020) & ~word) | ((next - 0x20202020) & ~next)
  }
  if ((controls & 0x80808080) !== 0) return false
  if (p + 4 <= end) {
    const word = view.getInt32(p, true)
    if (pieces[hashOf(word)] === word && isMarkerPiece(view, p, word, end)) return false
  }
  for (; p < end; p++) if (buf[p]! < 32) return false
  return true
}

/** The word at `at` is a piece of the marker's text: is its end where it should be? "request" alone holds three pieces. */
function isMarkerPiece(view: DataView, at: number, word: number, end: number): boolean {
  const tail = at - pieceOffsets[hashOf(word)]! + idColonAt
  return tail + 4 <= end && view.getInt32(tail, true) === idColon
}

function fillPieces(): void {
  for (let at = 0; at + 4 <= markerText.length; at++) {
    const word = asciiWord(markerText.slice(at))
    const slot = hashOf(word)
    if (pieces[slot] !== 0) throw new Error('BUG: two words of a marker share a slot')
    pieces[slot] = word
    pieceOffsets[slot] = at
  }
}

function hashOf(word: number): number {
  return Math.imul(word, spread) >>> 24
}
