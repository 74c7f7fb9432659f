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

/** The stream that text lines of one input belong to; made by the reconstructor. */
export interface TextStream {
  readonly origin: RecordOrigin
}

/** What a reconstructor offers. */
export interface Engine<S extends TextStream> {
  readonly streams: { ofText(): S }
  acceptOrdinary(scanner: LineScanner, cursor: LineCursor, stream: S): OrdinaryCounts | null
  acceptLine(buf: Buffer, line: ParsedLine, stream: S, origin: RecordOrigin, time: RecordTime): void
  acceptRecord(record: ParsedRecord, row: LogstoreRow, time: RecordTime): void
  acceptMetrics(row: LogstoreRow): void
  acceptInstanceEvent(row: LogstoreRow): void
}

/** Gives every record to the engine with its own time. */
export class ReconstructTaker<S extends TextStream> implements RecordTaker {
  readonly #engine: Engine<S>
  readonly #ledger: Ledger
  readonly #readPrefixTime: (buf: Uint8Array, line: ParsedLine) => number
  readonly #toUtcMs: (localMs: number) => number
  readonly #drain: () => void | Promise<void>
  readonly #noTime = new RecordTime()
  readonly #time = new RecordTime()
  #stream: S

  constructor(options: {
    engine: Engine<S>
    ledger: Ledger
    readPrefixTime: (buf: Uint8Array, line: ParsedLine) => number
    /** From the console's wall clock to UTC. */
    toUtcMs: (localMs: number) => number
    drain: () => void | Promise<void>
  }) {
    this.#engine = options.engine
    this.#ledger = options.ledger
    this.#readPrefixTime = options.readPrefixTime
    this.#toUtcMs = options.toUtcMs
    this.#drain = options.drain
    this.#stream = this.#engine.streams.ofText()
  }

  /** From here on text lines come from another input. */
  nextInput(): void {
    this.#stream = this.#engine.streams.ofText()
  }

  takeOrdinaryLines(scanner: LineScanner, cursor: LineCursor): OrdinaryCounts | null {
    return this.#engine.acceptOrdinary(scanner, cursor, this.#stream)
  }

  takeLine(buf: Buffer, line: ParsedLine): void {
    let time = this.#noTime
    if (line.prefixTimeAt >= 0) {
      time = this.#time
      time.ms = this.#toUtcMs(this.#readPrefixTime(buf, line))
      time.wholeSeconds = true
    }
    this.#engine.acceptLine(buf, line, this.#stream, this.#stream.origin, time)
  }

  takeRow(row: LogstoreRow, record: ParsedRecord): void {
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

  takeDeadLetter(_reason: DeadLetterReason): void {
    this.#ledger.deadLettered++
  }

  drain(): void | Promise<void> {
    return this.#drain()
  }
}
