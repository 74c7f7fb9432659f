// Reads what a backend answers: which spans it did not take, why it refused a request, when it may be asked again.

import { type ExportOutcome, shortReason } from './otlp-transport.ts'
import { bytesField, numberField, protoFields } from './proto-reader.ts'

/** Longest time that a backend may make us wait. */
const maxRetryAfterMs = 300_000

/** The outcome of a request that was answered with success. What cannot be read counts as an answer without anything in it. */
export function takenOutcome(reply: Buffer, isJson: boolean): ExportOutcome {
  try {
    return isJson ? takenJson(reply) : takenProto(reply)
  } catch {
    return { kind: 'taken', rejected: 0, reason: '' }
  }
}

function takenProto(reply: Buffer): ExportOutcome {
  const partial = bytesField(reply, 1)
  if (partial === null) return { kind: 'taken', rejected: 0, reason: '' }
  const reason = bytesField(partial, 2)?.toString('utf8') ?? ''
  return { kind: 'taken', rejected: Math.max(0, numberField(partial, 1)), reason: shortReason(reason) }
}

function takenJson(reply: Buffer): ExportOutcome {
  const answer: unknown = JSON.parse(reply.toString('utf8'))
  const partial = member(answer, 'partialSuccess')
  const told = Number(member(partial, 'rejectedSpans') ?? member(partial, 'rejectedDataPoints') ?? 0)
  const rejected = Number.isFinite(told) ? Math.max(0, told) : 0
  const reason = shortReason(String(member(partial, 'errorMessage') ?? ''))
  return { kind: 'taken', rejected, reason }
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined

/** The message of a `google.rpc.Status`; a text where it is none. */
export function statusMessage(reply: Buffer, contentType: string): string {
  try {
    if (contentType.startsWith('application/json'))
      return shortReason(String(member(JSON.parse(reply.toString('utf8')), 'message') ?? ''))
    if (contentType.startsWith('application/x-protobuf'))
      return shortReason(bytesField(reply, 2)?.toString('utf8') ?? '')
  } catch {}
  return contentType.startsWith('text/plain') ? shortReason(reply.toString('utf8')) : ''
}

/** `Retry-After`: seconds, or a date. Null where it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? null : Math.min(maxRetryAfterMs, Math.max(0, ms))
}

const retryInfo = 'type.googleapis.com/google.rpc.RetryInfo'

/** The delay of the `RetryInfo` in a `google.rpc.Status`; null where there is none. */
export function retryInfoMs(status: Buffer): number | null {
  try {
    for (const detail of protoFields(status)) {
      if (detail.number !== 3 || detail.kind !== 'bytes') continue
      if (bytesField(detail.value, 1)?.toString('latin1') !== retryInfo) continue
      const delay = bytesField(bytesField(detail.value, 2) ?? Buffer.alloc(0), 1) ?? Buffer.alloc(0)
      const ms = numberField(delay, 1) * 1000 + numberField(delay, 2) / 1e6
      return Math.min(maxRetryAfterMs, Math.max(0, ms))
    }
  } catch {}
  return null
}
