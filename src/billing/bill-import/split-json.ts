// Text of several JSON values behind each other (pages, JSON lines) into its values. Numbers stay the texts that they are: an amount
// must not become a binary number on its way.
import { billFault } from './bill-fault.ts'

/** A JSON value whose numbers are texts. */
export type ExactJson = null | boolean | string | readonly ExactJson[] | { readonly [key: string]: ExactJson }

/** Most values in a file: each is a page of up to 300 items, or an item. */
const maxValues = 5_000_000

/** Calls `take` for every value. Fails with `FCS_INPUT_CORRUPT`, naming the value. */
export function splitJson(text: string, name: string, take: (value: ExactJson, place: string) => void): void {
  let at = 0
  for (let count = 1; ; count += 1) {
    while (at < text.length && /[\s,]/.test(text[at] ?? '')) at += 1
    if (at === text.length) return
    const place = `${name}#${count}`
    if (count > maxValues)
      throw billFault(name, {
        en: `more than ${maxValues} values; cut the file`,
        zh: `超过 ${maxValues} 个值，请拆分文件`,
      })
    const end = endOfValue(text, at)
    take(parseExact(text.slice(at, end), place), place)
    at = end
  }
}

/** Behind the bracket that closes what opens at `start`; the end of the text when none does. */
function endOfValue(text: string, start: number): number {
  const first = text[start]
  // Only mappings and lists make sense here; the parser says so of anything else.
  if (first !== '{' && first !== '[') return text.length
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const mark = text.charCodeAt(at)
    if (mark === quote) at = endOfString(text, at)
    else if (mark === openBrace || mark === openBracket) depth += 1
    else if (mark === closeBrace || mark === closeBracket) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

const quote = 0x22
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** The closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** What Node gives a reviver of a number: the text that it stands for. */
interface ReviverContext {
  readonly source?: string
}

function parseExact(text: string, place: string): ExactJson {
  const keepText = (_: string, value: unknown, context?: ReviverContext): unknown =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value
  try {
    // The parser's word for what JSON is, with numbers as texts.
    return JSON.parse(text, keepText) as ExactJson
  } catch {
    const isCut = text.length > 0 && !/[\]}]\s*$/.test(text)
    throw billFault(
      place,
      isCut
        ? { en: 'the JSON breaks off; get the file again', zh: 'JSON 不完整，请重新获取文件' }
        : { en: 'found no JSON', zh: '不是 JSON' },
    )
  }
}

export type JsonObject = { readonly [key: string]: ExactJson }

export const isObject = (value: ExactJson | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Null for what is no text or is not there. */
export const textAt = (object: JsonObject, key: string): string | null => {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return typeof value === 'string' ? value : null
}

/** A mapping behind a key; null where there is none. */
export const objectAt = (object: JsonObject, key: string): JsonObject | null => {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return isObject(value) ? value : null
}
