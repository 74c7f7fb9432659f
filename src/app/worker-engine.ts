// The engine of the worker: parsers, reconstruction, classification and the rows of a batch, wired around one block of memory.
import { isContinuation } from '../../parsers/fc-text/is-continuation.ts'
import { isTroubleText } from '../../parsers/fc-text/is-trouble.ts'
import { LineTime } from '../../parsers/fc-text/line-time.ts'
import { readError } from '../../parsers/fc-text/read-error.ts'
import { readPrefixTime } from '../../parsers/fc-text/read-time.ts'
import { readTraceParent } from '../../parsers/shared/trace-parent.ts'
import type { Verdict } from '../classify/judge.ts'
import type { ScanWindow } from '../lib/line-scan/line-scanner.ts'
import { LinearMemory } from '../lib/linear-memory.ts'
import { ZoneClock } from '../lib/zone-clock.ts'
import type { InputFormat } from '../model/batch-options.ts'
import { Ledger } from '../model/ledger.ts'
import { type ChunkRecords, hasRecords } from '../model/partitioned-source.ts'
import type { Chunk } from '../model/source.ts'
import { chunkBytes, LineCutter, reserveWindow } from '../pipeline/cut-lines.ts'
import type { Emission } from '../pipeline/emission.ts'
import { type BatchRows, type Engine, homeOf, type KeptOwner } from '../pipeline/engine.ts'
import { GivenOut } from '../pipeline/given-out.ts'
import type { Keeping } from '../pipeline/partitions.ts'
import { ReconstructTaker } from '../pipeline/reconstruct-taker.ts'
import { RecordIntake } from '../pipeline/record-intake.ts'
import { RecordPlaces } from '../pipeline/record-places.ts'
import { Frame, momentOf } from '../reconstruct/engine-frame.ts'
import { lastTickBelow } from '../reconstruct/last-record.ts'
import type { LineColumns } from '../reconstruct/line-columns.ts'
import { LineColumnsRoom } from '../reconstruct/line-columns-room.ts'
import { oldestNumber } from '../reconstruct/oldest-number.ts'
import { Reconstructor, reserveAttempts } from '../reconstruct/reconstructor.ts'
import type { StreamState } from '../reconstruct/stream-state.ts'
import { DeadLetterBatch } from './dead-letter-batch.ts'
import { createEmission } from './engine-emission.ts'
import { type EngineState, loadState, saveState } from './engine-state.ts'
import { keepOwner } from './keep-owner.ts'
import { createRecordParsers, reserveRows } from './record-parsers.ts'
import { TextStreams } from './text-streams.ts'
import type { WorkerEngineOptions } from './worker-engine-options.ts'

/** One engine; see {@link Engine}. */
export class WorkerEngine implements Engine {
  readonly window: Uint8Array
  readonly chunkBytes = chunkBytes
  readonly ledger = new Ledger()
  readonly #reconstructor: Reconstructor
  readonly #rows: LineColumns
  readonly #taker: ReconstructTaker<StreamState>
  readonly #emission: Emission<Verdict>
  readonly #givenOut = new GivenOut()
  readonly #options: WorkerEngineOptions
  readonly #cutters = new Map<InputFormat, LineCutter>()
  readonly #memory: LinearMemory
  readonly #scanWindow: ScanWindow
  readonly #rowRoom: ReturnType<typeof reserveRows>
  readonly #textStreams: TextStreams
  #owners: KeptOwner[] = []
  readonly #deadLetters = new DeadLetterBatch()
  readonly #places = new RecordPlaces()
  #events = 0
  /** Something came that was of a partition, or of none. */
  #hasShared = false
  #hasLocal = false
  /** False while what is taken is stored already. */
  #isKept = true
  #isWhole = true

  constructor(options: WorkerEngineOptions) {
    this.#options = options
    const memory = new LinearMemory()
    this.#memory = memory
    this.#scanWindow = reserveWindow(memory)
    this.#rowRoom = reserveRows(memory)
    const room = reserveAttempts(memory, options.maxOpen)
    const lineRoom = new LineColumnsRoom(memory, options.maxRows)
    const clocks = { prefixClock: new ZoneClock(options.timeZone), logClock: new ZoneClock(options.logTimeZone) }
    this.#emission = createEmission(options, this.#givenOut, this.ledger)
    this.#reconstructor = new Reconstructor({
      memory,
      room,
      maxOpen: options.maxOpen,
      allowedLatenessMs: options.allowedLatenessMs,
      silenceMs: options.silenceMs,
      settleAfterMs: options.settleAfterMs,
      configOf: options.figures.configOf,
      reader: { readError, isContinuation, isTroubleText, readTraceParent },
      ledger: this.ledger,
      withIds: true,
      seed: Math.floor(performance.now() * 1e6),
      rows: { room: lineRoom, time: new LineTime(clocks) },
      receive: settled => {
        this.#events += 1
        this.#emission.take(settled)
      },
      follower: this.#emission,
      onOwner: owner => this.#owners.push(keepOwner(owner)),
    })
    this.#textStreams = new TextStreams(this.#reconstructor)
    // Asked for above.
    this.#rows = this.#reconstructor.rows as LineColumns
    this.#rows.isZonelessUtc = options.logTimeZone === 'UTC'
    this.#taker = new ReconstructTaker({
      engine: this.#reconstructor,
      ledger: this.ledger,
      readPrefixTime,
      toUtcMs: localMs => clocks.prefixClock.toUtcMs(localMs),
      drain: () => {},
      onDeadLetter: (reason, bytes, position) => {
        this.#deadLetters.bury(reason, bytes, position)
        if (this.#isKept) options.onDeadLetter(reason)
      },
    })
    this.window = this.#cutterOf('auto').window.subarray(0, this.#scanWindow.windowBytes)
  }

  #cutterOf(format: InputFormat): LineCutter {
    let cutter = this.#cutters.get(format)
    if (cutter === undefined) {
      const parsers = createRecordParsers(format, { memory: this.#memory, room: this.#rowRoom })
      const taker = new RecordIntake({ format, parsers, taker: this.#taker, ledger: this.ledger })
      cutter = new LineCutter({ memory: this.#memory, window: this.#scanWindow, taker })
      this.#cutters.set(format, cutter)
    }
    return cutter
  }

  get openAttempts(): number {
    return this.#reconstructor.openAttempts
  }

  get isFull(): boolean {
    const { attemptRows, maxRows, spans } = this.#options
    const areRowsFull = this.#rows.isFull || attemptRows.rows >= maxRows || attemptRows.isFull === true
    return areRowsFull || this.#deadLetters.isFull || spans?.isFull === true
  }

  get hasWaiting(): boolean {
    return this.#reconstructor.flow.hasWaiting || this.#options.spans?.hasWaiting === true
  }

  /** Attempts whose records came too late to change them. */
  get beyondHorizon(): number {
    return this.#emission.beyondHorizon
  }

  setTime(unixMs: number): void {
    this.#emission.nowMs = unixMs
    this.#reconstructor.flow.setTime(unixMs)
  }

  goOn(from: string, to: string): boolean {
    return this.#textStreams.goOn(from, to)
  }

  take(chunk: Chunk, format: InputFormat, source: string): number {
    const { id } = chunk.stream
    const records = hasRecords(chunk) ? chunk.records : null
    if (records === null) {
      this.#reconstructor.streams.home = ''
      this.#hasLocal = true
    } else this.#enterRecords(homeOf(source, records.partition), records)
    const stream = this.#textStreams.of(id)
    this.#deadLetters.enter(chunk, source)
    this.#rows.enter(chunk.stream, stream.origin)
    this.#rows.windowPosition = chunk.position
    this.#taker.enter(stream, chunk.position, records === null ? null : this.#places)
    const cutter = this.#cutterOf(format)
    cutter.begin(this.#textStreams.isSkipping(id))
    const taken = cutter.takeAll(chunk)
    this.#textStreams.setSkipping(id, cutter.isSkipping)
    return taken
  }

  /** No record that is new comes at a tick at which old ones of its home did. */
  #enterRecords(home: string, records: ChunkRecords): void {
    const { streams, rereading, flow, parts } = this.#reconstructor
    streams.home = home
    this.#hasShared = true
    this.#places.enter(records)
    const { frame } = parts.attempts
    const tick = (): number => frame.words[Frame.tick]!
    if (this.#isWhole) rereading.noteWhole(home, parts.attempts.nextNumber)
    if (!this.#isKept) rereading.note(home, tick())
    else while (rereading.covers(home, tick())) flow.nextTick()
  }

  giveDue(): boolean {
    const { attempts } = this.#reconstructor.parts
    const before = this.#events + attempts.version
    this.#reconstructor.flow.publishDue()
    const sent = this.#options.spans?.sendDue(this.#emission.nowMs) ?? 0
    return sent > 0 || this.#events + attempts.version !== before
  }

  giveAll(): void {
    this.#reconstructor.flow.publishAll()
    this.#options.spans?.sendDue(Number.POSITIVE_INFINITY)
  }

  giveClosed(): void {
    this.#reconstructor.flow.publishClosed()
  }

  passOverEnded(): void {
    this.#emission.isPassingOver = true
    try {
      this.#reconstructor.flow.publishEnded()
    } finally {
      this.#emission.isPassingOver = false
    }
  }

  get hasClosed(): boolean {
    return this.#reconstructor.flow.hasClosed
  }

  setKeeping({ rows, counts, isWhole }: Keeping): void {
    this.#isKept = rows
    this.#isWhole = isWhole
    this.#rows.isMuted = !rows
    this.#emission.counts = counts
  }

  abandon(isGone: (home: string) => boolean): void {
    const { attempts, streams } = this.#reconstructor.parts
    attempts.discard(stream => isGone(stream.home))
    streams.forget(isGone)
    this.#reconstructor.rereading.forget(isGone)
    this.#emission.doubt(isGone)
    this.#textStreams.forget(isGone)
  }

  oldestNumber(horizonMs: number): number {
    return oldestNumber(this.#reconstructor.parts, horizonMs)
  }

  get nextNumber(): number {
    return this.#reconstructor.parts.attempts.nextNumber
  }

  get momentMs(): number {
    return momentOf(this.#reconstructor.parts.attempts.frame.words[Frame.tick]!, this.#emission.nowMs)
  }

  lastRecordMs(number: number): number {
    const tick = lastTickBelow(this.#reconstructor.parts.attempts, number)
    return tick === null ? Number.NEGATIVE_INFINITY : momentOf(tick, this.#emission.nowMs)
  }

  rows(): BatchRows {
    return { lines: this.#rows.block(), owners: this.#owners, deadLetters: this.#deadLetters.letters }
  }

  clearRows(): void {
    this.#rows.clear()
    this.#owners = []
    this.#deadLetters.clear()
  }

  forgetStream(streamId: string): void {
    this.#textStreams.setDone(streamId)
  }

  save(): Buffer {
    return saveState(this.#state, this.#hasLocal || !this.#hasShared)
  }

  load(bytes: Uint8Array): void {
    this.#hasLocal = loadState(this.#state, bytes)
  }

  get #state(): EngineState {
    const { ledger } = this
    const spans = this.#options.spans ?? null
    return {
      reconstructor: this.#reconstructor,
      textStreams: this.#textStreams,
      givenOut: this.#givenOut,
      ledger,
      spans,
    }
  }
}
