// Reads answers: what is no answer of the service, a part of one, or not what was asked for, is an error and never a success.
import { redactText } from '../../lib/redaction.ts'
import type { HttpReply } from './http-exchange.ts'
import type { CountReply, PageReply } from './search-api.ts'
import { failureKind, SearchError, type SearchFailureKind } from './search-error.ts'

const longestText = 300

/** Null for an answer of the service that says that all went well. `secrets` are kept out of what is said. */
export function readFailure(reply: HttpReply, secrets: readonly (string | undefined)[]): SearchError | null {
  const requestId = requestIdOf(reply)
  const { status } = reply
  if (requestId === '') {
    const message = `HTTP ${status} without a request id; a proxy or gateway answered, not Simple Log Service`
    return new SearchError({ kind: 'retry', code: 'Proxy', status, requestId, message })
  }
  if (status >= 200 && status < 300) return null
  const body = readErrorBody(reply.body)
  const code = body?.code ?? (status >= 500 ? 'InternalServerError' : `Http${status}`)
  const text = body === null ? '' : `: ${harmless(body.text, secrets)}`
  const message = `${code}${text} (HTTP ${status}, request ${requestId})`
  return new SearchError({ kind: failureKind(code, status), code, status, requestId, message })
}

/** The service's own time, unix ms; null when it does not tell it. */
export function serviceTimeMs({ headers }: HttpReply): number | null {
  const seconds = Number(headers['x-log-time'])
  if (Number.isInteger(seconds) && seconds > 0) return seconds * 1000
  const ms = Date.parse(headers.date ?? '')
  return Number.isNaN(ms) ? null : ms
}

/** An array of `{"from","to","count","progress"}`. */
export function readCount(reply: HttpReply): CountReply {
  const buckets = readArray(reply)
  let rows = 0
  let isComplete = isCompleteHead(reply)
  for (const bucket of buckets) {
    const count = member(bucket, 'count')
    const progress = member(bucket, 'progress')
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) throw badReply(reply, 'no count')
    rows += count
    if (typeof progress !== 'string' || progress.toLowerCase() !== 'complete') isComplete = false
  }
  return { rows, isComplete }
}

/** An array of flat objects. Where a header says how many, it has to be as many. */
export function readPage(reply: HttpReply): PageReply {
  if (reply.headers['x-log-progress'] === undefined) throw badReply(reply, 'nothing says whether it is complete')
  const rows = readArray(reply)
  const count = reply.headers['x-log-count']
  if (count !== undefined && Number(count) !== rows.length) throw badReply(reply, `${rows.length} of ${count} rows`)
  const lines = rows.map(row => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw badReply(reply, 'a row that is no object')
    return `${JSON.stringify(row)}\n`
  })
  return { bytes: Buffer.from(lines.join('')), rows: rows.length, isComplete: isCompleteHead(reply) }
}

const isCompleteHead = ({ headers }: HttpReply): boolean =>
  String(headers['x-log-progress'] ?? 'complete').toLowerCase() === 'complete'

function readArray(reply: HttpReply): readonly unknown[] {
  const value = parseJson(reply.body)
  if (!Array.isArray(value)) throw badReply(reply, 'no array of JSON')
  return value
}

function badReply(reply: HttpReply, what: string): SearchError {
  const requestId = requestIdOf(reply)
  const message = `a reply that cannot be read: ${what} (request ${requestId})`
  const kind: SearchFailureKind = 'retry'
  return new SearchError({ kind, code: 'BadReply', status: reply.status, requestId, message })
}

const requestIdOf = ({ headers }: HttpReply): string => {
  const id = headers['x-log-requestid']
  return typeof id === 'string' ? id.slice(0, 64) : ''
}

function readErrorBody(body: Buffer): { readonly code: string; readonly text: string } | null {
  const value = parseJson(body)
  const code = member(value, 'errorCode')
  const text = member(value, 'errorMessage')
  if (typeof code !== 'string' || !/^[\w.]{1,64}$/.test(code)) return null
  return { code, text: typeof text === 'string' ? text : '' }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

/** One line, not too long. The service repeats keys, and what it thinks should have been signed. */
function harmless(text: string, secrets: readonly (string | undefined)[]): string {
  let clean = text.slice(0, 8192)
  for (const secret of secrets) if (secret !== undefined && secret !== '') clean = clean.replaceAll(secret, '***')
  const line = redactText(clean).replace(/\p{Cc}+/gu, ' ')
  return line.length > longestText ? `${line.slice(0, longestText)}…` : line
}
