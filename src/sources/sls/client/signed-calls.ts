// A call: a signed request and its answer. Mends the clock and the credentials, once each; everything else is the caller's.
import type { LookupFunction } from 'node:net'
import { CallScope } from './call-scope.ts'
import { areSameCredentials, type Credentials, type CredentialsProvider } from './credentials.ts'
import { type ProjectAddress, projectAddress, type SlsEndpoint } from './endpoint.ts'
import { isClockFailure, isRefusedCredential } from './failure-kinds.ts'
import { proxyFailure, readFailure, requestIdOf } from './read-failure.ts'
import { headersV1, signV1 } from './sign-v1.ts'
import { headersV4, signV4 } from './sign-v4.ts'
import { queryText } from './signed-request.ts'
import { SlsError } from './sls-api.ts'
import { type HttpRequest, type Reply, TooLongBody, Transport } from './transport.ts'

/** One call of the service. */
export interface Call {
  /** The service's name for it. */
  readonly api: string
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Encoded. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  /** For everything: getting credentials, sending, the whole answer, and doing it again. */
  readonly limitMs: number
  readonly maxBodyBytes: number
}

export interface SignedCallsOptions {
  readonly endpoint: SlsEndpoint
  readonly project: string
  readonly credentials: CredentialsProvider
  /** With a region: version 4. */
  readonly region: string | null
  readonly nowMs: () => number
  readonly lookup: LookupFunction | undefined
}

/** What was mended in a call already. */
interface Mended {
  clock: boolean
  credentials: boolean
}

export class SignedCalls {
  readonly #options: SignedCallsOptions
  readonly #address: ProjectAddress
  readonly #transport: Transport
  readonly #closing = new AbortController()
  /** The service's clock minus ours. */
  #clockOffsetMs = 0

  constructor(options: SignedCallsOptions) {
    this.#options = options
    this.#address = projectAddress(options.endpoint, options.project)
    this.#transport = new Transport(this.#address, options.lookup)
  }

  /** A reply with a 2xx from the service itself. Rejects with an {@link SlsError}, or with the reason of the signal's abort. */
  async send(call: Call, signal: AbortSignal): Promise<Reply> {
    const scope = new CallScope([signal, this.#closing.signal], call.limitMs, () => timedOut(call))
    try {
      return await this.#sendWithin(scope, call)
    } finally {
      scope.end()
    }
  }

  close(): void {
    this.#closing.abort(failure('Closed', 'fatal', 'the client was closed'))
    this.#transport.close()
  }

  async #sendWithin(scope: CallScope, call: Call): Promise<Reply> {
    const mended: Mended = { clock: false, credentials: false }
    while (true) {
      const credentials = await scope.race(this.#credentials())
      const reply = await this.#exchange(call, credentials, scope.signal)
      if (reply.status >= 200 && reply.status < 300) {
        if (requestIdOf(reply) === '') throw proxyFailure(call.api, reply)
        return reply
      }
      const failure = readFailure(call.api, reply, credentials)
      if (!mended.clock && isClockFailure(failure.code) && this.#takeTime(reply)) mended.clock = true
      else if (!mended.credentials && isRefusedCredential(failure.code)) {
        mended.credentials = true
        await scope.race(this.#replace(credentials))
      } else throw failure
    }
  }

  async #exchange(call: Call, credentials: Credentials, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted()
    try {
      return await this.#transport.exchange(this.#sign(call, credentials), signal)
    } catch (error) {
      signal.throwIfAborted()
      throw networkFailure(call, error)
    }
  }

  #sign(call: Call, credentials: Credentials): HttpRequest {
    const { method, path, query, body, maxBodyBytes } = call
    const { region } = this.#options
    const nowMs = this.#options.nowMs() + this.#clockOffsetMs
    const headers: Record<string, string> = {
      ...call.headers,
      ...(region === null ? headersV1(body, nowMs) : { ...headersV4(body, nowMs), host: this.#address.hostHeader }),
      'user-agent': 'fcscope',
      'x-log-apiversion': '0.6.0',
      'x-log-bodyrawsize': String(body?.length ?? 0),
      ...(credentials.securityToken === null ? {} : { 'x-acs-security-token': credentials.securityToken }),
    }
    const parts = { method, path, query, headers }
    headers['authorization'] = region === null ? signV1(parts, credentials) : signV4(parts, credentials, region)
    const values = queryText(query)
    return { method, target: values === '' ? path : `${path}?${values}`, headers, body, maxBodyBytes }
  }

  /** Takes over the service's time; false when the reply does not say it. */
  #takeTime(reply: Reply): boolean {
    const serverMs = serverTimeMs(reply)
    if (Number.isNaN(serverMs)) return false
    this.#clockOffsetMs = serverMs - this.#options.nowMs()
    return true
  }

  async #credentials(): Promise<Credentials> {
    try {
      return await this.#options.credentials.get()
    } catch (error) {
      if (error instanceof SlsError) throw error
      // What it says may hold a secret.
      throw failure('Credentials', 'denied', 'no credentials could be got')
    }
  }

  /** Another call may have done it meanwhile: what is newer than what was refused stays. */
  async #replace(refused: Credentials): Promise<void> {
    if (areSameCredentials(await this.#credentials(), refused)) this.#options.credentials.invalidate()
  }
}

/** NaN when the reply does not say it. */
function serverTimeMs({ headers }: Reply): number {
  const seconds = headers['x-log-time']
  if (typeof seconds === 'string' && /^\d{1,12}$/.test(seconds)) return Number(seconds) * 1000
  return Date.parse(headers.date ?? '')
}

const failure = (code: string, kind: SlsError['kind'], message: string, cause?: unknown): SlsError =>
  new SlsError({ code, status: 0, requestId: '', kind, message, cause })

const timedOut = (call: Call): SlsError =>
  failure('Timeout', 'retry', `${call.api}: no whole answer within ${call.limitMs / 1000} s`)

function networkFailure(call: Call, error: unknown): SlsError {
  if (error instanceof TooLongBody) return failure('BadReply', 'retry', `${call.api}: ${error.message}`, error)
  return failure('Network', 'retry', `${call.api}: the service cannot be reached: ${networkText(error)}`, error)
}

/** Errors of the network name the host and the address, and no more. Where several addresses failed there is a code only. */
function networkText(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.message || ('code' in error ? String(error.code) : error.name)
}
