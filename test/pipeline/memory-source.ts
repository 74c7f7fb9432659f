// A source that has its bytes in memory.
import type { Chunk, Source, SourceLag, StoredStream } from '../../src/model/source.ts'

interface MemoryStream {
  readonly id: string
  text: string
  position: number
  isEnded: boolean
  readonly continues?: string
}

/** What one stream holds; it has ended unless `goesOn`. */
export interface StreamText {
  readonly text: string
  readonly goesOn?: boolean
  readonly continues?: string
}

export class MemorySource implements Source {
  readonly name: string
  readonly format = 'text'
  readonly #streams: MemoryStream[]
  #changed = new Set<MemoryStream>()
  forgotten: string[] = []
  readonly released: [string, number][] = []
  /** Called before each read, for tests that act in the middle. */
  onRead: (read: number) => void = () => {}
  reads = 0
  /** No chunk is longer. */
  pieceBytes = Number.POSITIVE_INFINITY
  readonly windows: number[] = []
  readonly #asked = new Map<string, number>()

  constructor(streams: Readonly<Record<string, StreamText>>, name = 'memory') {
    this.name = name
    this.#streams = Object.entries(streams).map(([id, { text, goesOn = false, continues }]) => ({
      id,
      text,
      position: 0,
      isEnded: !goesOn,
      ...(continues === undefined ? {} : { continues }),
    }))
  }

  async start(): Promise<void> {}

  /** More text of a stream. */
  write(id: string, text: string): void {
    this.#of(id).text += text
  }

  /** As if a stream had just been found. */
  find(id: string): void {
    this.#changed.add(this.#of(id))
  }

  #of(id: string): MemoryStream {
    const stream = this.#streams.find(one => one.id === id)
    if (stream === undefined) throw new RangeError(`no stream ${id}`)
    return stream
  }

  read(window: Uint8Array): Chunk | null {
    this.reads += 1
    this.onRead(this.reads)
    for (const stream of this.#streams) {
      const rest = Buffer.from(stream.text).subarray(stream.position)
      const length = rest.copy(window, 0, 0, Math.min(rest.length, window.length, this.pieceBytes))
      // What was left is not given again before more has come behind it.
      if (length === 0 || this.#asked.get(stream.id) === stream.position + length) continue
      this.#asked.set(stream.id, stream.position + length)
      this.windows.push(window.length)
      const { id, position, continues } = stream
      const isLast = stream.isEnded && length === rest.length
      const begins = continues !== undefined && position === 0
      return { stream: { id, label: id }, position, length, isLast, ...(begins ? { continues } : {}) }
    }
    return null
  }

  advance(chunk: Chunk, bytes: number): void {
    const stream = this.#of(chunk.stream.id)
    stream.position += bytes
    if (bytes > 0) this.#changed.add(stream)
    if (bytes > 0 || chunk.length === this.windows.at(-1)) this.#asked.delete(stream.id)
  }

  takeChanges(): readonly StoredStream[] {
    const changes = [...this.#changed].map(({ id, position }) => ({ streamId: id, position, memo: '' }))
    this.#changed = new Set()
    return changes
  }

  takeForgotten(): readonly string[] {
    return this.forgotten.splice(0)
  }

  readAgain(streamId: string, position: number, window: Uint8Array, length: number): number {
    const bytes = Buffer.from(this.#of(streamId).text)
    return bytes.copy(window, 0, position, Math.min(bytes.length, position + Math.min(length, this.pieceBytes)))
  }

  release(streamId: string, position: number): void {
    this.released.push([streamId, position])
  }

  isDone(): boolean {
    return this.#streams.every(({ text, position, isEnded }) => isEnded && position === Buffer.byteLength(text))
  }

  lag(): SourceLag {
    return { bytes: 0, seconds: 0 }
  }

  async stop(): Promise<void> {}
}
