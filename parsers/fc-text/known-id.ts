// Hot path: the three id shapes that make up nearly all logs, told by dashes at fixed places and hex digits between them, four
// bytes at a time. What is written otherwise (capitals, masks, message ids) goes the general way in `request-id.ts`.
import { viewOf } from '../shared/byte-view.ts'

const dash = 45

/** UUID of FC 2, `1-` ids of FC 3 with 24 digits and with 8, 8 and 12 (facts/fc-log-formats §1, "Request id shapes"). */
const uuidLength = 36
const longLength = 35
const shortLength = 32

/** Where the id of one of the usual shapes that begins at `at` ends; `at` when none does. What follows is not looked at. */
export function knownIdEnd(buf: Uint8Array, at: number, end: number): number {
  if (at + shortLength > end) return at
  const view = viewOf(buf)
  if (buf[at + 8] === dash) {
    if (at + uuidLength > end || buf[at + 13] !== dash || buf[at + 18] !== dash || buf[at + 23] !== dash) return at
    const strange =
      nonHex(view.getInt32(at, true)) |
      nonHex(view.getInt32(at + 4, true)) |
      nonHex(view.getInt32(at + 9, true)) |
      nonHex(view.getInt32(at + 14, true)) |
      nonHex(view.getInt32(at + 19, true)) |
      nonHex(view.getInt32(at + 24, true)) |
      nonHex(view.getInt32(at + 28, true)) |
      nonHex(view.getInt32(at + 32, true))
    return strange === 0 ? at + uuidLength : at
  }
  if (buf[at] !== 49 || buf[at + 1] !== dash || buf[at + 10] !== dash) return at
  const head =
    nonHex(view.getInt32(at + 2, true)) |
    nonHex(view.getInt32(at + 6, true)) |
    nonHex(view.getInt32(at + 11, true)) |
    nonHex(view.getInt32(at + 15, true))
  if (head !== 0) return at
  const long = buf[at + 19] !== dash
  if (long && at + longLength > end) return at
  // The long shape has its 17th digit where the short one has a dash; the twelve last digits are looked at in both.
  const rest = long ? at + 23 : at + 20
  const strange =
    nonHex(view.getInt32(rest, true)) |
    nonHex(view.getInt32(rest + 4, true)) |
    nonHex(view.getInt32(rest + 8, true)) |
    (long ? nonHex(view.getInt32(at + 19, true)) : 0)
  if (strange !== 0) return at
  return long ? at + longLength : at + shortLength
}

/**
 * 0 when all four bytes are `0-9` or `a-f`. Letters (bit 6 set) are moved down by 0x27, so that digits and letters together
 * should fill 0x30 to 0x3f; whoever comes to stand at ten or above must have been a letter, and nobody else.
 */
function nonHex(word: number): number {
  const letters = (word >>> 6) & 0x01010101
  const values = (word - Math.imul(letters, 0x27)) | 0
  return ((values & 0xf0f0f0f0) ^ 0x30303030) | (((values + 0x06060606) ^ word) & 0x40404040)
}
