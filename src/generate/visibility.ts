// What a perfect reader finds in the records: docs/semantics.md §2 to §4 once more, on records whose meaning is known.
// Written from that page alone, so that it can check the engine. Plain objects and arrays on purpose.
import type { PhaseName } from '../model/record-kind.ts'
import type { Emission } from './emission.ts'
import type { Instance } from './instance.ts'
import type { Job } from './job.ts'
import { LineReader, type LineSight } from './line-visibility.ts'
import type { GenerateFormat } from './options.ts'
import { markerOf } from './script.ts'
import { SeenAttempt, SeenRequest, takeOutcome } from './seen-attempt.ts'
import { destroyInstance, noteEnded, SeenStream } from './seen-stream.ts'
import { settleRequest } from './settlement.ts'
import type { TruthLedger } from './truth-ledger.ts'

/** An End may come so much before its Start (`allowedLatenessMs`), and a Start so soon after an End is its copy. */
const allowedLatenessMs = 60_000
const copyWithinMs = 1000

export interface ReaderOptions {
  readonly format: GenerateFormat
  readonly ledger: TruthLedger
  /** Called once with every attempt, when nothing can change it any more. */
  readonly give: (attempt: SeenAttempt) => void
}

export class Reader {
  readonly #options: ReaderOptions
  readonly #lines: LineReader
  readonly #streams = new Map<unknown, SeenStream>()
  readonly #requests = new WeakMap<Job, SeenRequest>()
  /** Attempts of streams whose instance is gone, while other attempts of the request go on. */
  readonly #orphans = new Set<SeenAttempt>()

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#lines = new LineReader({
      ledger: options.ledger,
      make: (emission, stream) => this.#make(emission, { stream, phase: 'invoke' }),
    })
  }

  /** Reads the next record in the order of delivery. */
  see(emission: Emission): void {
    const { ledger } = this.#options
    const stream = this.#streamOf(emission.instance)
    ledger.receive(emission.kind)
    this.#read(emission, stream)
    emission.job.outstanding -= 1
    emission.instance.outstanding -= 1
    if (emission.job.isComplete && emission.job.outstanding === 0) this.#settle(emission, stream)
    if (emission.instance.isRetired && emission.instance.outstanding === 0) this.#close(emission.instance, stream)
  }

  /** The end of the input. */
  finish(): void {
    for (const stream of this.#streams.values()) {
      for (const attempt of stream.unfinished) settleRequest(attempt.request, { stream, ledger: this.#options.ledger })
    }
    for (const stream of this.#streams.values()) this.#end(stream)
    for (const orphan of this.#orphans) this.#give(orphan)
    this.#streams.clear()
  }

  #read(emission: Emission, stream: SeenStream): void {
    const { ledger } = this.#options
    switch (emission.kind) {
      case 'text':
      case 'appLine':
      case 'errorJson':
      case 'errorText':
        if (emission.message === '') ledger.fate('ignored')
        else this.#lines.read(emission, this.#sightOf(emission, stream))
        if (emission.hasGluedEnd) this.#readEnd(emission, stream, 'invoke')
        return
      case 'runtimeStart':
        stream.isColdStartPending = true
        ledger.fate('ignored')
        return
      case 'instanceEvent':
      case 'instanceMetrics':
        if (emission.eventName?.startsWith('fc:Instance:Destroy') === true) destroyInstance(stream)
        ledger.fate('ignored')
        return
      case 'summary':
        ledger.fate(this.#readSummary(emission, stream) ? 'attached' : 'unattached')
        return
      case 'requestMetrics':
        ledger.fate(emission.isCopy ? 'duplicate' : 'attached')
        if (!emission.isCopy) this.#requestOf(emission).rows.push(emission)
        return
      case 'deadLetter':
        ledger.fate('deadLettered')
        return
      default: {
        const [phase, isEnd] = markerOf(emission.kind)
        ledger.fate(isEnd ? this.#readEnd(emission, stream, phase) : this.#readStart(emission, stream, phase))
      }
    }
  }

  #readStart(emission: Emission, stream: SeenStream, phase: PhaseName): 'attached' | 'duplicate' {
    const known = this.#known(emission, stream, phase)
    const open = known.find(attempt => attempt.isOpen)
    const nowMs = this.#visibleMs(emission)
    if (open !== undefined && emission.requestId !== null) {
      stream.previous = { kind: 'marker', attempt: open }
      if (!open.hasStart) {
        // A line of it came first.
        open.hasStart = true
        open.startMs = nowMs
        return 'attached'
      }
      open.hasDuplicateMarkers = true
      return 'duplicate'
    }
    const ended = emission.requestId === null ? undefined : known.findLast(attempt => attempt.hasEnd)
    if (ended !== undefined && ended.endMs !== null && nowMs !== null && nowMs - ended.endMs < copyWithinMs) {
      stream.previous = { kind: 'marker', attempt: ended }
      if (!ended.hasStart && ended.endMs - nowMs <= allowedLatenessMs) {
        ended.hasStart = true
        ended.endCameFirst = true
        ended.startMs = nowMs
        return 'attached'
      }
      ended.hasDuplicateMarkers = true
      return 'duplicate'
    }
    this.#open(emission, stream, phase)
    return 'attached'
  }

  #open(emission: Emission, stream: SeenStream, phase: PhaseName): void {
    const attempt = this.#make(emission, { stream, phase })
    attempt.hasStart = true
    attempt.startMs = this.#visibleMs(emission)
    stream.previous = { kind: 'marker', attempt }
    if (phase === 'initialize') {
      stream.isColdStartPending = true
      stream.initialize = attempt
    }
    if (phase === 'invoke') {
      attempt.isFirstOnInstance = stream.isColdStartPending
      attempt.initialize = stream.initialize
      stream.isColdStartPending = false
      stream.initialize = null
    }
    this.#sweep(stream)
  }

  #readEnd(emission: Emission, stream: SeenStream, phase: PhaseName): 'attached' | 'duplicate' {
    const known = this.#known(emission, stream, phase)
    const open = known.filter(attempt => attempt.isOpen)
    const [target] = open
    // Without an id the End closes the one open attempt without an id, if there is exactly one.
    if (target !== undefined && (emission.requestId !== null || open.length === 1)) {
      this.#endAttempt(target, emission, stream)
      return 'attached'
    }
    const ended = emission.requestId === null ? undefined : known.at(-1)
    if (ended?.hasEnd === true) {
      ended.hasDuplicateMarkers = true
      if (ended.outcome === 'ok' && emission.outcome !== 'ok') takeOutcome(ended, emission)
      stream.previous = { kind: 'marker', attempt: ended }
      return 'duplicate'
    }
    if (ended !== undefined) ended.isLateEnd = true
    this.#endAttempt(ended ?? this.#make(emission, { stream, phase }), emission, stream)
    return 'attached'
  }

  #endAttempt(attempt: SeenAttempt, emission: Emission, stream: SeenStream): void {
    takeOutcome(attempt, emission)
    attempt.hasEnd = true
    attempt.isOpen = false
    attempt.endMs = this.#visibleMs(emission)
    stream.previous = { kind: 'marker', attempt }
    noteEnded(stream, attempt, attempt.endMs)
  }

  #readSummary(emission: Emission, stream: SeenStream): boolean {
    const ofId = emission.requestId === null ? null : (this.#known(emission, stream, 'invoke').at(-1) ?? null)
    const attempt = ofId ?? (stream.endedSinceSummary === 1 ? stream.lastEndedInvoke : null)
    stream.endedSinceSummary = 0
    if (attempt === null || attempt.summary !== null) return false
    attempt.summary = emission.figures
    return true
  }

  #make(emission: Emission, where: { stream: SeenStream; phase: PhaseName }): SeenAttempt {
    const profile = this.#options.format === 'sls' ? emission.instance.profile : null
    const { requestId } = emission
    const request = this.#requestOf(emission)
    const instanceID = this.#visibleInstance(emission)
    const attempt = new SeenAttempt({ request, requestId, phase: where.phase, profile, instanceID })
    attempt.isWholeSeconds = this.#options.format === 'console' || profile?.hasExactTimes === false
    request.attempts.push(attempt)
    where.stream.open.push(attempt)
    where.stream.unfinished.push(attempt)
    return attempt
  }

  /** Attempts of the record's id and phase on its instance, or where one of the two is unknown. */
  #known(emission: Emission, stream: SeenStream, phase: PhaseName): SeenAttempt[] {
    const { requestId } = emission
    if (requestId === null) return stream.open.filter(attempt => attempt.requestId === null && attempt.phase === phase)
    const instanceID = this.#visibleInstance(emission)
    return this.#requestOf(emission).attempts.filter(
      attempt =>
        attempt.requestId === requestId &&
        attempt.phase === phase &&
        (attempt.instanceID === instanceID || attempt.instanceID === null || instanceID === null),
    )
  }

  #requestOf({ job }: Emission): SeenRequest {
    const known = this.#requests.get(job)
    if (known !== undefined) return known
    const request = new SeenRequest()
    this.#requests.set(job, request)
    return request
  }

  #streamOf(instance: Instance): SeenStream {
    const { format } = this.#options
    const key = format !== 'sls' ? 'file' : instance.profile.namesInstance ? instance : instance.profile
    const known = this.#streams.get(key)
    if (known !== undefined) return known
    const stream = new SeenStream()
    this.#streams.set(key, stream)
    return stream
  }

  #sightOf(emission: Emission, stream: SeenStream): LineSight {
    const request = this.#requestOf(emission)
    return { stream, request, atMs: this.#visibleMs(emission), instanceID: this.#visibleInstance(emission) }
  }

  #visibleInstance({ instance }: Emission): string | null {
    if (this.#options.format === 'text') return null
    if (this.#options.format === 'console') return instance.showsIdInConsole ? instance.id : null
    return instance.profile.namesInstance ? instance.id : null
  }

  /** The record's own time, unix ms, as exactly as the format shows it. */
  #visibleMs({ atMs, instance }: Emission): number | null {
    if (this.#options.format === 'text') return null
    if (this.#options.format === 'sls' && instance.profile.hasExactTimes) return atMs
    return Math.floor(atMs / 1000) * 1000
  }

  #settle(emission: Emission, stream: SeenStream): void {
    const { ledger } = this.#options
    const rowOnly = settleRequest(this.#requestOf(emission), { stream, ledger })
    for (const attempt of rowOnly) this.#give(attempt)
    for (const attempt of this.#requestOf(emission).attempts) {
      if (this.#orphans.delete(attempt)) this.#give(attempt)
    }
    this.#sweep(stream)
  }

  /** Gives out what nothing can change any more. */
  #sweep(stream: SeenStream): void {
    this.#lines.resolveWaiting(stream, { isFinal: false })
    if (stream.unfinished.length === 0) return
    const finished = stream.unfinished.filter(attempt => attempt.request.isSettled && !stream.needs(attempt))
    if (finished.length === 0) return
    stream.unfinished = stream.unfinished.filter(attempt => !(attempt.request.isSettled && !stream.needs(attempt)))
    for (const attempt of finished) this.#give(attempt)
  }

  #close(instance: Instance, stream: SeenStream): void {
    if (this.#options.format !== 'sls' || !instance.profile.namesInstance) return
    this.#streams.delete(instance)
    this.#end(stream)
  }

  #end(stream: SeenStream): void {
    this.#lines.resolveWaiting(stream, { isFinal: true })
    for (const _ of stream.startFailures) this.#options.ledger.fate('unattached')
    stream.isClosed = true
    for (const attempt of stream.unfinished) {
      if (attempt.request.isSettled) this.#give(attempt)
      else this.#orphans.add(attempt)
    }
    stream.unfinished = []
  }

  #give(attempt: SeenAttempt): void {
    if (attempt.isGiven) return
    attempt.isGiven = true
    this.#options.give(attempt)
  }
}
