// Hot path: which of a record's times is its time, and where that came from (contract §3 `time`, `timeSource`).
import { TimeSourceCode } from '../../src/model/line-block.ts'
import type { LineTimeReader } from '../../src/model/line-time.ts'
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { readPrefixTime, readTextTime, textTimeHasZone } from './read-time.ts'

/** A wall clock's zone: local time, in ms as if it were UTC, to unix ms. */
export interface LocalClock {
  toUtcMs(localMs: number): number
}

export interface LineClocks {
  /** `--time-zone`: of console prefixes. */
  readonly prefixClock: LocalClock
  /** `--log-time-zone`: of times in the text that carry no zone. */
  readonly logClock: LocalClock
}

/** What RFC 3339 can write: the years 0 to 9999. */
const firstMs = -62_167_219_200_000
const behindLastMs = 253_402_300_800_000
const isTime = (ms: number): boolean => ms >= firstMs && ms < behindLastMs

/** A time in the text that carries a zone, else the record's own, else a console prefix, else a time in the text without a zone. */
export class LineTime implements LineTimeReader {
  ms = Number.NaN
  source: TimeSourceCode = TimeSourceCode.none
  readonly #clocks: LineClocks

  constructor(clocks: LineClocks) {
    this.#clocks = clocks
  }

  read(buf: Uint8Array, line: ParsedLine, recordMs: number): void {
    const hasText = line.textTimeAt >= 0
    const hasZone = hasText && textTimeHasZone(buf, line)
    if (hasZone && this.#take(readTextTime(buf, line), TimeSourceCode.text)) return
    if (this.#take(recordMs, TimeSourceCode.record)) return
    if (line.prefixTimeAt >= 0) {
      const ms = this.#clocks.prefixClock.toUtcMs(readPrefixTime(buf, line))
      if (this.#take(ms, TimeSourceCode.prefix)) return
    }
    if (hasText && !hasZone) {
      const ms = this.#clocks.logClock.toUtcMs(readTextTime(buf, line))
      if (this.#take(ms, TimeSourceCode.text)) return
    }
    this.ms = Number.NaN
    this.source = TimeSourceCode.none
  }

  #take(ms: number, source: TimeSourceCode): boolean {
    if (!isTime(ms)) return false
    this.ms = ms
    this.source = source
    return true
  }
}
