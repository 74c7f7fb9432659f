// Hot path: makes records of lines, by format (contract §2), and hands each to whoever takes records.

import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../lib/line-scan/line-scanner.ts'
import type { InputFormat } from '../model/batch-options.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import type { Ledger } from '../model/ledger.ts'
import { LogstoreRow, RowKind } from '../model/logstore-row.ts'
import { ParsedLine } from '../model/parsed-line.ts'
import { ParsedRecord } from '../model/parsed-record.ts'
import { Kind } from '../model/record-kind.ts'
import { RecordOrigin } from '../model/record-origin.ts'
import type { DrainingTaker } from './read-lines.ts'

const openingBrace = 0x7b
const blank = 0x20

/** Ordinary lines by kind and fate: those that a taker may take by the run. */
export interface OrdinaryCounts {
  readonly appLines: number
  readonly starts: number
  readonly ends: number
  readonly summariesAttached: number
  readonly summariesUnattached: number
  readonly blanks: number
}

/** Takes records. What it is given is valid during the call only. */
export interface RecordTaker {
  /** True when no record must be handed over now. */
  readonly isFull: boolean
  /** Where the record that is handed over next begins in the window; not set for ordinary lines. */
  recordStart: number
  /** Takes any number of ordinary lines from the cursor on, and returns how many of which kind; null for none. */
  takeOrdinaryLines(scanner: LineScanner, cursor: LineCursor): OrdinaryCounts | null
  takeLine(buf: Buffer, line: ParsedLine): void
  /** An application row; the record's ranges are in `row.messageBuffer`. */
  takeRow(row: LogstoreRow, record: ParsedRecord): void
  takeMetricsRow(row: LogstoreRow): void
  /** Instance metrics or an instance event. */
  takeInstanceRow(row: LogstoreRow): void
  /** A record with nothing in it; `row` when it came as one. */
  takeBlank(row: LogstoreRow | null): void
  takeDeadLetter(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void
  drain(): void | Promise<void>
}

/** The parsers of the formats. */
export interface RecordParsers {
  parseLine(buf: Uint8Array, start: number, end: number, candidate: number, line: ParsedLine): void
  parseRecord(buf: Uint8Array, start: number, end: number, record: ParsedRecord): void
  readRow(buf: Buffer, start: number, end: number, row: LogstoreRow): void
}

/** Turns lines into records and counts what came in. */
export class RecordIntake implements DrainingTaker {
  readonly #format: InputFormat
  readonly #parsers: RecordParsers
  readonly #taker: RecordTaker
  readonly #ledger: Ledger
  readonly #line = new ParsedLine()
  readonly #record = new ParsedRecord()
  readonly #row: LogstoreRow

  constructor(options: { format: InputFormat; parsers: RecordParsers; taker: RecordTaker; ledger: Ledger }) {
    this.#format = options.format
    this.#parsers = options.parsers
    this.#taker = options.taker
    this.#ledger = options.ledger
    const nowhere = new RecordOrigin({
      functionName: null,
      serviceName: null,
      qualifier: null,
      versionId: null,
      instanceID: null,
    })
    this.#row = new LogstoreRow(nowhere, Buffer.alloc(0))
  }

  get isFull(): boolean {
    return this.#taker.isFull
  }

  takeLines(scanner: LineScanner, cursor: LineCursor): void {
    // Only text is ordinary; no row begins like an ordinary line, so that --format auto needs no other test.
    if (this.#format === 'sls') return
    const from = cursor.line
    const counts = this.#taker.takeOrdinaryLines(scanner, cursor)
    if (counts === null) return
    const { byKind } = this.#ledger
    this.#ledger.received += cursor.line - from
    byKind[Kind.appLine]! += counts.appLines
    byKind[Kind.invokeStart]! += counts.starts
    byKind[Kind.invokeEnd]! += counts.ends
    byKind[Kind.summary]! += counts.summariesAttached + counts.summariesUnattached
    byKind[Kind.text]! += counts.blanks
  }

  takeLine(buf: Buffer, start: number, end: number, candidate: number): void {
    const ledger = this.#ledger
    ledger.received++
    this.#taker.recordStart = start
    const first = start === end ? blank : buf[start]!
    if (first <= blank && isBlank(buf, start, end)) {
      ledger.byKind[Kind.text]!++
      this.#taker.takeBlank(null)
      return
    }
    if (
      this.#format === 'sls' ||
      (this.#format === 'auto' && (first === openingBrace || first <= blank) && beginsObject(buf, start, end))
    ) {
      if (this.#takeRow(buf, start, end)) return
    }
    const line = this.#line
    this.#parsers.parseLine(buf, start, end, candidate, line)
    ledger.byKind[line.kind]!++
    this.#taker.takeLine(buf, line)
  }

  takeBrokenLine(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    this.#ledger.received++
    this.#taker.recordStart = start
    this.#bury(reason, buf, start, end)
  }

  drain(): void | Promise<void> {
    return this.#taker.drain()
  }

  #bury(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    this.#ledger.byKind[Kind.deadLetter]!++
    this.#taker.takeDeadLetter(reason, buf, start, end)
  }

  /** False when the line turned out to be text. */
  #takeRow(buf: Buffer, start: number, end: number): boolean {
    const row = this.#row
    this.#parsers.readRow(buf, start, end, row)
    switch (row.kind) {
      case RowKind.notARow:
      case RowKind.invalidJson:
        if (this.#format === 'auto') return false
        this.#bury('invalidJson', buf, start, end)
        return true
      case RowKind.noMessage:
        this.#bury('noMessage', buf, start, end)
        return true
      case RowKind.appLog:
        this.#takeMessage(row)
        return true
      case RowKind.requestMetrics:
        this.#ledger.byKind[Kind.requestMetrics]!++
        this.#taker.takeMetricsRow(row)
        return true
      default:
        this.#ledger.byKind[row.kind === RowKind.instanceMetrics ? Kind.instanceMetrics : Kind.instanceEvent]!++
        this.#taker.takeInstanceRow(row)
        return true
    }
  }

  #takeMessage(row: LogstoreRow): void {
    const { messageBuffer, messageStart, messageEnd } = row
    if (isBlank(messageBuffer, messageStart, messageEnd)) {
      this.#ledger.byKind[Kind.text]!++
      this.#taker.takeBlank(row)
      return
    }
    const record = this.#record
    this.#parsers.parseRecord(messageBuffer, messageStart, messageEnd, record)
    this.#ledger.byKind[record.kind]!++
    this.#taker.takeRow(row, record)
  }
}

/** Nothing but blanks, tabs and line ends. */
function isBlank(buf: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = buf[at]!
    if (byte !== blank && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return false
  }
  return true
}

/** A `{` behind nothing but blanks. */
function beginsObject(buf: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && (buf[at] === blank || buf[at] === 0x09)) at++
  return buf[at] === openingBrace
}
