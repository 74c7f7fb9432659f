// The rows of spans of time of one Logstore, found by search, as a source: each span a stream, read once and in order of time.
import type { Chunk, Source, SourceLag, SourceStream } from '../../model/source.ts'
import { searchStarted } from '../../telemetry/events/sls-search.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import { defaultMaxRows, RangeReader, type SpanPage } from './range-reader.ts'
import type { SearchCalls, Seconds } from './search-api.ts'
import { type SearchedPlace, searchFailure } from './search-failure.ts'
import { type PatienceParts, SearchPatience } from './search-patience.ts'
import type { Window } from './window-plan.ts'

/** Pages that wait to be taken. */
const maxWaiting = 100
/** At the start a wrong address should be told of soon; later, much has been read already. */
const startGiveUpMs = 10_000
const giveUpMs = 300_000
/** Until the first rows say how long rows are. */
const usualRowBytes = 400

export interface SearchSourceParts extends SearchedPlace {
  /** In order of time. */
  readonly spans: readonly (Seconds & { readonly streamId: string })[]
  readonly connect: () => Promise<SearchCalls>
  readonly inFlight: number
  readonly maxRows?: number
  readonly deps: Pick<SourceDeps, 'name' | 'log' | 'wake'>
  readonly sleep: PatienceParts['sleep']
  readonly random: () => number
  readonly monotonicMs: () => number
}

interface ReadStream {
  readonly stream: SourceStream
  rows: number
  /** Where the next byte stands that was not taken. */
  position: number
}

/** Read once: what was taken is never asked for again, and nothing of it is remembered. */
export class SearchSource implements Source {
  readonly name: string
  readonly format = 'sls'
  readonly #parts: SearchSourceParts
  readonly #streams: readonly ReadStream[]
  readonly #abort = new AbortController()
  #calls: SearchCalls | null = null
  #reading: Promise<void> = Promise.resolve()
  readonly #waiting: SpanPage[] = []
  /** Bytes of the first page that were taken. */
  #taken = 0
  #makeRoom: (() => void) | null = null
  #hasEnded = false
  #failure: unknown = null
  #rowsExpected = 0
  #bytesRead = 0

  constructor(parts: SearchSourceParts) {
    this.#parts = parts
    this.name = parts.deps.name
    const label = `${parts.project}/${parts.logstore}`
    this.#streams = parts.spans.map(({ streamId }) => ({ stream: { id: streamId, label }, rows: 0, position: 0 }))
  }

  /** Rows that were read so far, by span. */
  get rows(): readonly number[] {
    return this.#streams.map(({ rows }) => rows)
  }

  async start(): Promise<void> {
    const { connect, spans, maxRows = defaultMaxRows, inFlight, deps, project, logstore } = this.#parts
    try {
      this.#calls = await connect()
      const search = this.#patience(this.#calls, startGiveUpMs)
      const windows: Window[] = []
      for (const { from, to } of spans)
        windows.push({ from, to, rows: from < to ? await search.count({ from, to }) : 0 })
      this.#rowsExpected = windows.reduce((sum, { rows }) => sum + rows, 0)
      const text = (seconds: number | undefined): string => new Date((seconds ?? 0) * 1000).toISOString()
      const range = { from: text(spans.at(0)?.from), to: text(spans.at(-1)?.to) }
      searchStarted(deps.log, { project, logstore, ...range, rows: this.#rowsExpected })
      const parts = { search: this.#patience(this.#calls, giveUpMs), inFlight, maxRows, log: deps.log }
      this.#reading = this.#readAll(new RangeReader(windows, parts))
    } catch (error) {
      throw searchFailure(this.#parts, error)
    }
  }

  #patience(calls: SearchCalls, limitMs: number): SearchPatience {
    const { sleep, random, monotonicMs, deps } = this.#parts
    const { signal } = this.#abort
    return new SearchPatience({ calls, signal, sleep, random, monotonicMs, log: deps.log, giveUpMs: limitMs })
  }

  async #readAll(reader: RangeReader): Promise<void> {
    const { wake } = this.#parts.deps
    try {
      for await (const page of reader.pages()) {
        if (this.#abort.signal.aborted) return
        if (page.rows > 0) this.#waiting.push(page)
        this.#bytesRead += page.bytes.length
        this.#streams[page.span]!.rows += page.rows
        wake()
        if (this.#waiting.length >= maxWaiting) await new Promise<void>(resolve => this.#awaitRoom(resolve))
      }
      this.#hasEnded = true
    } catch (error) {
      this.#failure = searchFailure(this.#parts, error)
    }
    wake()
  }

  #awaitRoom(resolve: () => void): void {
    this.#makeRoom = () => {
      this.#makeRoom = null
      resolve()
    }
  }

  /** Rows of one span, as many as are there and find room. Throws an `FcscopeError` when no more can be had. */
  read(window: Uint8Array): Chunk | null {
    const first = this.#waiting[0]
    if (first === undefined) {
      if (this.#failure !== null) throw this.#failure
      return null
    }
    const { stream, position } = this.#streams[first.span]!
    let length = 0
    let skipped = this.#taken
    for (const { span, bytes } of this.#waiting) {
      if (span !== first.span || length === window.length) break
      const part = bytes.subarray(skipped, skipped + window.length - length)
      window.set(part, length)
      length += part.length
      skipped = 0
    }
    return { stream, position, length, isLast: false }
  }

  advance({ stream }: Chunk, bytes: number): void {
    const read = this.#streams.find(({ stream: { id } }) => id === stream.id)!
    read.position += bytes
    this.#taken += bytes
    for (let first = this.#waiting[0]; first !== undefined && this.#taken >= first.bytes.length; ) {
      this.#taken -= first.bytes.length
      this.#waiting.shift()
      first = this.#waiting[0]
    }
    if (this.#waiting.length < maxWaiting) this.#makeRoom?.()
  }

  takeChanges(): readonly [] {
    return []
  }

  takeForgotten(): readonly [] {
    return []
  }

  readAgain(): number {
    return 0
  }

  release(): void {}

  isDone(): boolean {
    return this.#hasEnded && this.#waiting.length === 0
  }

  /** Rows that are yet to be read are counted, and their length is that of the others. */
  lag(): SourceLag {
    const read = this.#streams.reduce((sum, { rows }) => sum + rows, 0)
    const records = Math.max(0, this.#rowsExpected - read)
    const rowBytes = read === 0 ? usualRowBytes : this.#bytesRead / read
    const waiting = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, -this.#taken)
    return { bytes: Math.round(records * rowBytes) + waiting, records, seconds: 0 }
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    this.#makeRoom?.()
    await this.#reading
    this.#calls?.close()
  }
}
