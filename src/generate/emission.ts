// Hot path: one record that the generator writes, and all that a perfect reader of that record sees. One class with
// every field declared, because hundreds of thousands are made a second.
import type { CauseCode } from '../model/cause.ts'
import type { ErrorDetail } from '../model/error-detail.ts'
import type { LevelName } from '../model/level.ts'
import type { OutcomeName } from '../model/outcome.ts'
import type { RecordKind } from '../model/record-kind.ts'
import type { Instance } from './instance.ts'
import type { Job } from './job.ts'
import type { MetricsFields } from './metrics-fields.ts'
import type { Timed } from './time-queue.ts'

/** The figures of a summary, or of the brackets of a canceled End; null is not given. */
export interface Figures {
  readonly durationMs: number | null
  readonly billedMs: number | null
  readonly memoryMB: number | null
  readonly maxMemoryUsedMB: number | null
}

export class Emission implements Timed {
  /** Place among the other records; differs from `atMs` only for records that are delivered early or late. */
  sortMs: number
  order = 0
  /** When it was written, unix ms. How much of it a reader sees depends on the format. */
  readonly atMs: number
  readonly instance: Instance
  readonly job: Job
  readonly kind: RecordKind
  /** The id that stands in the record. */
  readonly requestId: string | null
  /** The text, without console prefix; several lines only in a Logstore row. */
  readonly message: string
  level: LevelName = 'other'
  outcome: OutcomeName = 'ok'
  /** What the record spells out (for a body over several records: on its last one). */
  error: ErrorDetail | null = null
  figures: Figures | null = null
  row: MetricsFields | null = null
  /** A row that came before. */
  isCopy = false
  /** An End marker of the same id glued behind the line, in the same record. */
  hasGluedEnd = false
  eventName: string | null = null
  /** Why the attempt failed, when this is the record that shows it. */
  cause: CauseCode | null = null

  constructor(fields: {
    atMs: number
    instance: Instance
    job: Job
    kind: RecordKind
    requestId: string | null
    message: string
  }) {
    this.sortMs = fields.atMs
    this.atMs = fields.atMs
    this.instance = fields.instance
    this.job = fields.job
    this.kind = fields.kind
    this.requestId = fields.requestId
    this.message = fields.message
  }
}
