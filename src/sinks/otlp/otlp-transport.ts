// How requests reach a backend: the contract of the two ways, what is sent, and what became of a request.

/** What became of a request. `reason` is for the log; it may hold what the backend says. */
export type ExportOutcome =
  /** `rejected`: spans, or points of metrics, that the backend did not take, and never will. */
  | { readonly kind: 'taken'; readonly rejected: number; readonly reason: string }
  /** The backend will never take it: sending it again is forbidden. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** To be sent again, no earlier than in `afterMs`; null where the backend does not say when. */
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs: number | null }

/** What is sent: where it goes by default, and how it is written. */
export interface OtlpSignal {
  readonly path: string
  readonly grpcMethod: string
  /** The same request as JSON, for `http/json`. */
  readonly jsonOf: (request: Buffer) => Buffer
}

/** One way of sending. */
export interface OtlpTransport {
  /** Sends an `Export…ServiceRequest`. Rejects only when `signal` is aborted. */
  send(request: Buffer, signal: AbortSignal): Promise<ExportOutcome>
  /** Only when nothing is being sent. */
  close(): void
}

/** Longest answer that is read, and longest reason that is told. */
export const maxReplyBytes = 64 * 1024
const maxReason = 300

/** A text of the backend, cut and on one line. */
export const shortReason = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, maxReason)
