// What is worth remembering of an attempt beyond numbers. Only attempts with something special have notes.
import type { ErrorSignal } from '../model/attempt-signals.ts'

/** Error signals and trouble lines kept of one attempt; what comes later is counted as lines, but not kept. */
export const maxSignals = 8
export const maxTroubleLines = 8
/** Bytes kept of a trouble line. */
export const maxTroubleBytes = 1000

/** Notes of one slot. */
export class AttemptNotes {
  readonly errors: ErrorSignal[] = []
  readonly troubleLines: string[] = []
  /** Of a canceled End's brackets; NaN when not given. */
  canceledDurationMs = Number.NaN
  canceledMemoryMB = Number.NaN
  /** See `joinTraceParents`. */
  traceParent: string | null = null
  /** Instance id that a console prefix gave. */
  instanceID: string | null = null
  /** Duration of the initialize attempt that came before on the instance, when it is exact. */
  initializeMs = Number.NaN
  /** The number of what announced its cold start (`Since`); null when nothing did, or long before. */
  coldStartNumber: number | null = null
  /** Of an attempt without a request id on a text stream: the stream's key when it began. */
  streamKey = ''
}
