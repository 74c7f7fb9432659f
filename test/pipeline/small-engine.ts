// An engine as small as its contract allows: lines are its records, and what it was told is its state.
import type { DeadLetterReason } from '../../src/model/dead-letter.ts'
import { Ledger } from '../../src/model/ledger.ts'
import type { LineBlock } from '../../src/model/line-block.ts'
import type { Chunk } from '../../src/model/source.ts'
import type { BatchRows, DeadLetter, Engine } from '../../src/pipeline/engine.ts'

const lineFeed = 10

/** Everything that has to survive. */
interface EngineState {
  told: unknown[]
  done: string[]
  openAttempts: number
}

export class SmallEngine implements Engine {
  readonly window: Uint8Array
  readonly chunkBytes: number
  readonly ledger = new Ledger()
  readonly #maxLines: number
  /** Lines of the batch at hand. */
  lines: string[] = []
  state: EngineState = { told: [], done: [], openAttempts: 0 }
  /** Set by a test: attempts wait, and the next look gives them out. */
  hasWaiting = false
  beyondHorizon = 0

  constructor(options: { maxLines?: number; windowBytes?: number; chunkBytes?: number } = {}) {
    this.#maxLines = options.maxLines ?? 1000
    this.window = new Uint8Array(options.windowBytes ?? 4096)
    this.chunkBytes = options.chunkBytes ?? this.window.length
  }

  get openAttempts(): number {
    return this.state.openAttempts
  }

  get isFull(): boolean {
    return this.lines.length >= this.#maxLines
  }

  setTime(unixMs: number): void {
    this.state.told.push(['time', unixMs])
  }

  goOn(from: string, to: string): boolean {
    this.state.told.push(['goOn', from, to])
    return from !== 'unknown'
  }

  take({ stream, position, length, isLast }: Chunk): number {
    let start = 0
    while (!this.isFull) {
      const end = this.window.indexOf(lineFeed, start)
      if (end < 0 || end >= length) break
      this.#takeLine(stream.id, position + start, Buffer.from(this.window.subarray(start, end)).toString())
      start = end + 1
    }
    if (!isLast || start === length || this.isFull) return start
    this.#takeLine(stream.id, position + start, Buffer.from(this.window.subarray(start, length)).toString())
    return length
  }

  #takeLine(streamId: string, position: number, text: string): void {
    this.state.told.push([streamId, position, text])
    this.lines.push(text)
    this.ledger.received += 1
    this.ledger.attached += 1
  }

  giveDue(): boolean {
    this.state.told.push(['give'])
    const had = this.hasWaiting
    this.hasWaiting = false
    return had
  }

  giveAll(): void {
    this.state.told.push(['giveAll'])
  }

  giveClosed(): void {
    this.state.told.push(['giveClosed'])
  }

  passOverEnded(): void {
    this.state.told.push(['passOverEnded'])
  }

  hasClosed = false
  nextNumber = 0
  momentMs = 0
  keeping: unknown = null

  setKeeping(keeping: { readonly rows: boolean; readonly counts: boolean }): void {
    this.keeping = keeping
  }

  abandon(isGone: (home: string) => boolean): void {
    this.state.told.push(['abandon', ['', 'parts 0', 'parts 1'].filter(isGone)])
  }

  oldestNumber(): number {
    return this.nextNumber
  }

  lastRecordMs(): number {
    return Number.NEGATIVE_INFINITY
  }

  rows(): BatchRows {
    // The worker hands rows on without looking at them; the small stagers count dead letters.
    const lines = { rows: this.lines.length } as LineBlock
    return { lines, owners: [], deadLetters: this.lines.map(deadLetterOf) }
  }

  clearRows(): void {
    this.lines = []
  }

  forgetStream(streamId: string): void {
    this.state.done.push(streamId)
  }

  save(): Buffer {
    return Buffer.from(JSON.stringify(this.state))
  }

  load(bytes: Uint8Array): void {
    // Written by `save`.
    this.state = JSON.parse(Buffer.from(bytes).toString()) as EngineState
  }
}

const reason: DeadLetterReason = 'invalidJson'
const deadLetterOf = (text: string): DeadLetter => ({
  reason,
  source: '',
  streamId: '',
  stream: '',
  position: 0,
  bytes: Buffer.from(text),
})
