// The server that takes logs over HTTP: connections, time limits, and an orderly end.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readListen } from '../../lib/option-schema.ts'
import { Turns } from '../../lib/turns.ts'
import { listenError } from '../../model/listen-error.ts'
import { systemCode } from '../../model/system-code.ts'
import { httpListening, httpServerFailed } from '../../telemetry/events/http-source.ts'
import type { Inlet, Intake } from '../shared/intake.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import { ByteBudget } from './byte-budget.ts'
import { RefusalCounts } from './refusal-counts.ts'
import { type Answer, refusals, refused, sendAnswer } from './replies.ts'
import { hashToken, type LogsHead, readHead } from './request-head.ts'
import { takeLogs } from './take-logs.ts'

export interface HttpIntakeOptions {
  /** HOST:PORT */
  readonly listen: string
  /** Null where none is asked for. */
  readonly token: string | null
  readonly maxBodyBytes: number
  readonly requestTimeoutMs: number
  readonly maxConnections: number
}

// Longer than senders keep theirs: a connection that we close first may take a request with it.
const keepAliveMs = 75_000
const maxHeaderBytes = 16 * 1024
/** Bodies in memory, over all requests; four of the largest always fit. */
const minBudgetBytes = 64 * 1024 * 1024
const decompressorsAtOnce = 2

export class HttpIntake implements Intake {
  readonly #options: HttpIntakeOptions
  readonly #deps: SourceDeps
  readonly #tokenHash: Buffer | null
  readonly #budget: ByteBudget
  readonly #decompressing = new Turns(decompressorsAtOnce)
  readonly #refusals: RefusalCounts
  readonly #stopping = new AbortController()
  /** Requests that are being answered. */
  readonly #active = new Set<Promise<void>>()
  #server: Server | null = null
  #stopped: Promise<void> | null = null

  constructor(options: HttpIntakeOptions, deps: SourceDeps) {
    this.#options = options
    this.#deps = deps
    this.#tokenHash = options.token === null ? null : hashToken(options.token)
    this.#budget = new ByteBudget(Math.max(minBudgetBytes, 4 * options.maxBodyBytes))
    this.#refusals = new RefusalCounts(deps)
  }

  /** With `--once` nothing is listened on: what is there is what an earlier run had accepted. */
  async start(inlet: Inlet): Promise<void> {
    if (this.#deps.once) return
    const server = this.#createServer(inlet)
    await this.#listen(server)
    this.#server = server
  }

  resume(): void {
    // Senders come again by themselves.
  }

  isOver(): boolean {
    return false
  }

  get hasEnded(): boolean {
    return this.#deps.once || this.#stopped !== null
  }

  label(stream: string): string {
    return stream === '' ? this.#deps.name : stream
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown()
    return this.#stopped
  }

  #createServer(inlet: Inlet): Server {
    const { requestTimeoutMs, maxConnections } = this.#options
    const server = createServer({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: Math.min(requestTimeoutMs, 10_000),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, Math.ceil(requestTimeoutMs / 4)),
      keepAliveTimeout: keepAliveMs,
    })
    server.maxConnections = maxConnections
    const take = (request: IncomingMessage, response: ServerResponse, isAsked: boolean): void => {
      const answering = this.#answer({ request, response, isAsked, inlet }).catch(cause => {
        httpServerFailed(this.#deps.log, { source: this.#deps.name, code: systemCode(cause) })
        response.destroy()
      })
      this.#active.add(answering)
      void answering.finally(() => this.#active.delete(answering))
    }
    server.on('request', (request, response) => take(request, response, false))
    // curl and others ask before they send a large body; they get their refusal before they have sent it.
    server.on('checkContinue', (request, response) => take(request, response, true))
    server.on('drop', () => this.#refusals.add('tooManyConnections'))
    return server
  }

  #listen(server: Server): Promise<void> {
    const { listen } = this.#options
    const { log, name } = this.#deps
    const address = readListen(listen)
    const who = { en: `source ${name}`, zh: `数据源 ${name}` }
    if (address === null) return Promise.reject(listenError(who, listen, null))
    return new Promise((resolve, reject) => {
      server.once('error', cause => reject(listenError(who, listen, cause)))
      server.listen(address, () => {
        server.removeAllListeners('error')
        server.on('error', cause => httpServerFailed(log, { source: name, code: systemCode(cause) }))
        const bound = server.address()
        if (typeof bound === 'object' && bound !== null) {
          httpListening(log, { source: name, address: bound.address, port: bound.port })
        }
        resolve()
      })
    })
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { request, response } = exchange
    const answer = await this.#answerTo(exchange)
    if (answer === null || response.destroyed) return
    if (answer.kind === 'refused') this.#refusals.add(answer.refusal.code)
    const sent = new Promise(resolve => response.once('close', resolve))
    sendAnswer(request, response, answer)
    await sent
  }

  async #answerTo({ request, response, isAsked, inlet }: Exchange): Promise<Answer | null> {
    const isStopping = this.#stopping.signal.aborted
    const head = readHead(request, this.#tokenHash, this.#options.maxBodyBytes)
    if (head.kind === 'refused') return refused(head.refusal)
    if (isStopping) return refused(refusals.stopping)
    if (head.kind === 'health') return { kind: 'healthy' }
    if (inlet.isFull()) return refused(refusals.backlogFull)
    if (isAsked) response.writeContinue()
    return this.#takeLogs(request, head, inlet)
  }

  async #takeLogs(request: IncomingMessage, head: LogsHead, inlet: Inlet): Promise<Answer | null> {
    const share = this.#budget.share()
    try {
      return await takeLogs(request, head, {
        inlet,
        maxBodyBytes: this.#options.maxBodyBytes,
        share,
        decompressing: this.#decompressing,
        stopping: this.#stopping.signal,
      })
    } finally {
      share.giveBack()
    }
  }

  /** Bodies that are not complete are turned away; the others are taken and answered. */
  async #shutDown(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#stopping.abort()
    const closed = new Promise(resolve => server.close(resolve))
    while (this.#active.size > 0) await Promise.all(this.#active)
    server.closeAllConnections()
    await closed
    this.#refusals.flush()
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The sender waits for "100 Continue". */
  readonly isAsked: boolean
  readonly inlet: Inlet
}
