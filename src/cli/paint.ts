// Text for a terminal: colours where they are wanted, and nothing in it that steers the terminal.

import type { Status } from '../model/attempt.ts'
import type { Lang } from '../model/cause.ts'
import type { LevelName } from '../model/level.ts'

export interface Style {
  readonly lang: Lang
  readonly colour: boolean
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const
export type Paint = keyof typeof codes

export const paint = (text: string, how: Paint | null, { colour }: Style): string =>
  how === null || !colour || text === '' ? text : `\x1b[${codes[how]}m${text}\x1b[0m`

export const statusPaint = (status: Status): Paint =>
  status === 'ok' ? 'green' : status === 'incomplete' || status === 'canceled' ? 'yellow' : 'red'

export const levelPaint = (level: LevelName | null): Paint | null => {
  if (level === 'fatal' || level === 'error') return 'red'
  if (level === 'warn') return 'yellow'
  return level === 'debug' || level === 'trace' ? 'dim' : null
}

/**
 * Text of logs, made harmless: control characters and those that turn the direction of writing are shown as what they are. Line ends
 * stay, a tab is a blank.
 */
export const printable = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/gu, mark => `\\u{${mark.codePointAt(0)?.toString(16)}}`)

/** The same in one line of limited length. */
export function oneLine(text: string, maxLength: number): string {
  const line = printable(text).replaceAll('\n', ' ')
  return line.length > maxLength ? `${line.slice(0, maxLength).toWellFormed()}…` : line
}

/** Columns that a text takes: two for letters of East Asia. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      letter,
    )
      ? 2
      : 1
  return width
}

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))
