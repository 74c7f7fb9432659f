// The code that a platform sentence stands for when nothing else gives one (docs/semantics.md §8, table).
import type { Sentence } from '../../src/model/error-detail.ts'

const codes: Record<Sentence, string | null> = {
  processExited: 'ProcessExitedUnexpectedly',
  instanceExited: 'CAExited',
  healthCheckFailed: 'FunctionNotStarted',
  timedOut: 'FunctionTimeoutError',
  canceled: null,
  notReady: 'FunctionNotStarted',
  cannotBeStarted: 'CAExited',
  cannotStartOrExited: 'CAExited',
  serverNotStarted: 'FunctionNotStarted',
  noCapacity: 'ResourceThrottled',
  code: null,
  internalError: 'InternalServerError',
  other: null,
}

/** Code of a sentence; `message`, which begins with it, tells why a function cannot be started. */
export function codeOfSentence(sentence: Sentence, message: string): string | null {
  if (sentence === 'code') return /^Code: (\w+)/.exec(message)?.[1] ?? null
  if (sentence !== 'cannotBeStarted') return codes[sentence]
  if (/not exist|no such file|not found|cannot find/i.test(message)) return 'CAFileNotFound'
  return /permission/i.test(message) ? 'CAFilePermission' : codes[sentence]
}
