// Hot path: records in, attempts out. Decides which part of the engine a record is for; every rule lives in that part.

import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import { isStartFailure } from '../model/error-endings.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import type { Ledger } from '../model/ledger.ts'
import type { LineReader } from '../model/line-reader.ts'
import type { LogstoreRow } from '../model/logstore-row.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import type { ParsedRecord } from '../model/parsed-record.ts'
import { Kind } from '../model/record-kind.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { RecordTime } from '../model/record-time.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import { Cell, none, State } from './attempt-layout.ts'
import { AttemptRoom } from './attempt-room.ts'
import { Attempts } from './attempts.ts'
import { Frame } from './engine-frame.ts'
import { Errors } from './errors.ts'
import { FateCode } from './fate-code.ts'
import { Fusion } from './fusion.ts'
import { LineAttachment } from './lines.ts'
import { Markers } from './markers.ts'
import { MetricsRows } from './metrics-rows.ts'
import { type OrdinaryCounts, OrdinaryLines } from './ordinary-lines/ordinary-lines.ts'
import { Settling } from './settling.ts'
import { ColdStart, maxStartFailures, type StreamState } from './stream-state.ts'
import { Streams } from './streams.ts'
import { Summaries } from './summaries.ts'
import { TroubleRing } from './trouble-ring.ts'

/**
 * Ended attempts that wait for what may still come for them; with more, the one that ended first is given out. Text waits
 * for late lines and retries only; rows wait for metrics rows that may stand far behind, as in two exports put together.
 */
const maxWaitingText = 32_768
const maxWaitingRows = 131_072

/** How many attempts more than that wait until the oldest are given out in one go. */
const settleStep = 4096

/** First bytes of ordinary lines: a digit of a time, `F` of a marker, `D` of a summary, or a line's end at once. */
const mayBeOrdinary = new Uint8Array(256)
for (const byte of Buffer.from('0123456789FD\n')) mayBeOrdinary[byte] = 1

/** Error lines that are remembered, for the attempts that turn out to have failed. */
const troubleRingBytes = 32 * 1024 * 1024

/** What a reconstructor is made of. */
export interface ReconstructorOptions {
  /** Where the attempts live, see {@link reserveAttempts}. */
  readonly memory: LinearMemory
  readonly room: AttemptRoom
  /** Open attempts held at most; then the oldest is given out as evicted (rule 11). */
  readonly maxOpen: number
  /** How long an End may come before its Start, by record times (rule 10). */
  readonly allowedLatenessMs: number
  readonly configOf: (origin: RecordOrigin) => FunctionConfig | null
  readonly reader: LineReader
  readonly ledger: Ledger
  /** Any number; makes the hash table's layout unpredictable, never the result. */
  readonly seed: number
  /** False when nobody reads request ids: making strings of them is a good part of giving an attempt out. */
  readonly withIds: boolean
  /** Takes each attempt; must not keep the object it is given. */
  readonly receive: (settled: SettledAttempt) => void
}

/** Reserves what a reconstructor for `maxOpen` open attempts needs. */
export const reserveAttempts = (memory: LinearMemory, maxOpen: number): AttemptRoom =>
  new AttemptRoom(memory, maxOpen + maxWaitingRows + settleStep + 16)

/** Puts records together into attempts. Every `accept…` books one record's fate in the ledger. */
export class Reconstructor {
  readonly streams: Streams
  readonly #ordinary: OrdinaryLines
  readonly #attempts: Attempts
  readonly #markers: Markers
  readonly #lines: LineAttachment
  readonly #errors: Errors
  readonly #summaries: Summaries
  readonly #rows: MetricsRows
  readonly #settling: Settling
  readonly #ledger: Ledger
  readonly #maxOpen: number
  #maxWaiting = maxWaitingText

  constructor(options: ReconstructorOptions) {
    this.#maxOpen = options.maxOpen
    this.#ledger = options.ledger
    const attempts = new Attempts({
      memory: options.memory,
      room: options.room,
      seed: options.seed,
    })
    this.#attempts = attempts
    this.streams = new Streams(options.configOf, stream => attempts.table.addTextStream(stream))
    attempts.frame.words[Frame.maxOpen] = options.maxOpen
    attempts.frame.words[Frame.maxClosed] = maxWaitingText + settleStep
    this.#markers = new Markers(attempts, options.allowedLatenessMs)
    this.#lines = new LineAttachment(attempts, options.reader)
    const ring = new TroubleRing(troubleRingBytes)
    this.#errors = new Errors(attempts, options.reader, ring)
    this.#summaries = new Summaries(attempts, this.#lines)
    this.#rows = new MetricsRows(attempts)
    const fusion = new Fusion({ attempts, ring, withIds: options.withIds, receive: options.receive })
    this.#ordinary = new OrdinaryLines(options.memory, attempts)
    this.#settling = new Settling({ attempts, errors: this.#errors, fusion, ledger: options.ledger })
  }

  get openAttempts(): number {
    return this.#attempts.openCount
  }

  /** One record that is one line of text. */
  acceptLine(buf: Buffer, line: ParsedLine, stream: StreamState, origin: RecordOrigin, time: RecordTime): void {
    this.#book(this.#acceptLine(buf, line, stream, origin, time, true))
  }

  /**
   * Takes lines of text from the cursor on as long as they are ordinary (see `OrdinaryLines`), books their fates, and returns
   * how many of which kind; null for none. The result is that of {@link acceptLine}.
   */
  acceptOrdinary(scanner: LineScanner, cursor: LineCursor, stream: StreamState): OrdinaryCounts | null {
    // Other lines, rows above all, are told by their first byte: handing over costs more than that.
    if (!mayBeOrdinary[scanner.bytes[cursor.start]!] || stream.collector !== null) return null
    if (this.#ordinary.take(scanner, cursor, stream) === 0) return null
    const { counts } = this.#ordinary
    const ledger = this.#ledger
    ledger.attached += counts.appLines + counts.starts + counts.ends + counts.summariesAttached
    ledger.unattached += counts.summariesUnattached
    ledger.ignored += counts.blanks
    this.#makeRoom()
    return counts
  }

  /** One record whose text may hold several lines: one fate, and counted as a line once. */
  acceptRecord(record: ParsedRecord, row: LogstoreRow, time: RecordTime): void {
    this.#waitForRows()
    const stream = this.streams.of(row.origin)
    const buf = row.messageBuffer
    let fate: FateCode = FateCode.unattached
    for (let at = 0; at < record.count; at++) {
      const line = record.lines[at]!
      // Text in front of a marker and whatever stands behind the line that gave the kind is not counted again.
      const counted = at === record.kindLine
      const lineFate = this.#acceptLine(buf, line, stream, row.origin, time, counted)
      if (at === 0 || lineFate < fate) fate = lineFate
    }
    this.#book(record.count === 0 ? FateCode.ignored : fate)
  }

  acceptMetrics(row: LogstoreRow): void {
    this.#waitForRows()
    this.#book(this.#rows.accept(row.metrics, this.streams.of(row.origin), row.origin))
  }

  acceptInstanceEvent(row: LogstoreRow): void {
    if (row.eventName?.startsWith('fc:Instance:Destroy')) this.streams.of(row.origin).destroyed = true
    this.#ledger.ignored++
  }

  /**
   * The end of the input: closes what is open and gives out what is left, some requests per call so that the caller can
   * write in between. False when nothing is left.
   */
  finish(requests: number): boolean {
    const attempts = this.#attempts
    while (attempts.oldestOpen !== none) attempts.close(attempts.oldestOpen, 'eof')
    this.#settleOldest(requests)
    return attempts.oldestClosed !== none
  }

  /** A loop of its own: inside `finish` it was compiled and thrown away again at every call. */
  #settleOldest(requests: number): void {
    const attempts = this.#attempts
    for (let done = 0; done < requests && attempts.oldestClosed !== none; done++) {
      this.#settling.settle(attempts.oldestClosed)
    }
  }

  #book(fate: FateCode): void {
    const ledger = this.#ledger
    if (fate === FateCode.attached) ledger.attached++
    else if (fate === FateCode.unattached) ledger.unattached++
    else if (fate === FateCode.duplicate) ledger.duplicate++
    else ledger.ignored++
    this.#makeRoom()
  }

  /** Gives attempts out when more wait than may; by the thousand, at a count that does not depend on how lines came in. */
  #makeRoom(): void {
    const attempts = this.#attempts
    if (attempts.closedCount >= this.#maxWaiting + settleStep) {
      while (attempts.closedCount > this.#maxWaiting) this.#settling.settle(attempts.oldestClosed)
    }
    if (attempts.openCount > this.#maxOpen) this.#evict(attempts.oldestOpen)
    if (attempts.crowded !== none) this.#settleCrowded()
  }

  #waitForRows(): void {
    if (this.#maxWaiting === maxWaitingRows) return
    this.#maxWaiting = maxWaitingRows
    this.#attempts.frame.words[Frame.maxClosed] = maxWaitingRows + settleStep
  }

  #evict(slot: number): void {
    this.#attempts.table.cells[slot + Cell.state]! |= State.evicted
    this.#attempts.close(slot, 'evicted')
  }

  #settleCrowded(): void {
    const slot = this.#attempts.crowded
    this.#attempts.crowded = none
    this.#settling.settle(slot)
  }

  #acceptLine(
    buf: Buffer,
    line: ParsedLine,
    stream: StreamState,
    origin: RecordOrigin,
    time: RecordTime,
    counted: boolean,
  ): FateCode {
    const kind = line.kind
    if (kind <= Kind.errorText) return this.#acceptText(buf, line, stream, origin, time, counted)
    if (kind <= Kind.preStopEnd) {
      if (stream.collector !== null) this.#errors.continueBody(buf, line, none, stream)
      return this.#markers.accept(buf, line, stream, origin, time)
    }
    if (kind === Kind.summary) return this.#summaries.accept(buf, line, stream, origin)
    // What is left is runtimeStart: it speaks of an instance, not of an attempt.
    stream.coldStart = ColdStart.runtimeStart
    return FateCode.ignored
  }

  #acceptText(
    buf: Buffer,
    line: ParsedLine,
    stream: StreamState,
    origin: RecordOrigin,
    time: RecordTime,
    counted: boolean,
  ): FateCode {
    const special = line.kind >= Kind.errorJson
    const detail = special ? this.#errors.detailOf(buf, line) : null
    if (detail !== null && stream.openCount === 0 && isStartFailure(detail)) {
      if (!stream.ordered) {
        stream.startFailures ??= []
        if (stream.startFailures.length < maxStartFailures) {
          stream.startFailures.push({ detail, timeMs: time.ms, wholeSeconds: time.wholeSeconds })
        }
      }
      stream.lastLine.clear()
      return FateCode.unattached
    }
    const slot = this.#lines.attemptOf(buf, line, stream, origin, time)
    if (stream.collector !== null) this.#errors.continueBody(buf, line, slot, stream)
    stream.lastLine.set(this.#attempts.table.cells, slot)
    stream.lastWasMarker = false
    if (slot === none) {
      if (counted) this.#lines.keepPending(line, stream, time, detail === null ? null : { detail, inAppLine: false })
      return FateCode.unattached
    }
    if (counted) this.#lines.count(slot, line, time)
    if (detail !== null) this.#errors.add(slot, detail, false)
    else if (!special) this.#errors.note(buf, line, slot, stream)
    if (line.instanceEnd > line.instanceStart) this.#noteInstance(buf, line, slot)
    return FateCode.attached
  }

  #noteInstance(buf: Buffer, line: ParsedLine, slot: number): void {
    this.#attempts.notesOf(slot).instanceID ??= buf.toString('latin1', line.instanceStart, line.instanceEnd)
  }
}
