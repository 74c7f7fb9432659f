// What is wrong with a bill: one line that names the place. Texts of a bill are somebody else's, so they are quoted short and harmless.
import { FcscopeError } from '../../model/fcscope-error.ts'

/** Longest piece of a bill in a message, in UTF-16 units. */
const maxQuoted = 60

/** `what` has neither the place nor a full stop. */
export const billFault = (place: string, what: { readonly en: string; readonly zh: string }): FcscopeError =>
  new FcscopeError('FCS_INPUT_CORRUPT', { en: `${place}: ${what.en}.`, zh: `${place}：${what.zh}。` })

/** A piece of a bill in quotes. */
export function quoted(text: string): string {
  const shown = text.length > maxQuoted ? `${text.slice(0, maxQuoted).toWellFormed()}…` : text
  return `'${shown.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, mark => `\\u{${mark.codePointAt(0)?.toString(16)}}`)}'`
}

/** A list of names, as far as a line can hold it. */
export function quotedList(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map(quoted)
  return names.length > most ? `${shown.join(', ')}, …` : shown.join(', ')
}
