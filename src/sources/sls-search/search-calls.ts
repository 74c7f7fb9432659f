// GetLogs and GetHistograms through the official npm package. The package drops what its callers need: the status and the headers,
// in which stands whether an answer is complete; and what is no JSON it gives out as a success. So requests and signatures are its
// own, and the sending is ours.
import type { Query } from '@alicloud/log'
import { Turns } from '../../lib/turns.ts'
import { BodyTooLong, HttpExchange, type HttpReply, type SearchAddress } from './http-exchange.ts'
import type { SearchCredentialsProvider } from './search-api.ts'
import { type CountReply, type PageReply, pageRows, type SearchCalls, type Seconds } from './search-api.ts'
import { SearchError } from './search-error.ts'
import { readCount, readFailure, readPage, serviceTimeMs } from './search-replies.ts'

/** An answer holds 100 rows, of which each may be a MB. */
const maxBodyBytes = 128 * 1024 * 1024
const defaultLimitMs = 60_000

export interface SearchPlace {
  readonly address: SearchAddress
  readonly project: string
  readonly logstore: string
  /** Null for all rows. */
  readonly query: string | null
  readonly credentials: SearchCredentialsProvider
  /** Requests that may be under way; others wait for their turn. */
  readonly inFlight: number
  /** How long one request may take. */
  readonly limitMs?: number
  /** Unix ms. */
  readonly nowMs: () => number
}

interface CallOptions {
  readonly signal: AbortSignal
}

/** The package is loaded here: that takes a tenth of a second. */
export async function openSearchCalls(place: SearchPlace): Promise<SearchCalls> {
  const exchange = new HttpExchange(place.address)
  return new AlicloudSearch(place, exchange, await createClient(place, exchange))
}

class AlicloudSearch implements SearchCalls {
  readonly #place: SearchPlace
  readonly #exchange: HttpExchange
  readonly #client: SearchClient
  readonly #turns: Turns
  readonly #query: Query

  constructor(place: SearchPlace, exchange: HttpExchange, client: SearchClient) {
    this.#place = place
    this.#exchange = exchange
    this.#client = client
    this.#turns = new Turns(place.inFlight)
    this.#query = place.query === null ? {} : { query: place.query }
  }

  async count(window: Seconds, signal: AbortSignal): Promise<CountReply> {
    const { project, logstore } = this.#place
    const { from, to } = datesOf(window)
    const reply = await this.#ask(signal, options =>
      this.#client.getHistograms(project, logstore, from, to, this.#query, options),
    )
    return readCount(reply)
  }

  async page(window: Seconds, offset: number, signal: AbortSignal): Promise<PageReply> {
    const { project, logstore } = this.#place
    const { from, to } = datesOf(window)
    const query = { ...this.#query, line: pageRows, offset, reverse: 'false' }
    const reply = await this.#ask(signal, options => this.#client.getLogs(project, logstore, from, to, query, options))
    return readPage(reply)
  }

  invalidateCredentials(): void {
    this.#place.credentials.invalidate()
  }

  close(): void {
    this.#exchange.close()
  }

  #ask(signal: AbortSignal, call: (options: CallOptions) => Promise<HttpReply>): Promise<HttpReply> {
    const { limitMs = defaultLimitMs } = this.#place
    return this.#turns.run(async () => {
      const limit = AbortSignal.timeout(limitMs)
      try {
        return await call({ signal: AbortSignal.any([signal, limit]) })
      } catch (error) {
        if (error instanceof SearchError || signal.aborted) throw error
        throw networkError(error, limit.aborted ? limitMs : null)
      }
    })
  }
}

const datesOf = ({ from, to }: Seconds): { readonly from: Date; readonly to: Date } => ({
  from: new Date(from * 1000),
  to: new Date(to * 1000),
})

type SearchClient = Awaited<ReturnType<typeof createClient>>

async function createClient(place: SearchPlace, exchange: HttpExchange) {
  const { default: Client } = await import('@alicloud/log')
  /** How far the service's clock is ahead of ours. */
  let clockOffsetMs = 0
  class SearchClient extends Client<HttpReply, CallOptions> {
    protected override async _request(
      verb: string,
      _project: string,
      path: string,
      query: Query,
      _body: Buffer | null,
      _headers: Readonly<Record<string, string>>,
      { signal }: CallOptions,
    ): Promise<HttpReply> {
      const credentials = await this._getCredentials()
      const { accessKeyId, accessKeySecret, securityToken } = credentials
      const unsigned = {
        'content-type': 'application/json',
        date: new Date(place.nowMs() + clockOffsetMs).toUTCString(),
        'x-log-apiversion': '0.6.0',
        'x-log-bodyrawsize': '0',
        'x-log-signaturemethod': 'hmac-sha1',
        'user-agent': 'fcscope',
        ...(securityToken !== undefined && { 'x-acs-security-token': securityToken }),
      }
      const headers = { ...unsigned, authorization: this._sign(verb, path, query, unsigned, credentials) }
      const words = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      const reply = await exchange.get({ target: `${path}?${words.join('&')}`, headers, maxBodyBytes, signal })
      const failure = readFailure(reply, [accessKeySecret, securityToken, accessKeyId])
      if (failure === null) return reply
      if (failure.kind === 'clock') clockOffsetMs = (serviceTimeMs(reply) ?? place.nowMs()) - place.nowMs()
      throw failure
    }
  }
  return new SearchClient({
    endpoint: place.address.hostHeader,
    credentialsProvider: {
      // The package wants a native async function.
      async getCredentials() {
        const { securityToken, ...keys } = await getCredentials(place.credentials)
        return securityToken === null ? keys : { ...keys, securityToken }
      },
    },
  })
}

async function getCredentials(provider: SearchCredentialsProvider) {
  try {
    return await provider.get()
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'no credentials'
    throw new SearchError({ kind: 'denied', code: 'Credentials', status: 0, requestId: '', message, cause })
  }
}

/** `limitMs`: null where it was not the time that ended it. */
function networkError(cause: unknown, limitMs: number | null): SearchError {
  if (cause instanceof BodyTooLong) {
    const message = `an answer of ${cause.message}`
    return new SearchError({ kind: 'tooLarge', code: 'TooLarge', status: 0, requestId: '', message, cause })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  const code = limitMs === null ? 'Network' : 'Timeout'
  const message = limitMs === null ? `the connection failed (${reason})` : `no answer in ${limitMs / 1000} s`
  return new SearchError({ kind: 'retry', code, status: 0, requestId: '', message, cause })
}
