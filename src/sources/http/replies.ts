// Everything the endpoint answers, as data: status, code, headers and the sentence for people.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Lang } from '../../model/cause.ts'
import type { Text } from '../../model/fcscope-error.ts'

/** A request that is not taken. */
export interface Refusal {
  readonly status: number
  readonly code: RefusalCode
  readonly headers: Readonly<Record<string, string>>
  readonly text: Text
}

/** What is answered to a request. `duplicate`: the key of the body was seen before, and these bytes were not taken again. */
export type Answer =
  | { readonly kind: 'taken' | 'duplicate'; readonly bytes: number; readonly lines: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'healthy' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Codes are stable; they are also the reasons in events. */
export type RefusalCode =
  | 'badCompression'
  | 'badIdempotencyKey'
  | 'badStream'
  | 'tokenMissing'
  | 'fromBrowser'
  | 'notFound'
  | 'methodNotAllowed'
  | 'tooLarge'
  | 'unknownEncoding'
  | 'backlogFull'
  | 'tooManyBodies'
  | 'stopping'
  | 'writeFailed'

const refusal = (
  status: number,
  code: RefusalCode,
  text: Text,
  headers: Readonly<Record<string, string>> = {},
): Refusal => ({ status, code, headers, text })

// Seconds. A full backlog moves with every batch of the worker; a stop or a full disk takes longer.
const soon = { 'Retry-After': '1' }
const later = { 'Retry-After': '5' }
const muchLater = { 'Retry-After': '15' }

export const refusals = {
  badCompression: refusal(400, 'badCompression', {
    en: 'The body cannot be decompressed as Content-Encoding says: it breaks off, is damaged, or something else follows. Nothing was taken.',
    zh: '请求体无法按 Content-Encoding 解压：数据中断、损坏或其后还有其他内容。未接收任何数据。',
  }),
  badIdempotencyKey: refusal(400, 'badIdempotencyKey', {
    en: 'Idempotency-Key must have 1 to 256 printable ASCII characters.',
    zh: 'Idempotency-Key 必须为 1 到 256 个可打印的 ASCII 字符。',
  }),
  badStream: refusal(400, 'badStream', {
    en: 'The name of a stream must have 1 to 128 printable characters.',
    zh: '流名称必须为 1 到 128 个可打印字符。',
  }),
  tokenMissing: refusal(
    401,
    'tokenMissing',
    {
      en: 'The token is missing or wrong. Send it as: Authorization: Bearer TOKEN',
      zh: '令牌缺失或不正确，请使用请求头 Authorization: Bearer TOKEN。',
    },
    { 'WWW-Authenticate': 'Bearer realm="fcscope"' },
  ),
  fromBrowser: refusal(403, 'fromBrowser', {
    en: 'Web pages may send logs only where a token is set.',
    zh: '仅在设置了令牌时才允许网页发送日志。',
  }),
  notFound: refusal(404, 'notFound', {
    en: 'There is nothing here. Logs go to POST /v1/logs.',
    zh: '路径不存在，请使用 POST /v1/logs 发送日志。',
  }),
  tooLarge: refusal(413, 'tooLarge', {
    en: 'The body is larger than maxBodyBytes, compressed or not. Nothing was taken; send it in parts.',
    zh: '请求体（压缩前或压缩后）超过 maxBodyBytes。未接收任何数据，请分批发送。',
  }),
  unknownEncoding: refusal(
    415,
    'unknownEncoding',
    {
      en: 'Content-Encoding must be one of identity, gzip, deflate, zstd.',
      zh: 'Content-Encoding 必须是 identity、gzip、deflate、zstd 之一。',
    },
    { 'Accept-Encoding': 'gzip, deflate, zstd' },
  ),
  backlogFull: refusal(
    429,
    'backlogFull',
    {
      en: 'More logs wait than maxBacklogBytes allows. Nothing was taken; send the body again later.',
      zh: '待处理的日志已达到 maxBacklogBytes。未接收任何数据，请稍后重发。',
    },
    soon,
  ),
  tooManyBodies: refusal(
    429,
    'tooManyBodies',
    {
      en: 'Too many bodies are being received at once. Nothing was taken; send the body again later.',
      zh: '同时接收的请求体过多。未接收任何数据，请稍后重发。',
    },
    soon,
  ),
  stopping: refusal(
    503,
    'stopping',
    {
      en: 'The program is stopping. Nothing was taken; send the body again later.',
      zh: '程序正在停止。未接收任何数据，请稍后重发。',
    },
    { ...later, Connection: 'close' },
  ),
  writeFailed: refusal(
    503,
    'writeFailed',
    {
      en: 'The body cannot be written to the disk. Nothing was taken; send it again later.',
      zh: '请求体无法写入磁盘。未接收任何数据，请稍后重发。',
    },
    muchLater,
  ),
} as const satisfies Partial<Record<RefusalCode, Refusal>>

export const methodNotAllowed = (allowed: string): Refusal =>
  refusal(
    405,
    'methodNotAllowed',
    { en: `The method must be ${allowed}.`, zh: `请求方法必须为 ${allowed}。` },
    { Allow: allowed },
  )

export const refused = (reason: Refusal): Answer => ({ kind: 'refused', refusal: reason })

export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (answer.kind === 'empty') {
    response.writeHead(204).end()
  } else if (answer.kind === 'refused') {
    const { status, code, headers, text } = answer.refusal
    sendJson(response, status, { error: code, message: text[langOf(request)] }, headers)
  } else if (answer.kind === 'healthy') {
    sendJson(response, 200, { status: 'ok' })
  } else {
    const { bytes, lines } = answer
    sendJson(response, 200, { bytes, lines }, answer.kind === 'duplicate' ? { 'Idempotency-Replayed': 'true' } : {})
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `${JSON.stringify(body)}\n`
  const length = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }
  response.writeHead(status, { ...length, ...headers }).end(text)
}

const langOf = (request: IncomingMessage): Lang =>
  /^zh\b/i.test(request.headers['accept-language'] ?? '') ? 'zh' : 'en'
