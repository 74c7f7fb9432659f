// What a failure looks like when it is spelled out: an error body, or a sentence of the platform.

/** The platform's own error sentences (facts/fc-log-formats §4b), by what they mean. */
export const sentences = [
  'processExited', // Process exited unexpectedly before completing request (…)
  'instanceExited', // Function instance exited unexpectedly(code N[, message:…]) [with start command '…'. Logs:…]
  'healthCheckFailed', // Function instance health check failed on port N in S seconds.
  'timedOut', // Function timed out after N seconds (maxMemoryUsage: …)
  'canceled', // Error: Invocation canceled by client (duration: …, maxMemoryUsage: …)
  'notReady', // Function not ready: failed to start container …
  'cannotBeStarted', // The function cannot be started. … / The CA process cannot be started …
  'cannotStartOrExited', // The function either cannot be started or exited. … / The CA process either cannot be started or exited …
  'serverNotStarted', // The CA's http server cannot be started:…
  'noCapacity', // Reserve resource exceeded limit
  'code', // Code: CAExited, as the console prints it
  'internalError', // an internal error has occurred. Please retry.
  'other', // runtime-side texts that say that something failed, but decide nothing
] as const
export type Sentence = (typeof sentences)[number]

/** An error that a record spells out. Made only for lines that look like one. */
export interface ErrorDetail {
  /** `ErrorCode`/`errorCode` of a body, or the code that a sentence stands for (`CAExited`, …); null when neither says. */
  readonly code: string | null
  /** The exception's type (`errorType`), null when not given. */
  readonly type: string | null
  readonly message: string
  /** Stack frames joined by `\n`, at most 8 KiB; null when not given. */
  readonly stack: string | null
  /** The platform sentence that the message is or begins with; null for anything that a function may have said. */
  readonly sentence: Sentence | null
  /** `duration` (ms) and `maxMemoryUsage` (MB) in the sentence's brackets, or the seconds of a time-out; null when not given. */
  readonly durationMs: number | null
  readonly maxMemoryUsedMB: number | null
}
