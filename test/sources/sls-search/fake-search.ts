// The search of a Logstore on loopback: GetLogs and GetHistograms over rows in memory, with signatures that are looked at, and
// faults on demand.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SearchAddress } from '../../../src/sources/sls-search/http-exchange.ts'

export type FakeRow = Readonly<Record<string, string>>

export const fakeKeys = { accessKeyId: 'test-ak', accessKeySecret: 'test-sk' }
export const fakePlace = { project: 'fc-test', logstore: 'fc-logs' }

/** What happens to a request instead of its answer, or to the answer. */
export interface SearchFault {
  readonly api?: 'count' | 'page'
  /** Requests that it happens to. */
  times: number
  /** Requests that are spared before. */
  after?: number
  /** Half of the answer, and said so. */
  readonly isIncomplete?: boolean
  readonly status?: number
  readonly code?: string
  readonly how?: 'html' | 'drop' | 'hang' | 'truncate'
  /** Headers that are not sent. */
  readonly omits?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of the rows. */
  readonly body?: string
  /** Called before the answer is made. */
  readonly act?: () => void
}

export interface AskedSearch {
  readonly api: 'count' | 'page'
  readonly from: number
  readonly to: number
  readonly offset: number
  readonly query: string | null
  readonly headers: IncomingMessage['headers']
}

const timeOf = (row: FakeRow): number => Number(row['__time__'])

export class FakeSearch {
  /** In any order; found in order of time, and of equal times in this order. */
  rows: FakeRow[] = []
  readonly faults: SearchFault[] = []
  readonly asked: AskedSearch[] = []
  keys: { accessKeyId: string; accessKeySecret: string; securityToken?: string } = fakeKeys
  /** Of its clock before ours. */
  clockOffsetMs = 0
  /** Requests that are being answered, and the most that ever were. */
  underWay = 0
  mostUnderWay = 0
  readonly #server: Server
  #hung = Promise.withResolvers<void>()

  constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response))
  }

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  get port(): number {
    // It listens on a port.
    return (this.#server.address() as AddressInfo).port
  }

  /** Settled when the next request is left without an answer. */
  get hung(): Promise<void> {
    this.#hung = Promise.withResolvers<void>()
    return this.#hung.promise
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get address(): SearchAddress {
    const hostHeader = `${fakePlace.project}.127.0.0.1:${this.port}`
    return { isTls: false, host: '127.0.0.1', port: this.port, hostHeader }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    // So that requests are under way together.
    await new Promise(resolve => setTimeout(resolve, 1))
    if (!this.#server.listening) return
    this.#answer(request, response)
    this.underWay -= 1
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const api = url.searchParams.get('type') === 'histogram' ? 'count' : 'page'
    const number = (name: string): number => Number(url.searchParams.get(name) ?? 0)
    const span = { from: number('from'), to: number('to'), offset: number('offset') }
    this.asked.push({ api, ...span, query: url.searchParams.get('query'), headers: request.headers })
    const refusal = this.#refusal(request, url)
    if (refusal === null) this.#answerWith(this.#faultFor(api), response, api, { ...span, line: number('line') })
    else this.#refuse(response, ...refusal)
  }

  #answerWith(
    fault: SearchFault | null,
    response: ServerResponse,
    api: 'count' | 'page',
    span: { from: number; to: number; offset: number; line: number },
  ): void {
    fault?.act?.()
    if (fault?.status !== undefined && fault.code !== undefined) this.#refuse(response, fault.status, fault.code)
    else if (fault?.how === 'drop') response.destroy()
    else if (fault?.how === 'html') {
      response.writeHead(fault.status ?? 502, { 'content-type': 'text/html' })
      response.end('<html>502 Bad Gateway</html>')
    } else if (fault?.how === 'hang') this.#hung.resolve()
    else this.#send(response, api, span, fault)
  }

  /** The next one for such a request. */
  #faultFor(api: 'count' | 'page'): SearchFault | null {
    for (const fault of this.faults) {
      if (fault.times === 0 || (fault.api !== undefined && fault.api !== api)) continue
      if (fault.after !== undefined && fault.after > 0) {
        fault.after -= 1
        continue
      }
      fault.times -= 1
      return fault
    }
    return null
  }

  #send(
    response: ServerResponse,
    api: 'count' | 'page',
    { from, to, offset, line }: { from: number; to: number; offset: number; line: number },
    fault: SearchFault | null,
  ): void {
    const isIncomplete = fault?.isIncomplete === true
    const all = this.rows
      .filter(row => timeOf(row) >= from && timeOf(row) < to)
      .toSorted((a, b) => timeOf(a) - timeOf(b))
    const found = isIncomplete ? all.slice(0, all.length / 2) : all
    const progress = isIncomplete ? 'Incomplete' : 'Complete'
    const page = found.slice(offset, offset + line)
    const answer = api === 'page' ? page : this.#histogram(found, { from, to, progress })
    const text = fault?.body ?? JSON.stringify(answer)
    const body = fault?.how === 'truncate' ? text.slice(0, text.length / 2) : text
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-log-requestid': '65A24FA00B44B15D431A6B32',
      'x-log-progress': progress,
      'x-log-count': String(api === 'page' ? page.length : found.length),
      ...fault?.headers,
    }
    for (const name of fault?.omits ?? []) delete headers[name]
    response.writeHead(200, headers)
    response.end(body)
  }

  /** Two buckets, as the service gives several. */
  #histogram(
    rows: readonly FakeRow[],
    { from, to, progress }: { from: number; to: number; progress: string },
  ): unknown {
    const middle = Math.floor((from + to) / 2)
    const bounds = middle > from ? [from, middle, to] : [from, to]
    return bounds.slice(1).map((end, i) => {
      const begin = bounds[i]!
      const count = rows.filter(row => timeOf(row) >= begin && timeOf(row) < end).length
      return { from: begin, to: end, count, progress }
    })
  }

  #refuse(response: ServerResponse, status: number, code: string): void {
    const nowMs = Date.now() + this.clockOffsetMs
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-log-requestid': '65A24FA00B44B15D431A6B99',
      'x-log-time': String(Math.floor(nowMs / 1000)),
    })
    const errorMessage = `no: ${this.keys.accessKeyId} ${this.keys.accessKeySecret} ${this.keys.securityToken ?? ''}`
    response.end(JSON.stringify({ errorCode: code, errorMessage }))
  }

  /** As the service checks a request: host, time, signature (v1). */
  #refusal({ headers, method }: IncomingMessage, url: URL): [status: number, code: string] | null {
    if (headers.host !== this.address.hostHeader) return [404, 'ProjectNotExist']
    if (url.pathname !== `/logstores/${fakePlace.logstore}`) return [404, 'LogStoreNotExist']
    const skewMs = Date.parse(headers.date ?? '') - (Date.now() + this.clockOffsetMs)
    if (!(Math.abs(skewMs) < 900_000)) return [400, 'RequestTimeExpired']
    const { accessKeyId, accessKeySecret, securityToken } = this.keys
    if (headers['x-acs-security-token'] !== securityToken) return [401, 'SecurityTokenExpired']
    const signed = Object.entries(headers)
      .filter(([name]) => /^x-(log|acs)-/.test(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}:${value}\n`)
    const words = [...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted()
    const text = `${method}\n\n${headers['content-type'] ?? ''}\n${headers.date}\n${signed.join('')}${url.pathname}?${words.join('&')}`
    const signature = createHmac('sha1', accessKeySecret).update(text).digest('base64')
    return headers.authorization === `LOG ${accessKeyId}:${signature}` ? null : [401, 'SignatureNotMatch']
  }
}
