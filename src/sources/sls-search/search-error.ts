// What goes wrong between here and the service, and what to do about it.

/**
 * `retry`: may pass by itself. `quota`: the service limits us. `clock`: our clock is wrong. `denied`: keys or rights. `missing`:
 * project or Logstore. `noIndex`: the Logstore cannot be searched. `fatal`: asking again gives the same. `incomplete`, `unstable`,
 * `tooLarge`: the answers never become what is needed.
 */
export type SearchFailureKind =
  | 'retry'
  | 'quota'
  | 'clock'
  | 'denied'
  | 'missing'
  | 'noIndex'
  | 'fatal'
  | 'incomplete'
  | 'unstable'
  | 'tooLarge'

export interface SearchFailure {
  readonly kind: SearchFailureKind
  /** The service's code, or one of ours: `Network`, `Timeout`, `Proxy`, `BadReply`, `Credentials`, `Incomplete`, `Unstable`, `TooLarge`. */
  readonly code: string
  /** Of HTTP; 0 without an answer. */
  readonly status: number
  /** Empty without one. */
  readonly requestId: string
  /** One line without secrets. */
  readonly message: string
  readonly cause?: unknown
}

export class SearchError extends Error {
  override readonly name = 'SearchError'
  readonly kind: SearchFailureKind
  readonly code: string
  readonly status: number
  readonly requestId: string

  constructor({ kind, code, status, requestId, message, cause }: SearchFailure) {
    super(message, { cause })
    this.kind = kind
    this.code = code
    this.status = status
    this.requestId = requestId
  }
}

/** Codes of the service (facts: errors and retry) where the status does not say enough. */
const kinds: Readonly<Record<string, SearchFailureKind>> = {
  requesttimeexpired: 'clock',
  requesttimetooskewed: 'clock',
  invalidrequesttime: 'clock',
  projectforbidden: 'denied',
  signaturenotmatch: 'denied',
  indexconfignotexist: 'noIndex',
  indexinfoinvalid: 'noIndex',
}

/** What an answer means whose status is not 2xx. */
export function failureKind(code: string, status: number): SearchFailureKind {
  const known = Object.hasOwn(kinds, code.toLowerCase()) ? kinds[code.toLowerCase()] : undefined
  if (known !== undefined) return known
  if (isRefusedCredential(code)) return 'denied'
  if (status === 429 || (status === 403 && /exceed|quota|limit/i.test(code))) return 'quota'
  if (status >= 500 || status === 408) return 'retry'
  if (status === 401 || status === 403) return 'denied'
  return status === 404 ? 'missing' : 'fatal'
}

/** Other credentials may help. */
export const isRefusedCredential = (code: string): boolean =>
  /^(SignatureNotMatch$|Unauthorized$|InvalidAccessKeyId|SecurityToken)/i.test(code)
