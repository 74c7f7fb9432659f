// Hot path: one Logstore row, filled again and again (contract §2; facts/fc-metrics-billing §A.1).
import type { RecordOrigin } from './record-origin.ts'
import { RequestMetricsRow } from './request-metrics-row.ts'

/** What a row turned out to be. `notARow`: not a JSON object with `__topic__`, `__time__` or `message`; `invalidJson`: not whole JSON at all. */
export const RowKind = {
  notARow: 0,
  invalidJson: 1,
  appLog: 2,
  requestMetrics: 3,
  instanceMetrics: 4,
  instanceEvent: 5,
  noMessage: 6,
} as const
export type RowKindCode = (typeof RowKind)[keyof typeof RowKind]

/** A Logstore row. Everything is valid only until the next row is read. */
export class LogstoreRow {
  kind: RowKindCode = RowKind.notARow
  origin: RecordOrigin
  /** `__time__` and `__time_ns_part__` as unix ms; NaN when not given. */
  timeMs = Number.NaN
  /** True when there was no `__time_ns_part__`: the time is known to the second only. */
  wholeSeconds = true
  /** The unescaped message: a range of `messageBuffer`, which is the input buffer when nothing had to be unescaped. */
  messageBuffer: Buffer
  messageStart = 0
  messageEnd = 0
  /** Filled for request metrics. */
  readonly metrics = new RequestMetricsRow()
  /** Name and level of an instance event (`fc:Instance:DestroySuccess`, `Normal`). */
  eventName: string | null = null
  eventLevel: string | null = null

  constructor(origin: RecordOrigin, messageBuffer: Buffer) {
    this.origin = origin
    this.messageBuffer = messageBuffer
  }
}
