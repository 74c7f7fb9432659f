// The texts of a failed attempt, split by who wrote them, and quotes from them.
import type { AttemptSignals } from '../model/attempt-signals.ts'

/**
 * Everything that the records of an attempt say in words. `platform`: the platform's sentences up to their `Logs:`;
 * `own`: what the function or its process wrote. The platform's rendering of an exit code (`message:key has expired`
 * for 127) is in neither: it is only strerror of that number and misleads.
 */
export interface FailureTexts {
  readonly platform: readonly string[]
  readonly own: readonly string[]
  readonly all: readonly string[]
}

/** Characters of a text that are searched, and characters of a quote. */
const maxSearched = 16_384
const maxQuoted = 300
/** Characters kept before the sign where a line is too long to be quoted whole. */
const quoteLead = 80

/** Collects the texts of an attempt's errors and trouble lines. */
export function readTexts(signals: AttemptSignals): FailureTexts {
  const platform: string[] = []
  const own: string[] = []
  const take = (text: string, fromPlatform: boolean): void => {
    const searched = text.length > maxSearched ? text.slice(0, maxSearched) : text
    if (fromPlatform || platformSentence.test(searched)) splitSentence(searched, platform, own)
    else if (searched !== '') own.push(searched)
  }
  for (const { detail } of signals.errors) {
    take(detail.message, detail.sentence !== null && detail.sentence !== 'other')
    if (detail.type !== null) take(detail.type, false)
    if (detail.stack !== null) take(detail.stack, false)
  }
  for (const line of signals.troubleLines) take(line, false)
  return { platform, own, all: [...platform, ...own] }
}

/** Platform sentences where they are not marked as such: inside a body with a code, or in a trouble line. */
const platformSentence =
  /Function instance (?:exited unexpectedly|health check failed)|Function not ready:|The (?:CA|function) [^\n]{0,40}(?:cannot be started|be started or exited)|The CA's http server|Ping CA failed|Process exited unexpectedly before|Function timed out after/

function splitSentence(text: string, platform: string[], own: string[]): void {
  const logsAt = text.search(/\bLogs ?:/)
  const sentence = logsAt < 0 ? text : text.slice(0, logsAt)
  const code = /exited unexpectedly ?\(code \d{1,9}(?=, ?message:)/.exec(sentence)
  const closeAt = code === null ? -1 : sentence.indexOf(')', code.index)
  if (code === null || closeAt < 0) {
    platform.push(sentence)
  } else {
    platform.push(sentence.slice(0, code.index + code[0].length), sentence.slice(closeAt))
  }
  if (logsAt >= 0) own.push(text.slice(text.indexOf(':', logsAt) + 1))
}

/** The line that the pattern is found in, or undefined. With `except`, lines that match it do not count. */
export function quote(texts: readonly string[], pattern: RegExp, except?: RegExp): string | undefined {
  for (const text of texts) {
    const match = pattern.exec(text)
    if (match === null) continue
    const quoted = quoteAt(text, match.index, match[0].length)
    if (except === undefined || !except.test(quoted)) return quoted
  }
  return undefined
}

/** The line around a place of a text, at most 300 characters. */
export function quoteAt(text: string, index: number, length: number): string {
  let start = lineStart(text, index)
  let end = firstBreak(text, index + length)
  if (end - start > maxQuoted) {
    start = Math.max(start, index - quoteLead)
    end = Math.min(end, start + maxQuoted)
    // A cut in the middle of a pair would leave half a character.
    if (isLowSurrogate(text.charCodeAt(start))) start += 1
    if (isLowSurrogate(text.charCodeAt(end))) end -= 1
  }
  return text.slice(start, end).trim()
}

/** The first line of a text that is not blank, at most 300 characters; undefined when there is none. */
export function opening(text: string): string | undefined {
  const at = text.slice(0, maxSearched).search(/\S/)
  return at < 0 ? undefined : quoteAt(text, at, 1)
}

function lineStart(text: string, index: number): number {
  let at = index
  while (at > 0 && !isBreak(text.charCodeAt(at - 1))) at -= 1
  return at
}

function firstBreak(text: string, from: number): number {
  let at = from
  while (at < text.length && !isBreak(text.charCodeAt(at))) at += 1
  return at
}

// Node writes the line ends inside a message as carriage returns (facts/fc-log-formats §2).
const isBreak = (code: number): boolean => code === 10 || code === 13
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
