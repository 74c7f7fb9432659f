// The source of dead letters that are tried again: files that never change, each a stream of its own, read from front to back.
import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import type { InputFormat } from '../../model/batch-options.ts'
import type { Chunk, Source, SourceLag, StoredStream } from '../../model/source.ts'
import type { Replay, ReplayFolder } from './replay-folder.ts'

/** No name that a configuration could give. */
export const replaySourceName = 'deadLetters.replay'

/** How often new replays are looked for. */
const scanMs = 1000

interface Following {
  readonly replay: Replay
  readonly size: number
  position: number
}

export interface ReplaySourceOptions {
  readonly folder: ReplayFolder
  /** To be called when there is something to read. */
  readonly wake: () => void
  readonly scanMs?: number
}

export class ReplaySource implements Source {
  readonly name = replaySourceName
  readonly format = 'auto'
  readonly #options: ReplaySourceOptions
  readonly #streams = new Map<string, Following>()
  readonly #changed = new Set<string>()
  /** Read to their ends by the commit that is under way. */
  #committing: readonly string[] = []
  #forgotten: string[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(options: ReplaySourceOptions) {
    this.#options = options
  }

  formatOf(streamId: string): InputFormat {
    return this.#streams.get(streamId)?.replay.format ?? this.#options.folder.read(streamId)?.format ?? 'auto'
  }

  async start(stored: readonly StoredStream[]): Promise<void> {
    const positions = new Map(stored.map(({ streamId, position }) => [streamId, position]))
    this.#scan(positions)
    // Streams whose bytes are gone were read, and will not be asked for again.
    for (const id of positions.keys()) if (!this.#streams.has(id)) this.#forgotten.push(id)
    this.#timer = setInterval(() => this.#look(), this.#options.scanMs ?? scanMs)
    this.#timer.unref()
  }

  #look(): void {
    this.#scan(new Map())
    if (!this.isDone()) this.#options.wake()
  }

  #scan(positions: ReadonlyMap<string, number>): void {
    const { folder } = this.#options
    for (const id of folder.present()) {
      if (this.#streams.has(id)) continue
      const replay = folder.read(id)
      const bytes = folder.bytesOf(id)
      if (replay === null || bytes === null) continue
      const position = positions.get(id) ?? 0
      if (position >= bytes.size) folder.markTaken(id)
      this.#streams.set(id, { replay, size: bytes.size, position })
    }
  }

  read(window: Uint8Array): Chunk | null {
    // The worker asks again only when its last commit has succeeded.
    for (const id of this.#committing) this.#options.folder.markTaken(id)
    this.#committing = []
    for (const [id, { replay, size, position }] of this.#streams) {
      if (position >= size) continue
      const length = this.readAgain(id, position, window, window.length)
      if (length === 0) continue
      return { stream: { id, label: replay.label }, position, length, isLast: position + length >= size }
    }
    return null
  }

  advance({ stream }: Chunk, bytes: number): void {
    const following = this.#streams.get(stream.id)
    if (following === undefined || bytes === 0) return
    following.position += bytes
    this.#changed.add(stream.id)
  }

  takeChanges(): readonly StoredStream[] {
    const changes = [...this.#changed].map(id => ({ streamId: id, position: this.#positionOf(id), memo: '{}' }))
    this.#committing = [...this.#changed].filter(id => this.#positionOf(id) >= (this.#streams.get(id)?.size ?? 0))
    this.#changed.clear()
    return changes
  }

  #positionOf(id: string): number {
    return this.#streams.get(id)?.position ?? 0
  }

  takeForgotten(): readonly string[] {
    const forgotten = this.#forgotten
    this.#forgotten = []
    return forgotten
  }

  readAgain(streamId: string, position: number, window: Uint8Array, length: number): number {
    const bytes = this.#options.folder.bytesOf(streamId)
    if (bytes === null) return 0
    const file = openSync(bytes.path, 'r')
    try {
      return readSync(file, window, 0, Math.min(length, window.length), position)
    } finally {
      closeSync(file)
    }
  }

  release(streamId: string, position: number): void {
    const bytes = this.#options.folder.bytesOf(streamId)
    if (bytes === null || position < bytes.size) return
    rmSync(bytes.path, { force: true })
    this.#streams.delete(streamId)
    this.#forgotten.push(streamId)
  }

  isDone(): boolean {
    for (const { size, position } of this.#streams.values()) if (position < size) return false
    return true
  }

  lag(): SourceLag {
    let bytes = 0
    for (const { size, position } of this.#streams.values()) bytes += size - position
    // They have been waiting for a person, not for us.
    return { bytes, seconds: 0 }
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}
