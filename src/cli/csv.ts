// Tables for other programs (RFC 4180).

/** Spreadsheets take a text that begins so for a formula; the quote in front makes it a text. */
const formula = /^[=+\-@\t\r]/

/** Somebody else's text as a cell; what is not known is empty. */
export function textCell(text: string | null): string {
  if (text === null) return ''
  const harmless = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Cells as they are. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  rows.map(row => `${row.join(',')}\r\n`).join('')
