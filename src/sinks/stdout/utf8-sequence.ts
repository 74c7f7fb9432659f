// Hot path: how long a character is in bytes that may or may not be UTF-8.

const isTail = (c: number | undefined): boolean => c !== undefined && (c & 0xc0) === 0x80

/**
 * Length of the UTF-8 sequence that begins with the byte ≥ 0x80 at `at`. Where there is none, the negative number of bytes
 * that one U+FFFD stands for: the longest beginning of a sequence, or one byte (WHATWG Encoding, as TextDecoder does).
 */
export function sequenceLength(buf: Uint8Array, at: number, end: number): number {
  const lead = buf[at]!
  if (lead < 0xc2 || lead > 0xf4) return -1
  const second = at + 1 < end ? buf[at + 1]! : 0
  if (!isTail(second) || !isSecond(lead, second)) return -1
  if (lead < 0xe0) return 2
  if (at + 2 >= end || !isTail(buf[at + 2])) return -2
  if (lead < 0xf0) return 3
  return at + 3 < end && isTail(buf[at + 3]) ? 4 : -3
}

/** False for second bytes that would make a sequence overlong, a surrogate, or larger than U+10FFFF. */
function isSecond(lead: number, second: number): boolean {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0
    case 0xed:
      return second < 0xa0
    case 0xf0:
      return second >= 0x90
    case 0xf4:
      return second < 0x90
    default:
      return true
  }
}
