// Signature version 4: HMAC-SHA256 with a key of the day, the region and the service (facts §4.2).
import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import { headerLines, percentEncode, type SignedParts } from './signed-request.ts'

const algorithm = 'SLS4-HMAC-SHA256'

/** The headers that version 4 wants beside those of the request. */
export function headersV4(body: Buffer | null, nowMs: number): Record<string, string> {
  const date = `${new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  return { 'x-log-date': date, 'x-log-content-sha256': digestOf(body ?? '') }
}

/** The value of the `authorization` header. */
export function signV4(parts: SignedParts, credentials: Credentials, region: string): string {
  const dateTime = parts.headers['x-log-date'] ?? ''
  const date = dateTime.slice(0, 8)
  const scope = `${date}/${region}/sls/aliyun_v4_request`
  const text = `${algorithm}\n${dateTime}\n${scope}\n${digestOf(canonicalRequest(parts))}`
  const key = [date, region, 'sls', 'aliyun_v4_request'].reduce<Buffer | string>(
    (outer, part) => macOf(outer, part),
    `aliyun_v4${credentials.accessKeySecret}`,
  )
  return `${algorithm} Credential=${credentials.accessKeyId}/${scope},Signature=${macOf(key, text).toString('hex')}`
}

/** Exported for its test vector. */
export function canonicalRequest({ method, path, query, headers }: SignedParts): string {
  const names = Object.keys(headers).filter(isSigned).sort()
  const values = Object.keys(query)
    .sort()
    .map(name => (query[name] ? `${name}=${percentEncode(query[name])}` : name))
    .join('&')
  const lines = headerLines(headers, names)
  return [method, path, values, lines, names.join(';'), headers['x-log-content-sha256'] ?? ''].join('\n')
}

const isSigned = (name: string): boolean =>
  name === 'host' ||
  name === 'content-type' ||
  name.startsWith('x-acs-') ||
  (name.startsWith('x-log-') && !name.startsWith('x-log-meta-'))

const digestOf = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')
const macOf = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest()
