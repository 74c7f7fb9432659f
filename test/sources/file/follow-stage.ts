// A folder, a clock, and a player of the worker's part: takes whole lines only, remembers where each stood, commits, restarts.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import type { Chunk, StoredStream } from '../../../src/model/source.ts'
import { createFileSource, type FileOptions, fileSource } from '../../../src/sources/file/file-source.ts'
import type { FollowTuning } from '../../../src/sources/file/follow-context.ts'
import type { FollowSource } from '../../../src/sources/file/follow-source.ts'
import type { LogFields } from '../../../src/telemetry/log.ts'

const root = mkdtempSync(join(tmpdir(), 'fcscope-follow-'))
after(() => rmSync(root, { recursive: true }))
let stages = 0

export interface StageOptions {
  /** Relative to the stage's folder. */
  readonly paths?: readonly string[]
  readonly options?: Partial<FileOptions>
  readonly once?: boolean
  readonly tuning?: Partial<FollowTuning>
  readonly windowBytes?: number
}

export interface SeenEvent {
  readonly event: string
  readonly fields: LogFields
}

export interface ReadLine {
  readonly streamId: string
  readonly label: string
  readonly position: number
  readonly text: string
}

const newline = 10

export class Stage {
  readonly folder: string
  nowMs = 1_700_000_000_000
  source: FollowSource
  wakes = 0
  events: SeenEvent[] = []
  /** Lines that belong to a commit, and those that do not yet. */
  committed: ReadLine[] = []
  fresh: ReadLine[] = []
  stored = new Map<string, StoredStream>()
  /** The streams that were said to go on from others. */
  readonly former = new Map<string, string>()
  /** Half lines that were shown, for those of the given chunk that were not taken. */
  readonly #halves = new Map<string, number>()
  /** Where each stream's next byte must stand; null until its first chunk. */
  #next = new Map<string, number>()
  readonly #options: StageOptions
  #windowBytes: number

  constructor(options: StageOptions = {}) {
    stages += 1
    this.folder = join(root, `stage-${stages}`)
    mkdirSync(this.folder)
    this.#options = options
    this.#windowBytes = options.windowBytes ?? 64 * 1024
    this.source = this.#create(options.once ?? false)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
  }

  append(name: string, text: string | Uint8Array): void {
    appendFileSync(this.path(name), text)
  }

  rename(from: string, to: string): void {
    renameSync(this.path(from), this.path(to))
  }

  copy(from: string, to: string): void {
    copyFileSync(this.path(from), this.path(to))
  }

  truncate(name: string): void {
    truncateSync(this.path(name))
  }

  remove(name: string): void {
    rmSync(this.path(name))
  }

  stats(name: string): Stats {
    return statSync(this.path(name))
  }

  /** Moves a file's time on, for clocks are coarse. */
  touch(name: string, ms: number): void {
    const { atimeMs, mtimeMs } = this.stats(name)
    utimesSync(this.path(name), atimeMs / 1000, (mtimeMs + ms) / 1000)
  }

  /**
   * Writes what a compressor makes of a file, with the time of that file, and removes it. Whole milliseconds, never later: a `Date` would
   * be rounded up, and the archive be younger than what was written after it.
   */
  compress(name: string, archive: string, pack: (bytes: Uint8Array) => Uint8Array): void {
    this.write(archive, pack(this.bytes(name)))
    const seconds = Math.floor(this.stats(name).mtimeMs) / 1000
    utimesSync(this.path(archive), seconds, seconds)
    this.remove(name)
  }

  bytes(name: string): Buffer {
    return readFileSync(this.path(name))
  }

  /** Starts a source with what was committed. */
  async start(): Promise<this> {
    await this.source.start([...this.stored.values()])
    return this
  }

  /** Everything since the last commit is forgotten, as after a crash. */
  async restart(how: { once?: boolean; stored?: readonly StoredStream[] } = {}): Promise<void> {
    await this.source.stop()
    this.fresh = []
    this.#next = new Map([...this.stored].map(([id, { position }]) => [id, position]))
    if (how.stored !== undefined) this.#next = new Map()
    this.#halves.clear()
    this.source = this.#create(how.once ?? this.#options.once ?? false)
    await this.source.start(how.stored ?? [...this.stored.values()])
  }

  /** Time passes, and the source looks at the disk. */
  pass(ms = 1100): void {
    this.nowMs += ms
    this.source.poll()
  }

  /** Enough time for files without a place to end. */
  async settle(): Promise<void> {
    for (let i = 0; i < 8; i += 1) {
      this.pass()
      await this.drain()
    }
  }

  /** Reads everything that is there. */
  async drain(maxChunks = 10_000): Promise<void> {
    for (let chunks = 0; chunks < maxChunks; chunks += 1) {
      const chunk = await this.readChunk()
      if (chunk !== null) continue
      const before = this.wakes
      await this.source.prepared
      if (this.wakes === before) return
    }
  }

  async readChunk(): Promise<Chunk | null> {
    const window = new Uint8Array(this.#windowBytes)
    const chunk = await this.source.read(window)
    if (chunk === null) return null
    this.#take(chunk, window)
    // The window may be used for something else from now on.
    window.fill(0xff)
    return chunk
  }

  commit(): void {
    for (const changed of this.source.takeChanges()) {
      assert.ok(Buffer.byteLength(changed.memo) <= 4096)
      assert.match(changed.streamId, /^[0-9a-f]{16}$/)
      this.stored.set(changed.streamId, changed)
    }
    for (const streamId of this.source.takeForgotten()) this.stored.delete(streamId)
    this.committed.push(...this.fresh)
    this.fresh = []
  }

  get lines(): readonly ReadLine[] {
    return [...this.committed, ...this.fresh]
  }

  get texts(): readonly string[] {
    return this.lines.map(({ text }) => text)
  }

  get streamIds(): readonly string[] {
    return [...new Set(this.lines.map(({ streamId }) => streamId))]
  }

  /** First lines of the streams of one log, in the order in which one went on from the other; the last one given is `last`. */
  chain(last: string): readonly string[] {
    const firstOf = new Map(this.lines.toReversed().map(({ streamId, text }) => [streamId, text]))
    const names: string[] = []
    let id = this.lines.findLast(({ text }) => text === last)?.streamId
    while (id !== undefined) {
      names.unshift(firstOf.get(id) ?? '')
      id = this.former.get(id)
    }
    return names
  }

  saw(event: string): readonly LogFields[] {
    return this.events.filter(each => each.event === event).map(({ fields }) => fields)
  }

  #create(once: boolean): FollowSource {
    const { paths = ['*.log*'], options = {}, tuning = {} } = this.#options
    const chosen = fileSource.options.parse({ paths: paths.map(path => this.path(path)), ...options })
    return createFileSource(
      chosen,
      {
        name: 'files',
        once,
        folder: this.folder,
        log: { write: (_severity, event, _text, fields = {}) => void this.events.push({ event, fields }) },
        nowMs: () => this.nowMs,
        wake: () => {
          this.wakes += 1
        },
      },
      { hasTimer: false, ...tuning },
    )
  }

  #take(chunk: Chunk, window: Uint8Array): void {
    const { stream, position, length, isLast, continues } = chunk
    if (continues !== undefined) this.former.set(stream.id, continues)
    assert.ok(length > 0 && length <= window.length)
    const next = this.#next.get(stream.id)
    // Only a byte order mark or a start at the end may come before the first chunk.
    if (next !== undefined) assert.equal(position, next, `a gap in ${stream.label}`)
    const bytes = window.subarray(0, length)
    const whole = isLast ? length : bytes.lastIndexOf(newline) + 1
    const isFull = length === window.length
    const half = this.#halves.get(stream.id) ?? 0
    if (!isLast && whole === 0 && !isFull) assert.ok(position + length > half, `half a line of ${stream.label} twice`)
    this.#halves.set(stream.id, position + length)
    this.#note(chunk, bytes.subarray(0, whole))
    this.source.advance(chunk, whole)
    this.#next.set(stream.id, position + whole)
    if (whole === 0 && isFull) this.#windowBytes *= 2
  }

  #note({ stream, position }: Chunk, bytes: Uint8Array): void {
    let start = 0
    while (start < bytes.length) {
      const end = bytes.indexOf(newline, start)
      const stop = end < 0 ? bytes.length : end
      const text = Buffer.from(bytes.subarray(start, stop)).toString()
      this.fresh.push({ streamId: stream.id, label: stream.label, position: position + start, text })
      start = stop + 1
    }
  }
}

/** Lines of about 40 bytes that differ from all others. */
export const lines = (name: string, count: number, from = 0): string =>
  Array.from(
    { length: count },
    (_, i) => `${name} ${from + i} 1-65a2${((from + i) * 2654435761).toString(16)} text\n`,
  ).join('')

export const textsOf = (text: string): readonly string[] => text.split('\n').filter(each => each !== '')
