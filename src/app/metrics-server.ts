// GET /metrics, /healthz, /readyz.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import { listenError } from '../model/listen-error.ts'

/** Why the worker cannot do its work now; empty when it can. */
export type Readiness = () => readonly string[]

export interface MetricsServerOptions {
  readonly host: string
  readonly port: number
  readonly registry: Registry
  /** Called before each scrape: sets gauges that nobody else keeps. */
  readonly observe: () => void
  readonly notReady: Readiness
}

const requestTimeoutMs = 10_000
const maxConnections = 256

const who = { en: 'metrics.listen', zh: 'metrics.listen' }

/** Serves until it is closed. */
export interface MetricsServer {
  readonly address: string
  close(): Promise<void>
}

/** Fails with `FCS_LISTEN_FAILED`. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    // A scrape that fails must not end the worker.
    answer(request, response, options).catch(() => send(response, 500, 'text/plain', 'the metrics cannot be read\n'))
  })
  server.requestTimeout = requestTimeoutMs
  server.headersTimeout = requestTimeoutMs
  server.maxConnections = maxConnections
  const { host, port } = options
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => reject(listenError(who, `${host}:${port}`, cause)))
    server.listen({ host, port }, resolve)
  })
  return { address: addressOf(server, host), close: () => closeServer(server) }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: MetricsServerOptions,
): Promise<void> {
  const path = request.url?.split('?', 1)[0]
  request.resume()
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return send(response, 405, 'text/plain', 'GET only\n')
  }
  if (path === '/metrics') {
    options.observe()
    return send(response, 200, options.registry.contentType, await options.registry.metrics())
  }
  if (path === '/healthz') return send(response, 200, 'application/json', '{"status":"ok"}\n')
  if (path === '/readyz') {
    const reasons = options.notReady()
    const body = JSON.stringify({ status: reasons.length === 0 ? 'ready' : 'notReady', reasons })
    return send(response, reasons.length === 0 ? 200 : 503, 'application/json', `${body}\n`)
  }
  send(response, 404, 'text/plain', '/metrics, /healthz, /readyz\n')
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function addressOf(server: Server, host: string): string {
  const address = server.address()
  const name = host.includes(':') ? `[${host}]` : host
  return typeof address === 'object' && address !== null ? `${name}:${address.port}` : name
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
