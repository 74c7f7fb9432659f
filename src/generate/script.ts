// Writes the records of one attempt (or hook) in order: what is printed, and what each record means.
import type { Random } from '../lib/random.ts'
import type { CauseCode } from '../model/cause.ts'
import type { ErrorDetail } from '../model/error-detail.ts'
import type { LevelName } from '../model/level.ts'
import type { OutcomeName } from '../model/outcome.ts'
import type { PhaseName, RecordKind } from '../model/record-kind.ts'
import { formatAppLine } from './app-lines.ts'
import { Emission, type Figures } from './emission.ts'
import type { Instance } from './instance.ts'
import type { Job } from './job.ts'
import type { MetricsFields } from './metrics-fields.ts'
import type { GenerateFormat } from './options.ts'

/** What every script needs: chance, the format, and where records go. */
export interface Stage {
  readonly random: Random
  readonly format: GenerateFormat
  /** Text with summaries of a local run, which carry the request id, instead of the platform's. */
  readonly isLocalRun: boolean
  push(emission: Emission): void
}

/** What an appended record means beyond its text. */
export interface Meaning {
  readonly error?: ErrorDetail
  readonly cause?: CauseCode
  readonly figures?: Figures
  readonly outcome?: OutcomeName
}

const phaseWords = { invoke: 'Invoke', initialize: 'Initialize', preFreeze: 'PreFreeze', preStop: 'PreStop' } as const

const suffixes: Readonly<Record<OutcomeName, string>> = {
  ok: '',
  handledError: ', Error: Handled function error',
  unhandledError: ', Error: Unhandled function error',
  canceled: ', Error: Invocation canceled by client',
}

/** A lifecycle marker in the platform's spelling; an id of null is none at all. */
export const markerText = (
  phase: PhaseName,
  side: 'Start' | 'End',
  id: string | null,
  outcome: OutcomeName = 'ok',
): string => `FC ${phaseWords[phase]} ${side} RequestId: ${id ?? ''}${suffixes[outcome]}`

export class Script {
  readonly stage: Stage
  readonly instance: Instance
  readonly job: Job
  readonly requestId: string | null
  /** Time of the next record, unix ms. */
  atMs: number
  /** Set while records must stay together: then this is the time that places them among the others. */
  heldMs: number | null = null

  constructor(fields: { stage: Stage; instance: Instance; job: Job; requestId: string | null; atMs: number }) {
    this.stage = fields.stage
    this.instance = fields.instance
    this.job = fields.job
    this.requestId = fields.requestId
    this.atMs = fields.atMs
  }

  advance(ms: number): void {
    this.atMs += Math.max(0, Math.round(ms))
  }

  /** A marker; `text` replaces the platform's spelling. */
  marker(
    phase: PhaseName,
    side: 'Start' | 'End',
    more: { outcome?: OutcomeName; text?: string; figures?: Figures; cause?: CauseCode } = {},
  ): Emission {
    const outcome = more.outcome ?? 'ok'
    const text = more.text ?? markerText(phase, side, this.requestId, outcome)
    return this.add(`${phase}${side}`, text, { ...more, outcome })
  }

  /** An application line with the request's id (or, with `isAnonymous`, without one). */
  log(level: Exclude<LevelName, 'other'>, message: string, more: Meaning & { isAnonymous?: boolean } = {}): void {
    const requestId = more.isAnonymous === true ? null : this.requestId
    const runtime = this.instance.profile.runtime
    const text = formatAppLine({
      runtime,
      level,
      requestId,
      atMs: this.atMs,
      message,
      isConsole: this.stage.format === 'console',
    })
    this.appLine(level, text, { ...more, requestId })
  }

  /** An application line that is already formatted; lines after the first are its continuation. */
  appLine(level: LevelName, text: string, more: Meaning & { requestId: string | null }): Emission {
    const [head = '', ...rest] = this.splits ? text.split('\n') : [text]
    const emission = this.#make('appLine', head, more.requestId)
    emission.level = level
    apply(emission, more)
    this.#send(emission)
    this.#addText(rest)
    return emission
  }

  /** Raw output without an id: one write, which is one record or one a line. */
  plain(text: string): void {
    for (const line of this.splits ? text.split('\n') : [text]) this.add('text', line)
  }

  /** An error body or sentence on its own. Several lines become one record, or a line each with the meaning on the last. */
  body(kind: 'errorJson' | 'errorText', text: string, meaning: Meaning): void {
    const lines = this.splits ? text.split('\n') : [text]
    if (lines.length > 1 && this.stage.format === 'console') return
    if (lines.length === 1) {
      this.add(kind, text, meaning)
      return
    }
    const last = lines.pop() ?? ''
    this.#addText(lines)
    this.add('text', last, meaning)
  }

  metrics(row: MetricsFields): Emission {
    const emission = this.#make('requestMetrics', '', row.requestId)
    emission.row = row
    return this.#send(emission)
  }

  /** What local tools print instead of the platform's summary: with the id, without the duration. */
  localSummary(figures: Figures): void {
    const { billedMs, memoryMB, maxMemoryUsedMB } = figures
    const text = `RequestId: ${this.requestId} \t Billed Duration: ${billedMs} ms \t Memory Size: ${memoryMB} MB \t Max Memory Used: ${maxMemoryUsedMB} MB`
    const isColoured = this.stage.random.chance(0.5)
    const emission = this.#make('summary', isColoured ? `\x1b[0;32m${text}\x1b[0m` : text, this.requestId)
    emission.figures = figures
    this.#send(emission)
  }

  add(kind: RecordKind, message: string, meaning: Meaning = {}): Emission {
    const isAnonymous =
      kind === 'text' || kind === 'errorText' || kind === 'errorJson' || kind === 'runtimeStart' || kind === 'summary'
    const emission = this.#make(kind, message, isAnonymous ? null : this.requestId)
    apply(emission, meaning)
    return this.#send(emission)
  }

  /** Text files have one line a record; rows hold a whole write unless the function splits them. */
  get splits(): boolean {
    return this.stage.format !== 'sls' || this.instance.profile.splitsRecords
  }

  #addText(lines: readonly string[]): void {
    // A console copy glues its time to the line, after which nobody can tell an indented line: it shows first lines only.
    if (this.stage.format === 'console') return
    for (const line of lines) this.add('text', line)
  }

  #make(kind: RecordKind, message: string, requestId: string | null): Emission {
    const emission = new Emission({ atMs: this.atMs, instance: this.instance, job: this.job, kind, requestId, message })
    if (this.heldMs !== null) emission.sortMs = this.heldMs
    return emission
  }

  #send(emission: Emission): Emission {
    this.job.outstanding += 1
    this.instance.outstanding += 1
    this.stage.push(emission)
    return emission
  }
}

function apply(emission: Emission, meaning: Meaning): void {
  if (meaning.error !== undefined) emission.error = meaning.error
  if (meaning.cause !== undefined) emission.cause = meaning.cause
  if (meaning.figures !== undefined) emission.figures = meaning.figures
  if (meaning.outcome !== undefined) emission.outcome = meaning.outcome
}

/** Phase and side of a marker kind. */
export function markerOf(kind: string): [PhaseName, boolean] {
  const isEnd = kind.endsWith('End')
  const phase = kind.slice(0, isEnd ? -3 : -5)
  if (phase === 'initialize' || phase === 'preFreeze' || phase === 'preStop') return [phase, isEnd]
  return ['invoke', isEnd]
}
