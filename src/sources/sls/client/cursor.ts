// Cursors as numbers: base64 of a decimal number, one more with every LogGroup of the shard (facts §1.5). Nobody promises that.

/** The number that a cursor is; null when it is none that {@link numberCursor} would write, and then it only can be handed back. */
export function cursorNumber(cursor: string): bigint | null {
  // 19 digits hold every 64-bit number; a longer text is not looked at.
  if (cursor.length > 28) return null
  const text = Buffer.from(cursor, 'base64').toString('latin1')
  if (!/^\d{1,19}$/.test(text)) return null
  const value = BigInt(text)
  return numberCursor(value) === cursor ? value : null
}

/** The cursor of a number from 0 on. */
export const numberCursor = (value: bigint): string => Buffer.from(value.toString(), 'latin1').toString('base64')
