// Hot path: the three id shapes that make up nearly all logs, told by dashes at fixed places and hex digits between them, two bytes
// a look-up. What is written otherwise (capitals, masks, message ids) goes the general way in `request-id.ts`.
import { hexBit, pairClass, smallHexBit } from '../shared/byte-classes.ts'
import { viewOf } from '../shared/byte-view.ts'

// A constant of this module is one for the optimiser as well; what is imported is read from its cell each time.
const pairs = pairClass
const smallHex = smallHexBit
const hex = hexBit

const dash = 45
/** `1-` as a two-byte word. */
const oneDash = 0x2d31
/** Of hex digits only `0` to `9` have this bit. */
const digitMark = 0x10101010

/** UUID of FC 2, `1-` ids of FC 3 with 24 digits and with 8, 8 and 12 (facts/fc-log-formats §1, "Request id shapes"). */
const uuidLength = 36
const longLength = 35
const shortLength = 32
/** Message ids of queues. */
const bareLength = 32

/** Where the id of one of the usual shapes that begins at `at` ends; `at` when none does. What follows is not looked at. */
export function knownIdEnd(buf: Uint8Array, at: number, end: number): number {
  if (at + shortLength > end) return at
  const view = viewOf(buf)
  const first = view.getInt32(at, true)
  if (buf[at + 8] === dash) return uuidEnd(view, first, at, end, smallHex)
  return (first & 0xffff) === oneDash ? numberedEnd(view, at, end) : at
}

/**
 * As {@link knownIdEnd} for what it leaves: UUIDs in capitals, and 32 digits without a dash, as queues number their messages.
 * A word of letters only is none.
 */
export function capitalIdEnd(buf: Uint8Array, at: number, end: number): number {
  if (at + bareLength > end) return at
  const view = viewOf(buf)
  const first = view.getInt32(at, true)
  if ((bitsOf(first) & hex) === 0) return at
  if (buf[at + 8] !== dash) return bareEnd(view, first, at)
  // Without a `0` to `9` among the first four the general way decides.
  return (first & digitMark) !== 0 ? uuidEnd(view, first, at, end, hex) : at
}

/** `8-4-4-4-12` of digits with the class `digits`; the first dash is known. */
function uuidEnd(view: DataView, first: number, at: number, end: number, digits: number): number {
  if (at + uuidLength > end) return at
  // `h-hh`, `hh-h` and `hhh-`.
  const second = view.getInt32(at + 12, true)
  const third = view.getInt32(at + 16, true)
  const fourth = view.getInt32(at + 20, true)
  if ((second & 0xff00) !== 0x2d00 || (third & 0xff0000) !== 0x2d0000 || fourth >>> 24 !== dash) return at
  const bits =
    bitsOf(first) &
    bitsOf(view.getInt32(at + 4, true)) &
    bitsOf(view.getInt32(at + 9, true)) &
    pairs[second >>> 16]! &
    pairs[third & 0xffff]! &
    pairs[fourth & 0xffff]! &
    pairs[(third >>> 24) | ((fourth >>> 8) & 0xff00)]! &
    bitsOf(view.getInt32(at + 24, true)) &
    bitsOf(view.getInt32(at + 28, true)) &
    bitsOf(view.getInt32(at + 32, true))
  return (bits & digits) !== 0 ? at + uuidLength : at
}

/** `1-8-24` and `1-8-8-12`; the `1-` is known. */
function numberedEnd(view: DataView, at: number, end: number): number {
  // `-hhh` at 10; at 19 stands the long shape's 9th digit or the short one's dash.
  const middle = view.getInt32(at + 10, true)
  if ((middle & 0xff) !== dash) return at
  const bits =
    bitsOf(view.getInt32(at + 2, true)) &
    bitsOf(view.getInt32(at + 6, true)) &
    bitsOf(view.getInt32(at + 11, true)) &
    bitsOf(view.getInt32(at + 15, true)) &
    bitsOf(view.getInt32(at + 20, true)) &
    bitsOf(view.getInt32(at + 24, true)) &
    bitsOf(view.getInt32(at + 28, true))
  if ((bits & smallHex) === 0) return at
  const ninth = view.getUint8(at + 19)
  if (ninth === dash) return at + shortLength
  if (at + longLength > end) return at
  return (pairs[ninth | (ninth << 8)]! & bitsOf(view.getInt32(at + 31, true)) & smallHex) !== 0 ? at + longLength : at
}

/** 32 digits; the first four are known to be some. */
function bareEnd(view: DataView, first: number, at: number): number {
  let seen = first
  for (let p = at + 4; p < at + bareLength; p += 4) {
    const word = view.getInt32(p, true)
    if ((bitsOf(word) & hex) === 0) return at
    seen |= word
  }
  return (seen & digitMark) !== 0 ? at + bareLength : at
}

/** The bits that all four bytes have. */
const bitsOf = (word: number): number => pairs[word & 0xffff]! & pairs[word >>> 16]!
