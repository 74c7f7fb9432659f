// A worker as small as the contract of a source allows: it takes whole lines, and remembers what it committed.
import assert from 'node:assert/strict'
import type { Chunk, Source, StoredStream } from '../../../src/model/source.ts'

export interface TakenPart {
  readonly streamId: string
  readonly position: number
  readonly text: string
}

const lineFeed = 10

export class SmallWorker {
  readonly source: Source
  readonly window: Uint8Array
  /** What was taken, in order. */
  readonly taken: TakenPart[] = []
  readonly chunks: Chunk[] = []

  constructor(source: Source, windowBytes = 64 * 1024) {
    this.source = source
    this.window = new Uint8Array(windowBytes)
  }

  get text(): string {
    return this.taken.map(part => part.text).join('')
  }

  /** Text of one stream. */
  textOf(streamId: string): string {
    return this.taken
      .filter(part => part.streamId === streamId)
      .map(part => part.text)
      .join('')
  }

  /** Reads until nothing is there, or so many chunks. */
  async drain(maxChunks = Number.POSITIVE_INFINITY): Promise<void> {
    for (let i = 0; i < maxChunks; i += 1) {
      const chunk = await this.source.read(this.window)
      if (chunk === null) return
      this.take(chunk)
    }
  }

  /** Takes what a worker takes: up to the last line end, or everything where that cannot be waited for. */
  take(chunk: Chunk): void {
    assert.ok(chunk.length > 0 && chunk.length <= this.window.length, `${chunk.length} bytes`)
    const bytes = Buffer.from(this.window.subarray(0, chunk.length))
    const lines = bytes.lastIndexOf(lineFeed) + 1
    const isTooLong = lines === 0 && chunk.length === this.window.length
    const count = chunk.isLast || isTooLong ? chunk.length : lines
    this.chunks.push(chunk)
    if (count > 0) {
      this.taken.push({
        streamId: chunk.stream.id,
        position: chunk.position,
        text: bytes.toString('latin1', 0, count),
      })
    }
    this.source.advance(chunk, count)
  }
}

/** What a state keeps: the newest of every stream. */
export function commit(stored: readonly StoredStream[], source: Source): readonly StoredStream[] {
  const streams = new Map(stored.map(stream => [stream.streamId, stream]))
  for (const change of source.takeChanges()) streams.set(change.streamId, change)
  return [...streams.values()]
}
