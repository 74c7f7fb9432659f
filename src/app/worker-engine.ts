// The engine of the worker: parsers, reconstruction, classification and the rows of a batch, wired around one block of memory.
import { deserialize, serialize } from 'node:v8'
import { isContinuation } from '../../parsers/fc-text/is-continuation.ts'
import { isTroubleText } from '../../parsers/fc-text/is-trouble.ts'
import { LineTime } from '../../parsers/fc-text/line-time.ts'
import { readError } from '../../parsers/fc-text/read-error.ts'
import { readPrefixTime } from '../../parsers/fc-text/read-time.ts'
import { findCauses } from '../classify/find-causes.ts'
import { judge, type Verdict } from '../classify/judge.ts'
import type { ScanWindow } from '../lib/line-scan/line-scanner.ts'
import { LinearMemory } from '../lib/linear-memory.ts'
import { bytesOf, joinSections, splitSections, wordsOf } from '../lib/sections.ts'
import { hexOfWords, spanIdWords, traceIdWords } from '../lib/trace-id.ts'
import { ZoneClock } from '../lib/zone-clock.ts'
import type { InputFormat } from '../model/batch-options.ts'
import type { Lang } from '../model/cause.ts'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import { Ledger, type LedgerReport } from '../model/ledger.ts'
import type { LineOwner } from '../model/line-owner.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { Chunk } from '../model/source.ts'
import { chunkBytes, LineCutter, reserveWindow } from '../pipeline/cut-lines.ts'
import { type AttemptCounter, type AttemptRowTaker, Emission } from '../pipeline/emission.ts'
import type { BatchRows, DeadLetter, Engine, KeptOwner } from '../pipeline/engine.ts'
import { GivenOut } from '../pipeline/given-out.ts'
import { ReconstructTaker } from '../pipeline/reconstruct-taker.ts'
import { RecordIntake } from '../pipeline/record-intake.ts'
import type { LineColumns } from '../reconstruct/line-columns.ts'
import { LineColumnsRoom } from '../reconstruct/line-columns-room.ts'
import { Reconstructor, reserveAttempts } from '../reconstruct/reconstructor.ts'
import { loadEngine, saveEngine } from '../reconstruct/snapshot.ts'
import type { StreamState } from '../reconstruct/stream-state.ts'
import { isFailure } from '../sinks/prometheus/attempt-metrics.ts'
import { createSignature } from './attempt-signature.ts'
import { createRecordParsers, reserveRows } from './record-parsers.ts'
import { type SavedTextStreams, TextStreams } from './text-streams.ts'

/** Bytes that are kept of a line that was too long; all others are kept whole, so that they can be tried again. */
const maxTooLongBytes = 64 * 1024
/** Dead letters of one batch, and their bytes; then the batch is closed. */
const maxDeadLetters = 10_000
const maxDeadLettersBytes = 16 * 1024 * 1024

export interface WorkerEngineOptions {
  readonly maxOpen: number
  readonly silenceMs: number
  readonly allowedLatenessMs: number
  readonly settleAfterMs: number
  readonly timeZone: string
  readonly logTimeZone: string
  readonly lang: Lang
  /** Lines of one batch. */
  readonly maxRows: number
  readonly configOf: (origin: RecordOrigin) => FunctionConfig | null
  readonly attemptRows: AttemptRowTaker & { readonly rows: number }
  readonly attemptCounter: AttemptCounter
  readonly onDeadLetter: (reason: DeadLetter['reason']) => void
}

/** What has to survive beside the engine and the memory of what was given out. */
interface Saved {
  readonly ledger: LedgerReport
  readonly textStreams: SavedTextStreams
}

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
  #deadLetters: DeadLetter[] = []
  #deadLettersBytes = 0
  #chunk: Chunk | null = null
  #source = ''
  #events = 0

  constructor(options: WorkerEngineOptions) {
    this.#options = options
    const memory = new LinearMemory()
    this.#memory = memory
    this.#scanWindow = reserveWindow(memory)
    this.#rowRoom = reserveRows(memory)
    const room = reserveAttempts(memory, options.maxOpen)
    const lineRoom = new LineColumnsRoom(memory, options.maxRows)
    const clocks = { prefixClock: new ZoneClock(options.timeZone), logClock: new ZoneClock(options.logTimeZone) }
    this.#emission = this.#createEmission()
    this.#reconstructor = new Reconstructor({
      memory,
      room,
      maxOpen: options.maxOpen,
      allowedLatenessMs: options.allowedLatenessMs,
      silenceMs: options.silenceMs,
      settleAfterMs: options.settleAfterMs,
      configOf: options.configOf,
      reader: { readError, isContinuation, isTroubleText },
      ledger: this.ledger,
      withIds: true,
      seed: Math.floor(performance.now() * 1e6),
      rows: { room: lineRoom, time: new LineTime(clocks) },
      receive: settled => {
        this.#events += 1
        this.#emission.take(settled)
      },
      withdraw: settled => this.#emission.withdraw(settled),
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
      onDeadLetter: (reason, bytes, position) => this.#bury(reason, bytes, position),
    })
    this.window = this.#cutterOf('auto').window.subarray(0, this.#scanWindow.windowBytes)
  }

  #createEmission(): Emission<Verdict> {
    const { lang, attemptRows, attemptCounter } = this.#options
    return new Emission({
      judges: { judge, findCauses: (signals, verdict) => findCauses(signals, verdict, lang) },
      givenOut: this.#givenOut,
      rows: attemptRows,
      counter: attemptCounter,
      ledger: this.ledger,
      signatureOf: createSignature(),
      isFailure,
    })
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
    return (
      this.#rows.isFull ||
      this.#options.attemptRows.rows >= this.#options.maxRows ||
      this.#deadLetters.length >= maxDeadLetters ||
      this.#deadLettersBytes >= maxDeadLettersBytes
    )
  }

  get hasWaiting(): boolean {
    return this.#reconstructor.flow.hasWaiting
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
    const stream = this.#textStreams.of(id)
    this.#chunk = chunk
    this.#source = source
    this.#rows.enter(chunk.stream, stream.origin)
    this.#rows.windowPosition = chunk.position
    this.#taker.enter(stream, chunk.position)
    const cutter = this.#cutterOf(format)
    cutter.begin(this.#textStreams.isSkipping(id))
    const taken = this.#cut(cutter, chunk)
    this.#textStreams.setSkipping(id, cutter.isSkipping)
    this.#chunk = null
    return taken
  }

  #cut(cutter: LineCutter, { length, isLast }: Chunk): number {
    let start = 0
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + chunkBytes)
      start = cutter.take(start, from, to)
      if (cutter.stopped) return start
      from = to
    }
    return isLast ? cutter.end(start, length) : start
  }

  #bury(reason: DeadLetter['reason'], bytes: Uint8Array, position: number): void {
    this.#options.onDeadLetter(reason)
    const kept = Buffer.from(reason === 'tooLong' ? bytes.subarray(0, maxTooLongBytes) : bytes)
    // Only `take` leads here, and it sets the chunk.
    const stream = this.#chunk?.stream ?? { id: '', label: '' }
    this.#deadLetters.push({
      reason,
      source: this.#source,
      streamId: stream.id,
      stream: stream.label,
      position,
      bytes: kept,
    })
    this.#deadLettersBytes += kept.length
  }

  giveDue(): boolean {
    const { attempts } = this.#reconstructor.parts
    const before = this.#events + attempts.version
    this.#reconstructor.flow.publishDue()
    return this.#events + attempts.version !== before
  }

  giveAll(): void {
    this.#reconstructor.flow.publishAll()
  }

  rows(): BatchRows {
    return { lines: this.#rows.block(), owners: this.#owners, deadLetters: this.#deadLetters }
  }

  clearRows(): void {
    this.#rows.clear()
    this.#owners = []
    this.#deadLetters = []
    this.#deadLettersBytes = 0
  }

  forgetStream(streamId: string): void {
    this.#textStreams.setDone(streamId)
  }

  save(): Buffer {
    const saved: Saved = { ledger: this.ledger.report(), textStreams: this.#textStreams.save() }
    const engine = saveEngine(this.#reconstructor.parts, this.#textStreams.all())
    const { old, young } = this.#givenOut.save()
    return joinSections([serialize(saved), engine, bytesOf(old), bytesOf(young)])
  }

  load(bytes: Uint8Array): void {
    const [head, engine, old, young] = splitSections(bytes) ?? []
    if (head === undefined || engine === undefined || old === undefined || young === undefined) {
      throw cannotLoad('otherVersion')
    }
    const result = loadEngine(this.#reconstructor.parts, engine)
    if (result.status !== 'loaded') throw cannotLoad(result.status)
    // Written by `save`; a checksum around it says that the bytes are the same.
    const saved = deserialize(head) as Saved
    this.#textStreams.load(saved.textStreams, result.textStreams)
    this.#givenOut.load({ old: wordsOf(old), young: wordsOf(young) })
    this.ledger.load(saved.ledger)
  }
}

const keepOwner = ({ place, requestId, identityWords }: LineOwner): KeptOwner => ({
  place,
  requestId,
  traceId: hexOfWords(identityWords, 0, traceIdWords),
  spanId: hexOfWords(identityWords, traceIdWords, spanIdWords),
})

function cannotLoad(status: 'otherVersion' | 'tooLarge'): FcscopeError {
  const texts = {
    tooLarge: {
      en: 'The state holds more open attempts than reconstruct.maxOpen allows now. Set it back to what it was.',
      zh: '状态中的未结束尝试数超过了当前的 reconstruct.maxOpen，请改回原来的值。',
    },
    otherVersion: {
      en: 'The state was written by another version of fcscope. Go on with that version, or remove the state folder: everything is read again, and nothing is stored twice.',
      zh: '状态由其他版本的 fcscope 写入。请使用该版本继续，或删除状态目录：数据将重新读取，且不会重复存储。',
    },
  }
  return new FcscopeError('FCS_STATE_UNUSABLE', texts[status], { exitStatus: ExitStatus.unreachable })
}
