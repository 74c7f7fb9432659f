// Hot path: which of a record's times is its time, and where that came from (contract §3 `time`, `timeSource`).
import { isUtcTime } from '../../lib/utc-time.ts'
import type { ParsedLine } from '../../model/parsed-line.ts'
import { type JsonPart, type JsonWriter, jsonPart } from './json-writer.ts'

/** A wall clock's zone: local time, in ms as if it were UTC, to unix ms. */
export interface LocalClock {
  toUtcMs(localMs: number): number
}

export interface RecordClocks {
  /** The time in the line's text: UTC when it has a zone, else the wall clock as if it were UTC; NaN = none. */
  readonly readTextTime: (buf: Buffer, line: ParsedLine) => number
  readonly textTimeHasZone: (buf: Buffer, line: ParsedLine) => boolean
  /** The console's wall clock in front of the line as if it were UTC; NaN = none. */
  readonly readPrefixTime: (buf: Buffer, line: ParsedLine) => number
  /** `--time-zone`: of console prefixes. */
  readonly prefixClock: LocalClock
  /** `--log-time-zone`: of times in the text that carry no zone. */
  readonly logClock: LocalClock
}

const fromText = jsonPart(',"timeSource":"text","message":')
const fromRecord = jsonPart(',"timeSource":"record","message":')
const fromPrefix = jsonPart(',"timeSource":"prefix","message":')
const fromNothing = jsonPart('null,"timeSource":null,"message":')

/** Writes the value of `time`, all of `timeSource`, and the key of `message`. */
export class RecordTimes {
  readonly #clocks: RecordClocks

  constructor(clocks: RecordClocks) {
    this.#clocks = clocks
  }

  /** `recordTimeMs` is the row's own time, NaN where there is none. */
  write(json: JsonWriter, buf: Buffer, line: ParsedLine, recordTimeMs: number): void {
    const clocks = this.#clocks
    const hasText = line.textTimeAt >= 0
    const hasZone = hasText && clocks.textTimeHasZone(buf, line)
    if (hasZone && writeTime(json, clocks.readTextTime(buf, line), fromText)) return
    if (writeTime(json, recordTimeMs, fromRecord)) return
    if (line.prefixTimeAt >= 0) {
      const ms = clocks.prefixClock.toUtcMs(clocks.readPrefixTime(buf, line))
      if (writeTime(json, ms, fromPrefix)) return
    }
    if (hasText && !hasZone && writeTime(json, clocks.logClock.toUtcMs(clocks.readTextTime(buf, line)), fromText))
      return
    json.part(fromNothing)
  }

  /** For records that have no other time than their own. */
  writeRecordTime(json: JsonWriter, recordTimeMs: number): void {
    if (!writeTime(json, recordTimeMs, fromRecord)) json.part(fromNothing)
  }
}

/** Writes the time and where it came from; false when it is none that can be written, and nothing was. */
function writeTime(json: JsonWriter, ms: number, source: JsonPart): boolean {
  if (!isUtcTime(ms)) return false
  json.time(ms)
  json.part(source)
  return true
}
