// A store that a running worker has open, asked through the worker's local API.
import { type StoreConnection, StoreError, type StoreQuery } from '../../model/store-connection.ts'
import { callApi, callForJson, NobodyAnswers, piecesOf } from './api-client.ts'
import { readNote } from './api-place.ts'

/** A worker has other things to do as well. */
const pingMs = 3000

/** See {@link StoreConnection}. */
export class WorkerConnection implements StoreConnection {
  readonly label: string
  /** The worker's process. */
  readonly pid: number
  readonly #socket: string

  private constructor(parts: { label: string; pid: number; socket: string }) {
    this.label = parts.label
    this.pid = parts.pid
    this.#socket = parts.socket
  }

  /** The worker that has `folder` open; null when none answers. */
  static async open(folder: string): Promise<WorkerConnection | null> {
    const note = readNote(folder)
    if (note === null) return null
    try {
      await callForJson(note.socket, { method: 'GET', path: '/status', timeoutMs: pingMs })
      return new WorkerConnection({ label: folder, ...note })
    } catch (error) {
      if (error instanceof NobodyAnswers) return null
      throw error
    }
  }

  async query(query: StoreQuery): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for await (const part of this.stream(query)) parts.push(part)
    return Buffer.concat(parts)
  }

  async *stream(query: StoreQuery): AsyncIterable<Uint8Array> {
    try {
      yield* piecesOf(await callApi(this.#socket, { method: 'POST', path: '/query', body: query }))
    } catch (error) {
      throw goneOr(error)
    }
  }

  /** Anything else that the worker offers. */
  async call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    try {
      return await callForJson(this.#socket, { method, path, ...(body !== undefined && { body }) })
    } catch (error) {
      throw goneOr(error)
    }
  }

  /** Every query has a connection of its own: there is nothing to close. */
  async close(): Promise<void> {}
}

/** It answered when it was opened, and does not any more. */
const goneOr = (error: unknown): unknown =>
  error instanceof NobodyAnswers
    ? new StoreError('the worker has stopped', { clickhouseCode: null, isTransient: true, cause: error })
    : error
