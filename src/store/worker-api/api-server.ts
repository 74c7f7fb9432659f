// The worker's local API: HTTP over a socket in the file system, for commands that want what only the worker has open.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { StoreConnection, StoreQuery } from '../../model/store-connection.ts'
import { answerQuery } from './answer-query.ts'
import { apiErrorOf, statusOf } from './api-error.ts'
import { clearPlace, protectSocket, removeTemporary, temporarySocket, usualSocket, writeNote } from './api-place.ts'

const maxBodyBytes = 1024 * 1024
const maxQueryMs = 24 * 3_600_000
const requestTimeoutMs = 10_000
const maxConnections = 64

/** What the worker answers beside queries: by method and path, with the body as it came (null for none). Results become JSON. */
export type ApiCalls = Readonly<Record<string, (body: unknown) => unknown>>

export interface ApiServer {
  readonly socket: string
  /** Ends what is under way. Safe twice. */
  close(): Promise<void>
}

/**
 * Serves in `folder`, which the caller must have to itself. Fails with the system's error when no socket can be made.
 * Queries are answered by `store`, one call of each kind at a time.
 */
export async function startApiServer(options: {
  readonly folder: string
  readonly store: StoreConnection
  readonly calls: ApiCalls
}): Promise<ApiServer> {
  const { folder } = options
  clearPlace(folder)
  const running = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const answering = answer(request, response, options).catch(() => void response.destroy())
    running.add(answering)
    void answering.finally(() => running.delete(answering))
  })
  server.requestTimeout = requestTimeoutMs
  server.headersTimeout = requestTimeoutMs
  server.maxConnections = maxConnections
  const socket = await listenSomewhere(server, folder)
  writeNote(folder, { pid: process.pid, socket })
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    clearPlace(folder)
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await Promise.all([closed, ...running])
    removeTemporary(socket)
  }
  return {
    socket,
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** In the folder, or where a path is too long or the disk knows no sockets, elsewhere. */
async function listenSomewhere(server: Server, folder: string): Promise<string> {
  const usual = usualSocket(folder)
  if (usual !== null && (await listens(server, usual)) === null) return usual
  const other = temporarySocket()
  const error = await listens(server, other)
  if (error === null) return other
  removeTemporary(other)
  throw error
}

/** The error, if any. The mask is back before anything else runs: a socket is bound within the call. */
function listens(server: Server, socket: string): Promise<Error | null> {
  return new Promise(resolve => {
    const fail = (error: Error): void => resolve(error)
    server.once('error', fail)
    const mask = process.umask(0o177)
    try {
      server.listen({ path: socket }, () => {
        server.off('error', fail)
        protectSocket(socket)
        resolve(null)
      })
    } finally {
      process.umask(mask)
    }
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { store, calls }: { store: StoreConnection; calls: ApiCalls },
): Promise<void> {
  const name = `${request.method} ${request.url}`
  const body = await readBody(request)
  if (body === null) return send(response, 413, { message: `the body is longer than ${maxBodyBytes} bytes` })
  const value = parsed(body)
  if (value === undefined) return send(response, 400, { message: 'the body is no JSON' })
  if (name === 'POST /query') {
    const query = readQuery(value)
    if (query === null)
      return send(response, 400, { message: 'wanted: {"sql": text, "format"?: text, "timeoutMs"?: number}' })
    return answerQuery(store, query, response)
  }
  if (!Object.hasOwn(calls, name))
    return send(response, 404, { message: `POST /query, ${Object.keys(calls).join(', ')}` })
  try {
    send(response, 200, await calls[name]?.(value))
  } catch (error) {
    const sent = apiErrorOf(error)
    send(response, statusOf(sent), sent)
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const json = JSON.stringify(value ?? null)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) })
  response.end(json)
}

/** Null when it is too long; the rest is not read then. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  // A request without an encoding gives buffers.
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBodyBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Undefined for what is no JSON. */
function parsed(body: string): unknown {
  if (body === '') return null
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function readQuery(value: unknown): StoreQuery | null {
  if (typeof value !== 'object' || value === null || !('sql' in value) || typeof value.sql !== 'string') return null
  const format = 'format' in value && typeof value.format === 'string' ? { format: value.format } : {}
  const timeoutMs = 'timeoutMs' in value ? value.timeoutMs : undefined
  const time = typeof timeoutMs === 'number' && timeoutMs > 0 ? { timeoutMs: Math.min(timeoutMs, maxQueryMs) } : {}
  return { sql: value.sql, ...format, ...time }
}
