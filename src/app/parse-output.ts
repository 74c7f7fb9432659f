// Writes what `parse` finds: records to JSON, JSON to the output in large pieces.
import { LineTime } from '../../parsers/fc-text/line-time.ts'
import { readError } from '../../parsers/fc-text/read-error.ts'
import { ZoneClock } from '../lib/zone-clock.ts'
import type { ParseOptions } from '../model/batch-options.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import type { LogstoreRow } from '../model/logstore-row.ts'
import type { Output } from '../model/output.ts'
import { ParsedLine } from '../model/parsed-line.ts'
import type { ParsedRecord } from '../model/parsed-record.ts'
import type { RecordTaker } from '../pipeline/record-intake.ts'
import { RecordJsonWriter } from '../sinks/stdout/record-json.ts'

/** Bytes gathered before they are written. */
const pieceBytes = 256 * 1024

/** Takes records and writes each as one line of JSON. */
export class ParseTaker implements RecordTaker {
  readonly isFull = false
  recordStart = 0
  readonly #writer: RecordJsonWriter
  readonly #output: Output
  readonly #blankLine = new ParsedLine()
  #lineNumber = 0

  constructor(writer: RecordJsonWriter, output: Output) {
    this.#writer = writer
    this.#output = output
  }

  /** `parse` tells everything about a line, so every line is parsed in full. */
  takeOrdinaryLines(): null {
    return null
  }

  takeLine(buf: Buffer, line: ParsedLine): void {
    this.#writer.writeLine(++this.#lineNumber, buf, line)
  }

  takeRow(row: LogstoreRow, record: ParsedRecord): void {
    this.#writer.writeRecord(++this.#lineNumber, row, record)
  }

  takeMetricsRow(row: LogstoreRow): void {
    this.#writer.writeMetricRow(++this.#lineNumber, row)
  }

  takeInstanceRow(row: LogstoreRow): void {
    this.#writer.writeMetricRow(++this.#lineNumber, row)
  }

  takeBlank(row: LogstoreRow | null): void {
    if (row !== null) this.#writer.writeRecord(++this.#lineNumber, row, blankRecord)
    else this.#writer.writeLine(++this.#lineNumber, noBytes, this.#blankLine)
  }

  takeDeadLetter(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    this.#writer.writeDeadLetter({ lineNumber: ++this.#lineNumber, reason, buf, start, end, row: null })
  }

  drain(): void | Promise<void> {
    return this.#writer.json.length >= pieceBytes ? this.flush() : undefined
  }

  /** Writes what has been gathered. */
  flush(): void | Promise<void> {
    const { json } = this.#writer
    const writing = this.#output.write(json.bytes.subarray(0, json.length))
    if (writing === undefined) {
      json.clear()
      return
    }
    return writing.then(() => json.clear())
  }
}

const noBytes = Buffer.alloc(0)
const blankRecord: ParsedRecord = { kind: 0, kindLine: 0, lines: [], count: 0, severalLines: false }

export function createParseTaker(options: ParseOptions): ParseTaker {
  const clocks = { prefixClock: new ZoneClock(options.timeZone), logClock: new ZoneClock(options.logTimeZone) }
  const writer = new RecordJsonWriter({ readError, time: new LineTime(clocks) })
  return new ParseTaker(writer, options.output)
}
