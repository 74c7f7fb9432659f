// The engine of `fcscope route` behind the worker's loop: lines go into a batch of keyed lines, and that is all.
import { deserialize, serialize } from 'node:v8'
import type { InputFormat } from '../model/batch-options.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import type { Ledger, LedgerReport } from '../model/ledger.ts'
import { noLines } from '../model/line-block.ts'
import type { RouteKey, RouteKind, RouteMessage } from '../model/route.ts'
import type { Chunk } from '../model/source.ts'
import type { BatchRows, Engine } from '../pipeline/engine.ts'
import { RouteBatch } from '../pipeline/route-batch.ts'
import { MessageRoom, messagesOf } from '../pipeline/route-messages.ts'
import { RouteLines } from './route-lines.ts'
import type { SavedRouteStreams } from './route-streams.ts'

export interface RouteEngineOptions {
  readonly kind: RouteKind
  readonly keyOf: (text: string) => RouteKey
  readonly maxLineBytesOf: (key: RouteKey) => number
  readonly maxMessageBytes: number
  /** Of one batch: so much is one transaction. */
  readonly maxBatchBytes: number
  readonly maxBatchLines: number
  readonly ledger: Ledger
  readonly onDeadLetter: (reason: DeadLetterReason) => void
}

/** What has to survive. */
interface Saved {
  readonly ledger: LedgerReport
  readonly streams: SavedRouteStreams
}

/** Knows no attempts: nothing waits in it, and nothing is given out. */
export class RouteEngine implements Engine {
  readonly window: Uint8Array
  readonly chunkBytes: number
  readonly ledger: Ledger
  readonly openAttempts = 0
  readonly beyondHorizon = 0
  readonly hasWaiting = false
  readonly hasClosed = false
  readonly nextNumber = 0
  readonly momentMs = 0
  readonly #options: RouteEngineOptions
  readonly #lines: RouteLines
  readonly #batch = new RouteBatch()
  readonly #room = new MessageRoom()

  constructor(options: RouteEngineOptions) {
    this.#options = options
    this.ledger = options.ledger
    this.#lines = new RouteLines({ ...options, isFull: batch => this.#isFull(batch) }, this.#batch)
    this.window = this.#lines.window
    this.chunkBytes = this.#lines.chunkBytes
  }

  #isFull({ length, lines }: RouteBatch): boolean {
    return length >= this.#options.maxBatchBytes || lines >= this.#options.maxBatchLines
  }

  get isFull(): boolean {
    return this.#lines.isFull
  }

  take(chunk: Chunk, format: InputFormat, source: string): number {
    const { lines, deadLetters } = this.#batch
    const taken = this.#lines.take(chunk, { format, source }, this.#batch)
    const routed = this.#batch.lines - lines
    const buried = this.#batch.deadLetters - deadLetters
    this.ledger.received += routed + buried
    this.ledger.attached += routed
    this.ledger.deadLettered += buried
    return taken
  }

  /** The batch's lines; valid until the next call, and until the batch is cleared. */
  messages(): readonly RouteMessage[] {
    this.#room.clear()
    return messagesOf(this.#batch, { from: 0, maxBytes: this.#options.maxMessageBytes, room: this.#room })
  }

  rows(): BatchRows {
    return { lines: noLines, owners: [], deadLetters: this.#lines.letters.letters }
  }

  clearRows(): void {
    this.#batch.clear()
    this.#lines.letters.clear()
  }

  /** Text that goes on in another stream keeps its key. */
  goOn(from: string, to: string): boolean {
    return this.#lines.streams.goOn(from, to)
  }

  forgetStream(streamId: string): void {
    this.#lines.streams.setSkipping(streamId, false)
  }

  save(): Buffer {
    const saved: Saved = { ledger: this.ledger.report(), streams: this.#lines.streams.save() }
    return serialize(saved)
  }

  load(bytes: Uint8Array): void {
    // Written by `save`; a checksum around it says that the bytes are the same.
    const { ledger, streams } = deserialize(bytes) as Saved
    this.ledger.load(ledger)
    this.#lines.streams.load(streams)
  }

  setTime(): void {}

  giveDue(): boolean {
    return false
  }

  giveAll(): void {}

  giveClosed(): void {}

  passOverEnded(): void {}

  setKeeping(): void {}

  abandon(): void {}

  oldestNumber(): number {
    return 0
  }

  lastRecordMs(): number {
    return Number.NEGATIVE_INFINITY
  }
}
