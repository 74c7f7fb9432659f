// Requests over HTTP, as protobuf or as JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp).
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { systemCode } from '../../model/system-code.ts'
import { retryAfterMs, statusMessage, takenOutcome } from './export-reply.ts'
import type { OtlpConnection } from './otlp-options.ts'
import { type ExportOutcome, maxReplyBytes, type OtlpSignal, type OtlpTransport } from './otlp-transport.ts'
import type { TlsFiles } from './tls-files.ts'

const compress = promisify(gzip)
/** Requests repeat themselves: the fastest level makes them ten times smaller already. */
const level = 1

/** What may be sent again, as the specification lists it. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504])

interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export class HttpTransport implements OtlpTransport {
  readonly #options: OtlpConnection
  readonly #signal: OtlpSignal
  readonly #url: URL
  readonly #agent: HttpAgent | HttpsAgent
  readonly #isJson: boolean
  readonly #nowMs: () => number

  constructor(parts: { options: OtlpConnection; files: TlsFiles; signal: OtlpSignal; nowMs: () => number }) {
    const { options, files, signal, nowMs } = parts
    this.#options = options
    this.#signal = signal
    this.#url = new URL(options.url)
    if (this.#url.pathname === '/' && this.#url.search === '') this.#url.pathname = signal.path
    const keeping = { keepAlive: true, maxFreeSockets: 8 }
    const secured = { ...keeping, ...files, rejectUnauthorized: options.tls?.insecure !== true }
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent(secured) : new HttpAgent(keeping)
    this.#isJson = options.protocol === 'http/json'
    this.#nowMs = nowMs
  }

  async send(request: Buffer, signal: AbortSignal): Promise<ExportOutcome> {
    const plain = this.#isJson ? this.#signal.jsonOf(request) : request
    const body = this.#options.compression === 'gzip' ? await compress(plain, { level }) : plain
    // The time of an answer that never ends counts as well.
    const limit = AbortSignal.timeout(this.#options.timeoutMs)
    try {
      return this.#outcomeOf(await this.#exchange(body, AbortSignal.any([signal, limit])))
    } catch (error) {
      signal.throwIfAborted()
      const reason = limit.aborted ? `no answer within ${this.#options.timeoutMs} ms` : failureOf(error)
      return { kind: 'later', reason: `${this.#url.host}: ${reason}`, afterMs: null }
    }
  }

  #outcomeOf({ status, headers, body }: Reply): ExportOutcome {
    const type = headers['content-type'] ?? ''
    if (status >= 200 && status < 300) return takenOutcome(body, type.startsWith('application/json'))
    const said = statusMessage(body, type)
    const reason = `${this.#url.host} answers ${status}${said === '' ? '' : ` (${said})`}`
    if (!passing.has(status)) return { kind: 'refused', reason }
    return { kind: 'later', reason, afterMs: retryAfterMs(headers['retry-after'], this.#nowMs()) }
  }

  #exchange(body: Buffer, signal: AbortSignal): Promise<Reply> {
    const { headers, compression } = this.#options
    const send = this.#url.protocol === 'https:' ? requestHttps : requestHttp
    return new Promise((resolve, reject) => {
      const call = send(
        this.#url,
        {
          method: 'POST',
          agent: this.#agent,
          signal,
          headers: {
            'user-agent': 'fcscope',
            ...headers,
            'content-type': this.#isJson ? 'application/json' : 'application/x-protobuf',
            'content-length': body.length,
            ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
          },
        },
        answer => readReply(answer).then(resolve, reject),
      )
      call.on('error', reject)
      call.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

async function readReply(answer: IncomingMessage): Promise<Reply> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of answer) {
    length += piece.length
    if (length > maxReplyBytes) {
      answer.destroy()
      break
    }
    pieces.push(piece)
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }
}

/** The system's code says it best; names of hosts and files stay out. */
function failureOf(error: unknown): string {
  const code = systemCode(error)
  if (/CERT|^UNABLE_TO_/.test(code)) return `${code}: the backend's certificate; tls.caFile says whose are trusted`
  return code === 'EIO' && error instanceof Error ? error.name : code
}
