// One request over HTTP and its whole answer, on connections that are kept: no signature and no meaning here.
import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { ProjectAddress } from './endpoint.ts'

/** The service closes after a minute without a request. */
const idleMs = 50_000
const maxConnections = 256

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface HttpRequest {
  readonly method: string
  /** With the query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  /** A longer body is an error. */
  readonly maxBodyBytes: number
}

/** The body is longer than was allowed. */
export class TooLongBody extends Error {
  override readonly name = 'TooLongBody'
}

/** Connections to one address. */
export class Transport {
  readonly #agent: HttpAgent | HttpsAgent
  readonly #address: ProjectAddress
  readonly #lookup: LookupFunction | undefined

  constructor(address: ProjectAddress, lookup: LookupFunction | undefined) {
    const options = { keepAlive: true, timeout: idleMs, maxSockets: maxConnections }
    this.#agent = address.isTls ? new HttpsAgent(options) : new HttpAgent(options)
    this.#address = address
    this.#lookup = lookup
  }

  /** Rejects with what the network says, or with a {@link TooLongBody}. After an abort it rejects with anything. */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<Reply> {
    const first = new Attempt()
    try {
      return await this.#attempt(request, signal, first)
    } catch (error) {
      // The connection was closed from the other side while we took it up again: nobody saw the request. All requests may come twice.
      if (!first.isOnStaleConnection || signal.aborted) throw error
      return await this.#attempt(request, signal, new Attempt())
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #attempt(request: HttpRequest, signal: AbortSignal, attempt: Attempt): Promise<Reply> {
    const response = await this.#send(request, signal, attempt)
    const body = await readBody(response, request.maxBodyBytes)
    return { status: response.statusCode ?? 0, headers: response.headers, body }
  }

  #send(request: HttpRequest, signal: AbortSignal, attempt: Attempt): Promise<IncomingMessage> {
    const { body } = request
    const open = this.#address.isTls ? requestHttps : requestHttp
    return new Promise((resolve, reject) => {
      const sent = open(this.#optionsFor(request, signal))
      let isAnswered = false
      sent.once('response', response => {
        isAnswered = true
        resolve(response)
      })
      sent.on('error', error => {
        attempt.isOnStaleConnection = sent.reusedSocket && !isAnswered
        reject(error)
      })
      sent.end(body ?? undefined)
    })
  }

  #optionsFor({ method, target, headers, body }: HttpRequest, signal: AbortSignal): RequestOptions {
    const { host, port, hostHeader } = this.#address
    const length = body === null ? {} : { 'content-length': String(body.length) }
    return {
      host,
      port,
      method,
      path: target,
      headers: { ...headers, host: hostHeader, ...length },
      agent: this.#agent,
      signal,
      ...(this.#lookup === undefined ? {} : { lookup: this.#lookup }),
      // An address has no name that could be asked for; its certificate has to name the address.
      ...(isIP(host) === 0 ? {} : { servername: '' }),
    }
  }
}

class Attempt {
  isOnStaleConnection = false
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLong(response, maxBytes)
  for await (const part of response) {
    // Without an encoding set, the parts are buffers.
    const buffer = part as Buffer
    bytes += buffer.length
    if (bytes > maxBytes) throw tooLong(response, maxBytes)
    parts.push(buffer)
  }
  return Buffer.concat(parts, bytes)
}

function tooLong(response: IncomingMessage, maxBytes: number): TooLongBody {
  response.destroy()
  return new TooLongBody(`a body of more than ${maxBytes} bytes`)
}
