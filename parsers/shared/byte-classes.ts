// Hot path: what a byte can be part of, as one table look-up instead of a chain of comparisons.

/** `0-9` */
export const digitBit = 1
/** `[0-9A-Za-z*_-]`: a request id token (facts/fc-log-formats §1, "safe token"). */
export const tokenBit = 2
/** `[0-9A-Fa-fxX*-]`: what the platform's own ids, masked ones too, are made of. */
export const platformIdBit = 4
/** Blank or tab. */
export const blankBit = 8
/** `[0-9A-Za-z_.$]`: a dotted name such as a Java class. */
export const nameBit = 16
/** Digit or `*`: an id has at least one of them, a word of prose has none. */
export const idMarkBit = 32
/** `[0-9a-f]`: what ids of the usual shapes are made of. */
export const smallHexBit = 64
/** `[0-9A-Fa-f]` */
export const hexBit = 128

/** Bits of each byte value. */
export const byteClass = buildClasses()

/** Bits that both bytes of a two-byte word have: tokens are walked through in steps of two. */
export const pairClass = Uint8Array.from(
  { length: 65_536 },
  (_, word) => (byteClass[word & 255] ?? 0) & (byteClass[word >> 8] ?? 0),
)

function buildClasses(): Uint8Array {
  const table = new Uint8Array(256)
  const mark = (characters: string, bit: number): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0)
      table[code] = (table[code] ?? 0) | bit
    }
  }
  const digits = '0123456789'
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
  mark(digits, digitBit)
  mark(`${digits}${letters}*_-`, tokenBit)
  mark(`${digits}abcdefABCDEFxX*-`, platformIdBit)
  mark(' \t', blankBit)
  mark(`${digits}${letters}_.$`, nameBit)
  mark(`${digits}*`, idMarkBit)
  mark(`${digits}abcdef`, smallHexBit)
  mark(`${digits}abcdefABCDEF`, hexBit)
  return table
}
