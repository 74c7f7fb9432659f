// Hot path: feeds records to the reconstructor and attempts to whoever wants them.

import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../lib/line-scan/line-scanner.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import type { Ledger } from '../model/ledger.ts'
import type { LogstoreRow } from '../model/logstore-row.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import type { ParsedRecord } from '../model/parsed-record.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { RecordTime } from '../model/record-time.ts'
import type { OrdinaryCounts, RecordTaker } from './record-intake.ts'
import type { RecordPlaces } from './record-places.ts'

/** The stream that text lines of one input belong to; made by the reconstructor. */
export interface TextStream {
  readonly origin: RecordOrigin
}

/** Where the lines of a batch are kept; see `LineColumns` of reconstruct. */
export interface LineRows {
  readonly isFull: boolean
  /** Where the record at hand stands in its stream. */
  position: number
}

/** `bytes` are valid during the call only; `position` is where they stand in their stream. */
export type DeadLetterListener = (reason: DeadLetterReason, bytes: Uint8Array, position: number) => void

/** What a reconstructor offers. */
export interface Engine<S extends TextStream> {
  readonly streams: { ofText(): S }
  readonly rows: LineRows | null
  acceptOrdinary(scanner: LineScanner, cursor: LineCursor, stream: S): OrdinaryCounts | null
  acceptLine(buf: Buffer, line: ParsedLine, stream: S, origin: RecordOrigin, time: RecordTime): void
  acceptRecord(record: ParsedRecord, row: LogstoreRow, time: RecordTime): void
  acceptMetrics(row: LogstoreRow): void
  acceptInstanceEvent(row: LogstoreRow): void
}

/** Gives every record to the engine with its own time. */
export class ReconstructTaker<S extends TextStream> implements RecordTaker {
  recordStart = 0
  readonly #engine: Engine<S>
  readonly #ledger: Ledger
  readonly #readPrefixTime: (buf: Uint8Array, line: ParsedLine) => number
  readonly #toUtcMs: (localMs: number) => number
  readonly #drain: () => void | Promise<void>
  readonly #noTime = new RecordTime()
  readonly #time = new RecordTime()
  readonly #rows: LineRows | null
  readonly #onDeadLetter: DeadLetterListener | null
  #stream: S
  /** Where the window's first byte stands in its stream. */
  #windowPosition = 0
  /** Set where the window holds numbered records, whose places are not those of bytes in a row. */
  #places: RecordPlaces | null = null

  constructor(options: {
    engine: Engine<S>
    ledger: Ledger
    readPrefixTime: (buf: Uint8Array, line: ParsedLine) => number
    /** From the console's wall clock to UTC. */
    toUtcMs: (localMs: number) => number
    drain: () => void | Promise<void>
    /** Takes what could not be taken in; null when nobody keeps it. */
    onDeadLetter: DeadLetterListener | null
  }) {
    this.#engine = options.engine
    this.#ledger = options.ledger
    this.#readPrefixTime = options.readPrefixTime
    this.#toUtcMs = options.toUtcMs
    this.#drain = options.drain
    this.#rows = options.engine.rows
    this.#onDeadLetter = options.onDeadLetter
    this.#stream = this.#engine.streams.ofText()
  }

  get isFull(): boolean {
    return this.#rows?.isFull ?? false
  }

  /** Text lines come from this stream from here on, and the window's first byte stands at `position` in it. */
  enter(stream: S, position: number, places: RecordPlaces | null = null): void {
    this.#stream = stream
    this.#windowPosition = position
    this.#places = places
  }

  /** From here on text lines come from another input. */
  nextInput(): void {
    this.#stream = this.#engine.streams.ofText()
  }

  takeOrdinaryLines(scanner: LineScanner, cursor: LineCursor): OrdinaryCounts | null {
    // The kernel counts bytes in a row.
    return this.#places === null ? this.#engine.acceptOrdinary(scanner, cursor, this.#stream) : null
  }

  takeLine(buf: Buffer, line: ParsedLine): void {
    this.#place()
    let time = this.#noTime
    if (line.prefixTimeAt >= 0) {
      time = this.#time
      time.ms = this.#toUtcMs(this.#readPrefixTime(buf, line))
      time.wholeSeconds = true
    }
    this.#engine.acceptLine(buf, line, this.#stream, this.#stream.origin, time)
  }

  takeRow(row: LogstoreRow, record: ParsedRecord): void {
    this.#place()
    const time = this.#time
    time.ms = row.timeMs
    time.wholeSeconds = row.wholeSeconds
    this.#engine.acceptRecord(record, row, time)
  }

  takeMetricsRow(row: LogstoreRow): void {
    this.#engine.acceptMetrics(row)
  }

  takeInstanceRow(row: LogstoreRow): void {
    this.#engine.acceptInstanceEvent(row)
  }

  takeBlank(): void {
    this.#ledger.ignored++
  }

  takeDeadLetter(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    this.#ledger.deadLettered++
    this.#onDeadLetter?.(reason, buf.subarray(start, end), this.#position())
  }

  #place(): void {
    if (this.#rows !== null) this.#rows.position = this.#position()
  }

  #position(): number {
    return this.#places?.of(this.recordStart) ?? this.#windowPosition + this.recordStart
  }

  drain(): void | Promise<void> {
    return this.#drain()
  }
}
