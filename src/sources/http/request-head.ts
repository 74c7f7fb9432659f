// What a request says before its body comes, and whether it is worth receiving.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Encoding, encodings } from './decompress-body.ts'
import { methodNotAllowed, type Refusal, refusals } from './replies.ts'

/** A body that may come. */
export interface LogsHead {
  readonly kind: 'logs'
  /** Empty for those who do not name one. */
  readonly stream: string
  readonly encoding: Encoding
  readonly key: string | null
}

export type Head = LogsHead | { readonly kind: 'health' } | { readonly kind: 'refused'; readonly refusal: Refusal }

/** `tokenHash`: {@link hashToken} of the token; null when none is set. */
export function readHead(request: IncomingMessage, tokenHash: Buffer | null, maxBodyBytes: number): Head {
  const url = URL.parse(request.url ?? '/', 'http://localhost')
  if (url?.pathname === '/healthz') {
    const isAllowed = request.method === 'GET' || request.method === 'HEAD'
    return isAllowed ? { kind: 'health' } : refuse(methodNotAllowed('GET, HEAD'))
  }
  if (url?.pathname !== '/v1/logs') return refuse(refusals.notFound)
  if (request.method !== 'POST') return refuse(methodNotAllowed('POST'))
  if (tokenHash === null) {
    // A page of any site can post to a port of this machine, and its browser always says where the page is from.
    if (request.headers.origin !== undefined) return refuse(refusals.fromBrowser)
  } else if (!isToken(request.headers.authorization, tokenHash)) {
    return refuse(refusals.tokenMissing)
  }
  const stream = readStream(request, url.searchParams)
  if (stream === null) return refuse(refusals.badStream)
  const key = readKey(request)
  if (key === 'bad') return refuse(refusals.badIdempotencyKey)
  const encoding = readEncoding(request)
  if (encoding === null) return refuse(refusals.unknownEncoding)
  // What is too large compressed is too large.
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return refuse(refusals.tooLarge)
  return { kind: 'logs', stream, encoding, key: key?.key ?? null }
}

const refuse = (refusal: Refusal): Head => ({ kind: 'refused', refusal })

/** Hashes have one length, so that comparing them takes one time. */
export const hashToken = (token: string | Buffer): Buffer => createHash('sha256').update(token).digest()

function isToken(authorization: string | undefined, tokenHash: Buffer): boolean {
  const given = /^bearer +(.+)$/i.exec(authorization ?? '')?.[1]?.trimEnd()
  return given !== undefined && timingSafeEqual(hashToken(headerBytes(given)), tokenHash)
}

/** Node reads headers as latin1; senders write UTF-8. */
const headerBytes = (value: string): Buffer => Buffer.from(value, 'latin1')

// No control, format or unassigned characters, and no line or paragraph separators. U+FFFD comes from a broken escape.
const streamPattern = /^(?!.*\ufffd)[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,128}$/u

/** Null when the name is not allowed. The address goes before the header. */
function readStream(request: IncomingMessage, query: URLSearchParams): string | null {
  const header = request.headers['x-fcscope-stream']
  const name = query.get('stream') ?? (typeof header === 'string' ? headerBytes(header).toString('utf8') : null)
  if (name === null) return ''
  return streamPattern.test(name) ? name : null
}

function readKey(request: IncomingMessage): { readonly key: string } | null | 'bad' {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  return typeof key === 'string' && /^[\x20-\x7e]{1,256}$/.test(key) ? { key } : 'bad'
}

function readEncoding(request: IncomingMessage): Encoding | null {
  const name = (request.headers['content-encoding'] ?? '').trim().toLowerCase()
  if (name === '') return 'identity'
  const known = name === 'x-gzip' ? 'gzip' : name
  return encodings.find(encoding => encoding === known) ?? null
}
