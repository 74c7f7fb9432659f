// POST /query: a result as it comes, at the pace of whoever reads it.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { StoreConnection, StoreQuery } from '../../model/store-connection.ts'
import { apiErrorOf, statusOf } from './api-error.ts'

/** A reader that takes nothing for so long has gone, whatever its socket says. Somebody may be paging through a result. */
const maxStallMs = 10 * 60_000

/** Carries an error that came behind the first bytes. */
export const errorTrailer = 'fcscope-error'

/** Never rejects. A caller who leaves ends the query. */
export async function answerQuery(store: StoreConnection, query: StoreQuery, response: ServerResponse): Promise<void> {
  const pieces = store.stream(query)[Symbol.asyncIterator]()
  const leave = (): void => void pieces.return?.()
  response.once('close', leave)
  try {
    const first = await pieces.next()
    response.writeHead(200, { 'content-type': 'application/octet-stream', trailer: errorTrailer })
    for (let piece = first; !piece.done && !response.destroyed; piece = await pieces.next()) {
      if (!response.write(piece.value)) await drained(response)
    }
    response.end()
  } catch (error) {
    tell(response, error)
  } finally {
    response.off('close', leave)
    await pieces.return?.()
  }
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const stalled = new AbortController()
  const timer = setTimeout(() => response.destroy(), maxStallMs)
  const { signal } = stalled
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
  clearTimeout(timer)
  stalled.abort()
}

function tell(response: ServerResponse, cause: unknown): void {
  if (response.destroyed) return
  const error = apiErrorOf(cause)
  const json = JSON.stringify(error)
  if (response.headersSent) {
    // A header holds neither line ends nor letters beyond Latin 1.
    response.addTrailers({ [errorTrailer]: Buffer.from(json).toString('base64') })
    response.end()
    return
  }
  response.writeHead(statusOf(error), { 'content-type': 'application/json' })
  response.end(json)
}
