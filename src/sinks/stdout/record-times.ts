// Hot path: writes a record's time and where that came from (contract §3 `time`, `timeSource`).

import { isUtcTime } from '../../lib/utc-time.ts'
import { TimeSourceCode } from '../../model/line-block.ts'
import type { LineTimeReader } from '../../model/line-time.ts'
import type { ParsedLine } from '../../model/parsed-line.ts'
import { type JsonWriter, jsonPart } from './json-writer.ts'

const fromNothing = jsonPart('null,"timeSource":null,"message":')
const fromRecord = jsonPart(',"timeSource":"record","message":')
/** By {@link TimeSourceCode}. */
const sourceParts = [
  fromNothing,
  jsonPart(',"timeSource":"text","message":'),
  fromRecord,
  jsonPart(',"timeSource":"prefix","message":'),
]

/** Writes the value of `time`, all of `timeSource`, and the key of `message`. */
export class RecordTimes {
  readonly #time: LineTimeReader

  constructor(time: LineTimeReader) {
    this.#time = time
  }

  /** `recordTimeMs` is the row's own time, NaN where there is none. */
  write(json: JsonWriter, buf: Buffer, line: ParsedLine, recordTimeMs: number): void {
    const time = this.#time
    time.read(buf, line, recordTimeMs)
    if (time.source !== TimeSourceCode.none) json.time(time.ms)
    json.part(sourceParts[time.source]!)
  }

  /** For records that have no other time than their own. */
  writeRecordTime(json: JsonWriter, recordTimeMs: number): void {
    if (!isUtcTime(recordTimeMs)) {
      json.part(fromNothing)
      return
    }
    json.time(recordTimeMs)
    json.part(fromRecord)
  }
}
