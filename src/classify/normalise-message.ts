// What a message says, without what is different each time: numbers, ids, addresses, times, quoted values, names of temporary files.
import { maxMessagePoints } from '../model/failure.ts'
import { firstPoints } from './first-points.ts'
import { readFrame } from './stack-frames.ts'

/** Stands for whatever changes. */
const any = '*'

/** Code points of the result. */
const maxPoints = 300

const months = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const days = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
/** A letter, digit or underscore of any script. */
const word = String.raw`[\p{L}\p{N}_]`

/**
 * What may change, the first that fits. Every repetition is bounded, or ends with a character that it cannot hold itself: nothing is
 * gone over again and again. No digit means more than another one, so that a store may give 0 for all of them.
 */
const variable = new RegExp(
  [
    String.raw`(?<quoted>(?<!${word})(?:'[^'\n]{0,200}'|"[^"\n]{0,200}"|‘[^’\n]{0,200}’|“[^”\n]{0,200}”|\x60[^\x60\n]{0,200}\x60)(?!${word}))`,
    String.raw`(?<address>(?<![a-z\d+.-])[a-z][a-z\d+.-]{1,20}:\/\/[^\s'"<>)\]},;]{1,1000})`,
    String.raw`(?<mail>(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})`,
    String.raw`(?<path>(?<![\w/.~-])(?:[a-z]:\\|\.{0,2}\/|~\/)(?:[^\s'"<>()|*?;,:[\]{}]|(?<=\d):(?=\d)){1,500})`,
    String.raw`(?<date>(?<![\p{L}\p{N}_])(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?|(?:${days},? )?(?:\d{1,2}[ /-])?${months}[ /-]{1,2}\d{1,4})(?!${word}))`,
    String.raw`(?<colons>(?<![\w:.\]])(?:[\da-f]{0,4}:){2,8}[\da-f]{0,4}(?![\w:]))`,
    `(?<word>${word}+(?:-${word}+)*)`,
  ].join('|'),
  'giu',
)

/**
 * The message in one line of at most 300 characters, `*` for what changes; null when there is nothing of it. Lines that are frames of
 * a stack are left out. Linear in the first {@link maxMessagePoints} of `text`, behind which nothing is looked at.
 */
export function normaliseMessage(text: string): string | null {
  const bounded = firstPoints(text.toWellFormed(), maxMessagePoints)
  const said = bounded.includes('\n') ? withoutFrames(bounded) : bounded
  const normal = said
    .replace(variable, (match, ...rest) => replacementOf(match, rest))
    .replace(/\*(?:[\s,;:.+/-]{1,3}\*)+/g, any)
    .replace(/(^|[\s(=:,])[-+](?=\*)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return normal === '' ? null : firstPoints(normal, maxPoints)
}

const withoutFrames = (text: string): string =>
  text
    .split('\n')
    .filter(line => readFrame(line.trim()) === null)
    .join('\n')

type Groups = Partial<Record<'quoted' | 'address' | 'path' | 'colons' | 'word', string>>

/** `rest` ends with the place of the match, the whole text, and what was found by its name. */
function replacementOf(match: string, rest: readonly unknown[]): string {
  // The engine gives these three last, in this order, for a pattern with names.
  const [offset, whole, groups] = rest.slice(-3) as [number, string, Groups]
  if (groups.word !== undefined) return normalWord(match)
  if (groups.quoted !== undefined)
    return isKey(match, whole, offset) ? withoutDigits(match) : match[0] + any + match.at(-1)
  if (groups.address !== undefined) return `${match.slice(0, match.indexOf('://'))}://${any}`
  if (groups.path !== undefined) return normalPath(match)
  // Two names with colons between them are no address.
  if (groups.colons !== undefined && !/\d/.test(match)) return match
  return any
}

/** A name in an object or a dictionary: `{"code": 5}`. */
function isKey(quoted: string, whole: string, offset: number): boolean {
  if (!/^.[a-z_][\w.-]{0,39}.$/i.test(quoted) || !/[{,[(]\s{0,3}$/.test(whole.slice(Math.max(0, offset - 4), offset)))
    return false
  return /^\s{0,3}[:=]/.test(whole.slice(offset + quoted.length, offset + quoted.length + 4))
}

/** Names of folders stay; a step with a digit in it is one of many, and so is everything below a folder for temporary files. */
function normalPath(path: string): string {
  const steps = path.split(/([\\/])/)
  const temporary = steps.findIndex(step => /^(?:tmp|temp)$/i.test(step))
  const kept = temporary < 0 || temporary === steps.length - 1 ? steps : [...steps.slice(0, temporary + 2), any]
  return kept.map(step => (/\d/.test(step) ? `${any}${/\.[a-z]{1,8}$/i.exec(step)?.[0] ?? ''}` : step)).join('')
}

/** Ids as a whole; of names with a number in them the number. */
function normalWord(text: string): string {
  if (!/\d/.test(text)) return text
  if (/^[\da-f-]{8,}$/i.test(text)) return any
  return text
    .split(/([-_])/)
    .map(part => (isId(part) ? any : withoutDigits(part)))
    .join('')
}

function isId(part: string): boolean {
  const runs = part.match(/\d+/g) ?? []
  if (runs.length === 0) return false
  if (/^(?:0x)?[\da-f]{4,}$/i.test(part)) return true
  return part.length >= 16 || (part.length >= 8 && runs.length >= 2)
}

const withoutDigits = (text: string): string => text.replace(/\d+/g, any)
