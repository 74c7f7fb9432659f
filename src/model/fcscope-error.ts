// Everything fcscope fails with on purpose. What is not one of these is a bug.
import type { Lang } from './cause.ts'

/** A text for the user, in every language; the compiler sees to it that none is missing. */
export type Text = Readonly<Record<Lang, string>>

/** Stable codes; docs/errors.md lists each with its meaning. */
export const errorCodes = [
  'FCS_USAGE',
  'FCS_INPUT_MISSING',
  'FCS_INPUT_UNREADABLE',
  'FCS_INPUT_CORRUPT',
  'FCS_CONFIG_INVALID',
  'FCS_LISTEN_FAILED',
  'FCS_SOURCE_UNAVAILABLE',
  'FCS_OUTPUT_FAILED',
  'FCS_STATE_LOCKED',
  'FCS_STATE_UNUSABLE',
  'FCS_STORE_UNAVAILABLE',
  'FCS_STORE_MISMATCH',
  'FCS_QUERY_FAILED',
  'FCS_NOT_FOUND',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** Exit statuses of the contract (§1). */
export const ExitStatus = { done: 0, badAnswer: 1, usage: 2, unreachable: 3, interrupted: 130 } as const
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus]

/** An expected failure: one line for the user that says what is wrong, where, and what to do. */
export class FcscopeError extends Error {
  override readonly name = 'FcscopeError'
  readonly code: ErrorCode
  readonly exitStatus: ExitStatus
  /** `message` is the English one. */
  readonly text: Text

  constructor(code: ErrorCode, text: Text | string, options: { cause?: unknown; exitStatus?: ExitStatus } = {}) {
    const texts = typeof text === 'string' ? { en: text, zh: text } : text
    super(texts.en, { cause: options.cause })
    this.text = texts
    this.code = code
    this.exitStatus = options.exitStatus ?? ExitStatus.usage
  }
}
