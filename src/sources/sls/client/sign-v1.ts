// Signature version 1: HMAC-SHA1 over method, digest, type, date, headers and the plain query (facts §4.1).
import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import { headerLines, type SignedParts } from './signed-request.ts'

/** The headers that version 1 wants beside those of the request. */
export function headersV1(body: Buffer | null, nowMs: number): Record<string, string> {
  const headers = { date: new Date(nowMs).toUTCString(), 'x-log-signaturemethod': 'hmac-sha1' }
  if (body === null) return headers
  // Hexadecimal in capitals, other than anywhere else.
  return { ...headers, 'content-md5': createHash('md5').update(body).digest('hex').toUpperCase() }
}

/** The value of the `authorization` header. */
export function signV1(parts: SignedParts, credentials: Credentials): string {
  const mac = createHmac('sha1', credentials.accessKeySecret).update(textV1(parts)).digest('base64')
  return `LOG ${credentials.accessKeyId}:${mac}`
}

function textV1({ method, path, query, headers }: SignedParts): string {
  const names = Object.keys(headers).filter(name => name.startsWith('x-log-') || name.startsWith('x-acs-'))
  const values = Object.keys(query)
    .sort()
    .map(name => `${name}=${query[name]}`)
    .join('&')
  const head = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', headers['date'] ?? ''].join('\n')
  return `${head}\n${headerLines(headers, names.sort())}${path}${values === '' ? '' : `?${values}`}`
}
