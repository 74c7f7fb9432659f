// Hot path: the platform's error sentences (facts/fc-log-formats §4b) by the bytes they begin with.
import { type Sentence, sentences } from '../../src/model/error-detail.ts'
import { asciiBytes, matchesAt } from '../shared/match-bytes.ts'
import { tokenEnd } from './request-id.ts'

interface Opening {
  readonly bytes: Uint8Array
  /** Index in `sentences`. */
  readonly sentence: number
}

/** Codes that the console prints as `Code: X` (facts/fc-log-formats §4d). Any other word behind `Code:` may be a program's own. */
const consoleCodes = [
  'CAExited',
  'CAFileNotFound',
  'CAFilePermission',
  'FunctionNotStarted',
  'ResourceExhausted',
  'ResourceThrottled',
  'InternalServerError',
  'BadResponse',
  'FunctionOOMError',
  'FunctionTimeoutError',
  'FunctionUnhandledError',
  'HandledInvocationError',
  'UnhandledInvocationError',
].map(asciiBytes)

const codeWord = asciiBytes('Code: ')
const codeSentence = sentences.indexOf('code')

// What may stand in front of a sentence: a console's field name, an exception's prefix, quotes.
const leads = ['Error: ', 'Message: ', 'message: '].map(asciiBytes)

const leadBytes = new Uint8Array(256)
for (const lead of leads) leadBytes[lead[0]!] = 1

const openings = buildOpenings({
  processExited: ['Process exited unexpectedly before completing request'],
  instanceExited: ['Function instance exited unexpectedly'],
  healthCheckFailed: ['Function instance health check failed'],
  timedOut: [
    'Function timed out',
    'Function time out',
    'Function execution timed out',
    'Task timed out',
    'Task time out',
  ],
  canceled: ['Invocation canceled by client'],
  notReady: ['Function not ready: '],
  cannotBeStarted: ['The function cannot be started', 'The CA process cannot be started'],
  cannotStartOrExited: [
    'The function either cannot be started or exited',
    'The CA process either cannot be started or exited',
  ],
  serverNotStarted: ["The CA's http server cannot be started", 'The CA http server cannot be started'],
  noCapacity: ['Reserve resource exceeded limit'],
  code: [],
  internalError: ['an internal error has occurred', 'An internal error has occurred'],
  other: [
    'calling the handler function resulted in a panic',
    'no initializer handler registered',
    'Dumping stack trace after function timeout',
    'got uncaughtException in bootstrap',
    'FunctionUnhandledError: uncaughtException',
  ],
})

/** What the text in which a sentence is found begins with, unless that is a quote. All have four bytes or more. */
export const sentenceHeads: readonly Uint8Array[] = [
  ...leads,
  codeWord,
  ...openings.flatMap(list => list ?? []).map(opening => opening.bytes),
]

/** No sentence of the platform. */
export const noSentence = -1

/** Where a sentence would begin: behind quotes, `Error: ` and `Message: `. */
export function sentenceStart(buf: Uint8Array, at: number, end: number): number {
  let p = skipQuotes(buf, at, end)
  if (p >= end || leadBytes[buf[p]!] === 0) return p
  for (const lead of leads) {
    if (matchesAt(buf, p, end, lead)) p = skipQuotes(buf, p + lead.length, end)
  }
  return p
}

/** Index in `sentences` of the sentence that begins at `at` exactly; {@link noSentence} when none does. */
export function sentenceAt(buf: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return noSentence
  const candidates = openings[buf[at]!]
  if (candidates === undefined) return noSentence
  for (let i = 0; i < candidates.length; i++) {
    const opening = candidates[i]!
    if (buf[at + 1] === opening.bytes[1] && matchesAt(buf, at, end, opening.bytes)) return opening.sentence
  }
  return buf[at] === codeWord[0] && consoleCodeEnd(buf, at, end) > 0 ? codeSentence : noSentence
}

/** Where the code of a `Code: CAExited` line at `at` begins. */
export const consoleCodeStart = (at: number): number => at + codeWord.length

/** The sentence's name. */
export const sentenceName = (index: number): Sentence | null => sentences[index] ?? null

function consoleCodeEnd(buf: Uint8Array, at: number, end: number): number {
  if (!matchesAt(buf, at, end, codeWord)) return -1
  const from = at + codeWord.length
  const to = tokenEnd(buf, from, end)
  for (const code of consoleCodes) if (code.length === to - from && matchesAt(buf, from, to, code)) return to
  return -1
}

function skipQuotes(buf: Uint8Array, at: number, end: number): number {
  let p = at
  while (p < end && (buf[p] === 34 || buf[p] === 39 || buf[p] === 92)) p++
  return p
}

/** One list per first byte; `C`, which begins no fixed opening, has an empty one so that codes are looked at. */
function buildOpenings(words: Record<Sentence, readonly string[]>): (Opening[] | undefined)[] {
  const byFirstByte: (Opening[] | undefined)[] = Array.from({ length: 256 }, () => undefined)
  byFirstByte[codeWord[0]!] = []
  for (const [index, name] of sentences.entries()) {
    for (const word of words[name]) {
      const bytes = asciiBytes(word)
      const list = byFirstByte[bytes[0]!] ?? []
      list.push({ bytes, sentence: index })
      byFirstByte[bytes[0]!] = list
    }
  }
  return byFirstByte
}
