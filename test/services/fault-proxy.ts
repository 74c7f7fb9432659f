// Stands between a client and an HTTP server, and does on demand what networks and servers do to requests.
import { once } from 'node:events'
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * `refuse`: the server has too much to do. `deny`: the password is wrong. `drop`: the connection is cut before anything is done.
 * `applied`: everything is done, and the connection is cut before the answer. `hang`: nothing is done, and no answer comes.
 */
export type Fault = 'refuse' | 'deny' | 'drop' | 'applied' | 'hang'

const refusals = {
  refuse: [503, '202', 'Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)'],
  deny: [
    403,
    '516',
    'Code: 516. DB::Exception: default: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)',
  ],
} as const

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

export class FaultProxy {
  readonly #target: string
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy())
  })
  /** What happens to the next requests that `concerns` names, one after the other. */
  readonly faults: Fault[] = []
  concerns: RegExp = /./
  /** Statements of requests that met a fault. */
  readonly met: string[] = []
  #onHang = Promise.withResolvers<void>()

  constructor(target: string) {
    this.#target = target
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    // An address of a TCP server that listens is one of these.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Settled when a request hangs. */
  get hung(): Promise<void> {
    return this.#onHang.promise
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const inUrl = new URL(request.url ?? '/', 'http://localhost').searchParams.get('query')
    // A server that has too much to do says so before it has read everything.
    const isEarly = this.faults[0] === 'refuse' && inUrl !== null && this.concerns.test(inUrl)
    const body = isEarly ? Buffer.alloc(0) : await bodyOf(request)
    const statement = inUrl ?? body.toString()
    const fault = this.concerns.test(statement) ? this.faults.shift() : undefined
    if (fault !== undefined) this.met.push(statement)
    if (fault === 'hang') {
      this.#onHang.resolve()
      return
    }
    if (fault === 'drop') {
      request.socket.destroy()
      return
    }
    if (fault === 'refuse' || fault === 'deny') {
      const [status, code, text] = refusals[fault]
      response.writeHead(status, { 'x-clickhouse-exception-code': code }).end(`${text}\n`)
      return
    }
    const answer = await this.#forward(request, body)
    const bytes = await answer.toArray()
    if (fault === 'applied') request.socket.destroy()
    else response.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(bytes))
  }

  async #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const { 'transfer-encoding': _, ...rest } = headers
    const forwarded = ask(`${this.#target}${url}`, {
      method: method ?? 'GET',
      headers: { ...rest, 'content-length': body.length },
    })
    forwarded.end(body)
    const [answer] = await once(forwarded, 'response')
    return answer
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}
