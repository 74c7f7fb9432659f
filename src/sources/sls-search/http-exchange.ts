// One GET and its whole answer, within bounds, on connections that are kept.
import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions, request as requestHttps } from 'node:https'
import { isIP } from 'node:net'

/** The service closes after a minute without a request. */
const idleMs = 50_000

/** Where requests go, and what they name. */
export interface SearchAddress {
  readonly isTls: boolean
  readonly host: string
  readonly port: number
  /** The value of the header Host. */
  readonly hostHeader: string
}

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface GetRequest {
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly maxBodyBytes: number
  readonly signal: AbortSignal
}

/** A body that is longer than was allowed. */
export class BodyTooLong extends Error {
  override readonly name = 'BodyTooLong'
}

export class HttpExchange {
  readonly #address: SearchAddress
  readonly #agent: HttpAgent | HttpsAgent

  constructor(address: SearchAddress) {
    const options = { keepAlive: true, timeout: idleMs }
    this.#address = address
    this.#agent = address.isTls ? new HttpsAgent(options) : new HttpAgent(options)
  }

  /** Rejects with what the network says, the signal's reason, or {@link BodyTooLong}. */
  async get(request: GetRequest): Promise<HttpReply> {
    const response = await this.#send(request)
    const body = await readBody(response, request.maxBodyBytes)
    return { status: response.statusCode ?? 0, headers: response.headers, body }
  }

  close(): void {
    this.#agent.destroy()
  }

  #send({ target, headers, signal }: GetRequest): Promise<IncomingMessage> {
    const { host, port, hostHeader, isTls } = this.#address
    const options: RequestOptions = {
      host,
      port,
      path: target,
      headers: { ...headers, host: hostHeader },
      agent: this.#agent,
      signal,
      // An address has no name that could be asked for; its certificate has to name the address.
      ...(isIP(host) !== 0 && { servername: '' }),
    }
    return new Promise((resolve, reject) => {
      const sent = (isTls ? requestHttps : requestHttp)(options)
      sent.once('response', resolve)
      sent.on('error', reject)
      sent.end()
    })
  }
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response) {
    // Without an encoding set, the parts are buffers.
    const buffer = part as Buffer
    bytes += buffer.length
    if (bytes > maxBytes) throw new BodyTooLong(`more than ${maxBytes} bytes`)
    parts.push(buffer)
  }
  return Buffer.concat(parts, bytes)
}
