// What the batch commands are asked to do: the agreement between the command line and the wiring in src/app.
import type { Attempt } from './attempt.ts'
import type { Lang } from './cause.ts'
import type { Output } from './output.ts'

/** How lines are told apart (contract §2): `auto` decides per line. */
export const inputFormats = ['auto', 'text', 'sls'] as const
export type InputFormat = (typeof inputFormats)[number]

/** What `reconstruct` prints. `none` still does all the work. */
export const attemptOutputs = ['jsonl', 'none'] as const
export type AttemptOutput = (typeof attemptOutputs)[number]

/** How far reading is; called now and then, never per line. `totalBytes` is null when an input's size cannot be known. */
export type ProgressListener = (progress: { readonly bytesRead: number; readonly totalBytes: number | null }) => void

/** Defaults of the contract (§3 `time`, §4 rule 11). */
export const defaultTimeZone = 'Asia/Shanghai'
export const defaultLogTimeZone = 'UTC'
export const defaultMaxOpen = 1_000_000

/** Its factors are those of the other books, but for GPUs and the night. */
export const defaultBook = 'fc3-cn'

/** Options that `parse` and `reconstruct` share. All values are checked. */
export interface BatchOptions {
  /** Paths in the order given; `-` is standard input. Never empty. */
  readonly inputs: readonly string[]
  readonly format: InputFormat
  /** IANA name or `+HH:MM`, of console prefixes. */
  readonly timeZone: string
  /** The same, of times in the text that carry no zone. */
  readonly logTimeZone: string
  readonly lang: Lang
  readonly output: Output
  /** Null when nobody wants to know. */
  readonly onProgress: ProgressListener | null
}

export type ParseOptions = BatchOptions

export interface ReconstructOptions extends BatchOptions {
  readonly out: AttemptOutput
  /** Give the attempts out in one fixed order instead of the order in which they close. */
  readonly sort: boolean
  /** Where to write the ledger as JSON; null for nowhere. */
  readonly ledgerPath: string | null
  readonly functionsPath: string | null
  /** The price book whose factors `cu` is calculated with: a name, or a file. */
  readonly book: string
  readonly maxOpen: number
  /** Called with every attempt, whatever `out` says. The object is valid during the call only. Null for nobody. */
  readonly onAttempt: ((attempt: Attempt) => void) | null
}
