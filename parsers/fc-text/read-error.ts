// Error bodies and platform sentences as an ErrorDetail. Runs only for lines that the parser found to be one, for records put
// together from several, and for messages of application lines that may be one.
import type { ErrorDetail, Sentence } from '../../src/model/error-detail.ts'
import { ParsedLine } from '../../src/model/parsed-line.ts'
import { skipBlanks } from '../shared/match-bytes.ts'
import { isClock, wholeTimeEnd } from './clock-shape.ts'
import { codeOfSentence } from './error-code.ts'
import { opensBody } from './find-body.ts'
import { sentenceAt, sentenceName, sentenceStart } from './find-sentence.ts'
import { readHead } from './read-head.ts'
import { type Literal, readLiteral } from './read-literal.ts'
import { readSentence } from './read-sentence.ts'
import { stackOfBody, textOf } from './stack-text.ts'

/** Node cuts its bodies at this length, too (facts/fc-log-formats §4a). */
const maxTextChars = 256 * 1024
const maxMessageBytes = 4 * 1024
const maxStackBytes = 8 * 1024
const maxCodeBytes = 256

/** Console prefixes and sentences are told from this much of a text. */
const maxSentenceChars = 1024

/**
 * The error that `text` spells out: a body in any spelling, or a platform sentence, behind console times and quotes.
 * Null when it is neither. Linear in the length of `text`, of which the first 256 Ki characters are looked at.
 */
export function readError(text: string): ErrorDetail | null {
  const bounded = text.length > maxTextChars ? text.slice(0, maxTextChars) : text
  const from = bounded.search(/\S/)
  if (from < 0) return null
  const bytes = Buffer.from(bounded.slice(from, from + maxSentenceChars))
  const at = properStart(bytes)
  // What is passed over is ASCII, so that positions in bytes and characters are the same up to `at`.
  if (opensBody(bytes, at, bytes.length)) return errorOfBody(readLiteral(bounded, from + at))
  const start = sentenceStart(bytes, at, bytes.length)
  const spoken = readSentenceText(bounded.slice(from + start))
  return spoken === null ? null : errorOfSentence(spoken, bounded.slice(from + start))
}

/** Where the line proper begins behind a console's head or a time of its own. */
function properStart(bytes: Uint8Array): number {
  const at = readHead(bytes, 0, bytes.length, new ParsedLine())
  if (!isClock(bytes, at, bytes.length)) return at
  return skipBlanks(bytes, wholeTimeEnd(bytes, at, bytes.length), bytes.length)
}

interface Spoken {
  readonly sentence: Sentence
  readonly durationMs: number | null
  readonly maxMemoryUsedMB: number | null
}

/** The platform sentence that `text` begins with, and its figures. */
function readSentenceText(text: string): Spoken | null {
  const bytes = Buffer.from(text.slice(0, maxSentenceChars))
  const start = sentenceStart(bytes, 0, bytes.length)
  const sentence = sentenceName(sentenceAt(bytes, start, bytes.length))
  if (sentence === null) return null
  const figures = new ParsedLine()
  readSentence(bytes, start, bytes.length, figures)
  return {
    sentence,
    durationMs: numberOrNull(figures.durationMs),
    maxMemoryUsedMB: numberOrNull(figures.maxMemoryUsedMB),
  }
}

function errorOfSentence(spoken: Spoken, text: string): ErrorDetail {
  const message = cut(text.trimEnd().replace(/["']$/, ''), maxMessageBytes)
  return { ...spoken, code: codeOfSentence(spoken.sentence, message), type: null, message, stack: null }
}

function errorOfBody(body: Literal | null): ErrorDetail | null {
  if (!(body instanceof Map)) return null
  const fields: ReadonlyMap<string, Literal> = body
  const said = fields.get('errorMessage') ?? fields.get('ErrorMessage')
  if (said === undefined) return null
  const message = cut(textOf(said), maxMessageBytes)
  const spoken = readSentenceText(message)
  const stack = stackOfBody(fields)
  return {
    code: word(fields, 'errorCode', 'ErrorCode') ?? (spoken === null ? null : codeOfSentence(spoken.sentence, message)),
    type: word(fields, 'errorType', 'ErrorType'),
    message,
    stack: stack === null ? null : cut(stack, maxStackBytes),
    sentence: spoken?.sentence ?? null,
    durationMs: spoken?.durationMs ?? null,
    maxMemoryUsedMB: spoken?.maxMemoryUsedMB ?? null,
  }
}

/** The text under the first of two keys that has one. */
function word(fields: ReadonlyMap<string, Literal>, key: string, otherKey: string): string | null {
  const value = fields.get(key) ?? fields.get(otherKey)
  return typeof value === 'string' && value !== '' ? cut(value, maxCodeBytes) : null
}

/** At most `maxBytes` of UTF-8, whole characters only. */
function cut(text: string, maxBytes: number): string {
  const whole = text.toWellFormed()
  if (whole.length * 3 <= maxBytes) return whole
  const bytes = Buffer.from(whole.slice(0, maxBytes))
  if (bytes.length <= maxBytes) return whole.slice(0, maxBytes).toWellFormed()
  let end = maxBytes
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)
