// Why an attempt failed, as far as its records show.

/** Every cause fcscope can name (contract §4, cause codes). */
export const causeCodes = [
  'keepAliveClosed',
  'exitCalled',
  'uncaughtException',
  'clientTimeout',
  'outOfMemory',
  'executionTimeout',
  'missingShebang',
  'windowsLineEndings',
  'bootstrapMissing',
  'bootstrapNotExecutable',
  'wrongArchitecture',
  'listensOnLoopback',
  'wrongPort',
  'slowStart',
  'dependencyUnreachable',
  'startCommandInvalid',
  'imagePullFailed',
  'quotaExceeded',
  'noCapacity',
  'responseTooLarge',
  'moduleNotFound',
  'syntaxError',
  'unknown',
] as const
export type CauseCode = (typeof causeCodes)[number]

/** Languages of remedies and messages. */
export type Lang = 'en' | 'zh'

/** One possible cause of a failure, with what in the records speaks for it. */
export interface Cause {
  readonly code: CauseCode
  /** 0 to 1; an attempt's causes are ranked by it, highest first. */
  readonly confidence: number
  /** Things that are in the records: quoted text, figures, times. Never empty. */
  readonly evidence: readonly string[]
  /** What to do, in the chosen language. */
  readonly remedy: string
  /** The documentation's address. */
  readonly docs: string
}
