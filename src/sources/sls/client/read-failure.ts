// Makes an error of an answer that is none of what was asked for, with nothing in it that is secret.
import { redactText } from '../../../lib/redaction.ts'
import type { Credentials } from './credentials.ts'
import { judgeFailure } from './failure-kinds.ts'
import { SlsError } from './sls-api.ts'
import type { Reply } from './transport.ts'

const longestCode = 64
const longestText = 300

export const requestIdOf = (reply: Reply): string => {
  const id = reply.headers['x-log-requestid']
  return typeof id === 'string' ? id.slice(0, longestCode) : ''
}

/** A gateway, a proxy or a login page answered: the service itself always sends a request id. */
export function proxyFailure(api: string, reply: Reply): SlsError {
  const message = `${api}: HTTP ${reply.status} without a request id; a proxy or gateway answered, not Simple Log Service`
  return new SlsError({ code: 'Proxy', status: reply.status, requestId: '', kind: 'retry', message })
}

/** A reply of the service's own that cannot be read. */
export function badReply(api: string, reply: Reply, what: string, cause?: unknown): SlsError {
  const requestId = requestIdOf(reply)
  const message = `${api}: a reply that cannot be read: ${what} (request ${requestId})`
  return new SlsError({ code: 'BadReply', status: reply.status, requestId, kind: 'retry', message, cause })
}

/** The error that a status other than 2xx tells. The body is JSON, also where protobuf was asked for. */
export function readFailure(api: string, reply: Reply, credentials: Credentials): SlsError {
  const requestId = requestIdOf(reply)
  if (requestId === '') return proxyFailure(api, reply)
  const { status } = reply
  const body = readErrorBody(reply.body)
  const { code, kind } = judgeFailure(body?.code ?? (status >= 500 ? 'InternalServerError' : `Http${status}`), status)
  const text = body === null ? '' : `: ${harmless(body.text, credentials)}`
  const message = `${api}: ${code}${text} (HTTP ${status}, request ${requestId})`
  return new SlsError({ code, status, requestId, kind, message })
}

function readErrorBody(body: Buffer): { readonly code: string; readonly text: string } | null {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || !('errorCode' in value)) return null
  const { errorCode } = value
  if (typeof errorCode !== 'string' || !/^[\w.]+$/.test(errorCode)) return null
  const text = 'errorMessage' in value && typeof value.errorMessage === 'string' ? value.errorMessage : ''
  return { code: errorCode.slice(0, longestCode), text }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

/** One line, not too long. The service repeats keys, and what it thinks should have been signed, security token and all. */
function harmless(text: string, credentials: Credentials): string {
  let clean = text.slice(0, 8192)
  for (const secret of [credentials.accessKeySecret, credentials.securityToken, credentials.accessKeyId])
    if (secret !== null && secret !== '') clean = clean.replaceAll(secret, '***')
  const line = redactText(clean).replace(/\p{Cc}+/gu, ' ')
  return line.length > longestText ? `${line.slice(0, longestText)}…` : line
}
