// Hot path: makes records of lines, by format (contract §2), and hands each to whoever takes records.
import type { InputFormat } from '../model/batch-options.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import type { Ledger } from '../model/ledger.ts'
import { LogstoreRow, RowKind } from '../model/logstore-row.ts'
import { ParsedLine } from '../model/parsed-line.ts'
import { ParsedRecord } from '../model/parsed-record.ts'
import { Kind } from '../model/record-kind.ts'
import { RecordOrigin } from '../model/record-origin.ts'
import type { LineTaker } from './read-lines.ts'

const openingBrace = 0x7b
const blank = 0x20
const digitNine = 0x39

/** Takes records. What it is given is valid during the call only. */
export interface RecordTaker {
  /** An application line of which only id and level are known; false when it must be parsed in full and taken again. */
  takeOrdinaryLine(buf: Buffer, line: OrdinaryFacts): boolean
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

/** What is known of an ordinary application line: its id's range in the buffer, and its level's code. */
export interface OrdinaryFacts {
  idStart: number
  idEnd: number
  level: number
}

/** The parsers of the formats. */
export interface RecordParsers {
  /** True when the line is an ordinary application line, if what it has for an id is one. */
  readOrdinaryLine(buf: Uint8Array, start: number, end: number, into: OrdinaryFacts): boolean
  parseLine(buf: Uint8Array, start: number, end: number, candidate: number, line: ParsedLine): void
  parseRecord(buf: Uint8Array, start: number, end: number, record: ParsedRecord): void
  readRow(buf: Buffer, start: number, end: number, row: LogstoreRow): void
}

/** Turns lines into records and counts what came in. */
export class RecordIntake implements LineTaker {
  readonly #format: InputFormat
  readonly #parsers: RecordParsers
  readonly #taker: RecordTaker
  readonly #ledger: Ledger
  readonly #line = new ParsedLine()
  readonly #ordinary: OrdinaryFacts = { idStart: 0, idEnd: 0, level: 0 }
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

  takeLine(buf: Buffer, start: number, end: number, candidate: number): void {
    const ledger = this.#ledger
    ledger.received++
    const first = start === end ? blank : buf[start]!
    if (first <= blank && isBlank(buf, start, end)) {
      ledger.byKind[Kind.text]!++
      this.#taker.takeBlank(null)
      return
    }
    if (this.#format === 'sls' || (this.#format === 'auto' && first <= openingBrace && beginsObject(buf, start, end))) {
      if (this.#takeRow(buf, start, end)) return
    }
    if (candidate < 0 && first <= digitNine && this.#parsers.readOrdinaryLine(buf, start, end, this.#ordinary)) {
      if (this.#taker.takeOrdinaryLine(buf, this.#ordinary)) {
        ledger.byKind[Kind.appLine]!++
        return
      }
    }
    const line = this.#line
    this.#parsers.parseLine(buf, start, end, candidate, line)
    ledger.byKind[line.kind]!++
    this.#taker.takeLine(buf, line)
  }

  takeBrokenLine(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    this.#ledger.received++
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
