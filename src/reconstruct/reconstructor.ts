// Hot path: records in, attempts out. Decides which part of the engine a record is for; every rule lives in that part.
import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import { isStartFailure } from '../model/error-endings.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import type { Ledger } from '../model/ledger.ts'
import type { LineOwner, LinePlace } from '../model/line-owner.ts'
import type { LineReader } from '../model/line-reader.ts'
import type { LineTimeReader } from '../model/line-time.ts'
import type { LogstoreRow } from '../model/logstore-row.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import type { ParsedRecord } from '../model/parsed-record.ts'
import { Kind } from '../model/record-kind.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { RecordTime } from '../model/record-time.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import { AttemptFlow, maxWaitingRows, settleStep } from './attempt-flow.ts'
import { none } from './attempt-layout.ts'
import { AttemptRoom } from './attempt-room.ts'
import { Attempts } from './attempts.ts'
import { Errors } from './errors.ts'
import { FateCode } from './fate-code.ts'
import type { Follower } from './follower.ts'
import { Fusion } from './fusion.ts'
import { LineColumns } from './line-columns.ts'
import type { LineColumnsRoom } from './line-columns-room.ts'
import { ownerOf } from './line-identity.ts'
import { LineAttachment } from './lines.ts'
import { Markers } from './markers.ts'
import { MetricsRows } from './metrics-rows.ts'
import { type OrdinaryCounts, OrdinaryLines } from './ordinary-lines/ordinary-lines.ts'
import { PendingDecisions } from './pending-decisions.ts'
import { Publishing } from './publishing.ts'
import { RequestGroup } from './request-group.ts'
import { Rereading } from './rereading.ts'
import { Settling } from './settling.ts'
import type { EngineParts } from './snapshot.ts'
import { StartFailures } from './start-failures.ts'
import { ColdStart, type StreamState } from './stream-state.ts'
import { Streams } from './streams.ts'
import { Summaries } from './summaries.ts'
import { TroubleRing } from './trouble-ring.ts'

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
  /** See `AttemptFlow`; only for whoever follows. */
  readonly silenceMs: number
  /** So long after its End an attempt is given out for the first time; only for whoever follows. */
  readonly settleAfterMs: number
  readonly configOf: (origin: RecordOrigin) => FunctionConfig | null
  readonly reader: LineReader
  readonly ledger: Ledger
  /** Any number; makes the hash table's layout unpredictable, never the result. */
  readonly seed: number
  /** False when nobody reads request ids: making strings of them is a good part of giving an attempt out. */
  readonly withIds: boolean
  /** Where lines are kept as rows, and what reads their times; null when nobody wants them. */
  readonly rows: { readonly room: LineColumnsRoom; readonly time: LineTimeReader } | null
  /** Takes each attempt; must not keep the object it is given. */
  readonly receive: (settled: SettledAttempt) => void
  /** Null for whoever gives everything out once. */
  readonly follower: Follower | null
  /** Takes the owners of lines that were handed on before they had one; null for whoever keeps no lines. */
  readonly onOwner: ((owner: LineOwner) => void) | null
}

/** Reserves what a reconstructor for `maxOpen` open attempts needs. */
export const reserveAttempts = (memory: LinearMemory, maxOpen: number): AttemptRoom =>
  new AttemptRoom(memory, maxOpen + maxWaitingRows + settleStep + 16)

/** Puts records together into attempts. Every `accept…` books one record's fate in the ledger. */
export class Reconstructor {
  readonly streams: Streams
  /** The lines of the batch at hand; null when nobody wants them. */
  readonly rows: LineColumns | null
  readonly #ordinary: OrdinaryLines
  readonly #attempts: Attempts
  readonly #markers: Markers
  readonly #lines: LineAttachment
  readonly #errors: Errors
  readonly #summaries: Summaries
  readonly #rows: MetricsRows
  readonly #startFailures: StartFailures
  readonly #ring: TroubleRing
  readonly #ledger: Ledger
  readonly flow: AttemptFlow
  readonly rereading = new Rereading()
  /** The record at hand, for its row. */
  #bodyStart = 0
  #bodyEnd = 0
  #recordMs = Number.NaN

  constructor(options: ReconstructorOptions) {
    const { memory, room, reader, ledger, seed, withIds, receive, follower } = options
    this.#ledger = ledger
    const attempts = new Attempts({ memory, room, seed })
    this.#attempts = attempts
    this.streams = new Streams(options.configOf, stream => attempts.table.addTextStream(stream))
    this.#markers = new Markers(attempts, options.allowedLatenessMs)
    this.#lines = new LineAttachment(attempts, reader)
    const ring = new TroubleRing(troubleRingBytes)
    this.#ring = ring
    const errors = new Errors({ attempts, reader, ring, time: options.rows?.time ?? null })
    this.#errors = errors
    this.#summaries = new Summaries(attempts, this.#lines)
    const onOwner = (place: LinePlace, slot: number): void => options.onOwner?.(ownerOf(attempts, place, slot))
    const startFailures = new StartFailures({ attempts, errors, ledger, onOwner })
    this.#startFailures = startFailures
    this.#rows = new MetricsRows(attempts, startFailures)
    this.#ordinary = new OrdinaryLines(memory, attempts)
    this.rows = options.rows === null ? null : new LineColumns({ memory, attempts, ...options.rows })
    const fusion = new Fusion({ attempts, ring, withIds, receive, follower, rereading: this.rereading })
    const group = new RequestGroup(attempts, ledger)
    const pending = new PendingDecisions({ attempts, errors, ledger, onOwner })
    const settling = new Settling({ attempts, fusion, group, startFailures, pending })
    const { maxOpen, silenceMs, settleAfterMs, allowedLatenessMs: rowWaitMs } = options
    const publishing = new Publishing({
      attempts,
      fusion,
      group,
      settling,
      startFailures,
      pending,
      settleAfterMs,
      rowWaitMs,
    })
    this.flow = new AttemptFlow({ attempts, settling, publishing, maxOpen, silenceMs })
  }

  /** The parts that have state, for a snapshot. */
  get parts(): EngineParts {
    return { attempts: this.#attempts, streams: this.streams, ring: this.#ring, flow: this.flow }
  }

  get openAttempts(): number {
    return this.#attempts.openCount
  }

  /** One record that is one line of text. */
  acceptLine(buf: Buffer, line: ParsedLine, stream: StreamState, origin: RecordOrigin, time: RecordTime): void {
    this.#bodyStart = line.messageStart
    this.#bodyEnd = line.messageEnd
    this.#recordMs = Number.NaN
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
    this.flow.makeRoom()
    return counts
  }

  /** One record whose text may hold several lines: one fate, and counted as a line once. */
  acceptRecord(record: ParsedRecord, row: LogstoreRow, time: RecordTime): void {
    this.flow.waitForRows()
    const stream = this.streams.of(row.origin)
    const buf = row.messageBuffer
    if (record.count > 0) this.#setBody(record, time)
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

  /** The body of a record's row: what follows time and level, or, with other lines around, all of it. */
  #setBody(record: ParsedRecord, time: RecordTime): void {
    const first = record.lines[record.kindLine]!
    const isMessage = first.kind === Kind.appLine && record.kindLine === 0
    this.#bodyStart = isMessage ? first.messageStart : record.lines[0]!.start
    this.#bodyEnd = record.lines[record.count - 1]!.end
    this.#recordMs = time.ms
  }

  acceptMetrics(row: LogstoreRow): void {
    this.flow.waitForRows()
    this.#book(this.#rows.accept(row.metrics, this.streams.of(row.origin), row.origin))
  }

  acceptInstanceEvent(row: LogstoreRow): void {
    if (row.eventName?.startsWith('fc:Instance:Destroy')) this.streams.of(row.origin).destroyed = true
    this.#ledger.ignored++
  }

  #book(fate: FateCode): void {
    const ledger = this.#ledger
    if (fate === FateCode.attached) ledger.attached++
    else if (fate === FateCode.unattached) ledger.unattached++
    else if (fate === FateCode.duplicate) ledger.duplicate++
    else ledger.ignored++
    this.flow.makeRoom()
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
    stream.expectColdStart(ColdStart.runtimeStart, this.#attempts.since())
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
      const place = counted && this.rows !== null ? this.rows.place() : null
      const { ms: timeMs, wholeSeconds } = time
      const isWaiting = !stream.ordered && this.#startFailures.keep(stream, { detail, timeMs, wholeSeconds, place })
      stream.lastLine.clear()
      if (counted) this.#addRow(buf, line, none, stream, origin, isWaiting)
      return FateCode.unattached
    }
    const slot = this.#lines.attemptOf(buf, line, stream, origin, time)
    if (stream.collector !== null) this.#errors.continueBody(buf, line, slot, stream)
    stream.lastLine.set(this.#attempts.table.cells, slot)
    stream.lastWasMarker = false
    if (slot === none) {
      if (!counted) return FateCode.unattached
      const error = detail === null ? null : { detail, inAppLine: false }
      const waiting = { error, place: this.rows?.place() ?? null }
      const isWaiting = this.#lines.keepPending(buf, line, stream, time, waiting)
      this.#addRow(buf, line, none, stream, origin, isWaiting)
      return FateCode.unattached
    }
    if (counted) this.#addRow(buf, line, slot, stream, origin, false)
    if (counted) this.#lines.count(slot, line, time)
    if (detail !== null) this.#errors.add(slot, detail, false)
    else if (!special) this.#errors.note(buf, line, slot, stream, this.#recordMs)
    this.#lines.noteTrace(buf, line, slot)
    if (line.instanceEnd > line.instanceStart) this.#noteInstance(buf, line, slot)
    return FateCode.attached
  }

  #addRow(
    buf: Buffer,
    line: ParsedLine,
    slot: number,
    stream: StreamState,
    origin: RecordOrigin,
    isWaiting: boolean,
  ): void {
    this.rows?.add(buf, line, this.#bodyStart, this.#bodyEnd, slot, stream, origin, this.#recordMs, isWaiting)
  }

  #noteInstance(buf: Buffer, line: ParsedLine, slot: number): void {
    this.#attempts.notesOf(slot).instanceID ??= buf.toString('latin1', line.instanceStart, line.instanceEnd)
  }
}
