// Calls the worker's local API.
import { type IncomingMessage, request } from 'node:http'
import { StoreError } from '../../model/store-connection.ts'
import { errorTrailer } from './answer-query.ts'
import { errorOf } from './api-error.ts'

export interface ApiCall {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  /** For the answer to begin, in ms; none when left out. */
  readonly timeoutMs?: number
}

/** Nobody answers at the socket: no worker runs there. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers'
}

const silences: ReadonlySet<unknown> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'EACCES', 'EPERM', 'ETIMEDOUT'])

/**
 * The answer, once it has begun. Fails with {@link NobodyAnswers}, with a `StoreError` when the worker goes away, and with the
 * error that the worker sends.
 */
export async function callApi(socket: string, call: ApiCall): Promise<IncomingMessage> {
  const response = await begin(socket, call)
  if (response.statusCode === 200) return response
  throw errorOf(await textOf(response))
}

function begin(socket: string, { method, path, body, timeoutMs }: ApiCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: socket, method, path, agent: false })
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => outgoing.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), timeoutMs)
    outgoing.once('response', response => {
      clearTimeout(timer)
      resolve(response)
    })
    outgoing.once('error', cause => {
      clearTimeout(timer)
      const code = 'code' in cause ? cause.code : null
      reject(silences.has(code) ? new NobodyAnswers(`${socket}: ${code}`, { cause }) : wentAway(cause))
    })
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** A JSON answer. */
export async function callForJson(socket: string, call: ApiCall): Promise<unknown> {
  return JSON.parse(await textOf(await callApi(socket, call)))
}

/** The pieces of an answer; ending the iteration early closes the connection, which ends the query. */
export async function* piecesOf(response: IncomingMessage): AsyncGenerator<Uint8Array, undefined> {
  try {
    // Without an encoding it gives buffers.
    for await (const piece of response as AsyncIterable<Buffer>) yield piece
  } catch (cause) {
    throw wentAway(cause)
  }
  const sent = response.trailers[errorTrailer]
  if (sent !== undefined) throw errorOf(Buffer.from(sent, 'base64').toString('utf8'))
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const piece of piecesOf(response)) parts.push(piece)
  return Buffer.concat(parts).toString('utf8')
}

const wentAway = (cause: unknown): StoreError =>
  new StoreError('the worker went away before it had answered', { clickhouseCode: null, isTransient: true, cause })
