// Hot path: attempts as columns for the table `attempts`: the contract's fields (§4), and what tells revisions apart.
import { traceIdWords } from '../../lib/trace-id.ts'
import { type Attempt, closers, statuses } from '../../model/attempt.ts'
import { type BusyHours, behindLastHour, firstHour } from '../../model/busy-hours.ts'
import { type PhaseName, phases } from '../../model/record-kind.ts'
import { CausesColumn, ErrorLinesColumn, FlagsColumn, LevelsColumn, SourcesColumn } from './attempt-columns.ts'
import { DictionaryColumn } from './dictionary-column.ts'
import { addLineIds, type LineIds } from './line-ids.ts'
import {
  type Column,
  EnumColumn,
  FixedBytesColumn,
  NullableNumberColumn,
  NullableTextColumn,
  NumberColumn,
  TextColumn,
  TimeColumn,
} from './native-columns.ts'

/** What a store wants to know of a row beyond the attempt itself. */
export interface RowOrigin {
  /** Tells attempts without a request id apart; empty with one. */
  readonly position: string
  readonly revision: number
  /** When the first revision was stored, unix ms: all revisions of an attempt lie in one partition. */
  readonly firstStoredMs: number
  /** It must not take the place of what is stored: it counts where there is nothing. */
  readonly mayKnowLess: boolean
  /** Hours in which earlier rows of the attempt may be. */
  readonly priorHours: BusyHours
}

export interface GivenAttempt extends RowOrigin {
  /** Trace id (4 words) and span id (2 words) that follow from the identity; its lines have them. */
  readonly identityWords: Int32Array
  /** The attempt has others, from the platform. */
  readonly hasPlatformIds: boolean
  /** Span ids (2 words each) that its lines were stored with. */
  readonly lineSpans: readonly number[]
}

/** An attempt that was given out and is none any more. */
export interface WithdrawnAttempt extends RowOrigin {
  readonly requestId: string | null
  readonly phase: PhaseName
  readonly attempt: number
}

/** What DateTime64 with milliseconds holds: the years 1900 to 2299; nothing outside is a time of an attempt. */
const firstMs = -2_208_988_800_000
const behindLastMs = 10_413_792_000_000
const timeOrNull = (ms: number | null): number | null => (ms !== null && ms >= firstMs && ms < behindLastMs ? ms : null)

/** The rows of one batch. */
export class AttemptRows {
  rows = 0
  readonly #lesser: number[] = []
  readonly #lineIds: LineIds[] = []
  readonly #requestId = new NullableTextColumn('requestId')
  readonly #position = new TextColumn('position')
  readonly #phase = new EnumColumn('phase', phases)
  readonly #attempt = new NumberColumn('attempt', 'UInt32')
  readonly #revision = new NumberColumn('revision', 'UInt32')
  readonly #deleted = new NumberColumn('deleted', 'UInt8')
  readonly #firstStoredAt = new TimeColumn('firstStoredAt', { isNullable: false })
  readonly #functionName = new DictionaryColumn('functionName')
  readonly #serviceName = new DictionaryColumn('serviceName')
  readonly #qualifier = new DictionaryColumn('qualifier')
  readonly #versionId = new DictionaryColumn('versionId')
  readonly #instanceID = new NullableTextColumn('instanceID')
  readonly #invocationType = new DictionaryColumn('invocationType')
  readonly #triggerType = new DictionaryColumn('triggerType')
  readonly #resourceMode = new DictionaryColumn('resourceMode')
  readonly #status = new EnumColumn('status', statuses)
  readonly #errorCode = new DictionaryColumn('errorCode')
  readonly #errorType = new NullableTextColumn('errorType')
  readonly #errorMessage = new NullableTextColumn('errorMessage')
  readonly #errorStack = new NullableTextColumn('errorStack')
  readonly #errorLines = new ErrorLinesColumn()
  readonly #httpMethod = new DictionaryColumn('httpMethod')
  readonly #httpPath = new NullableTextColumn('httpPath')
  readonly #httpStatus = new NullableNumberColumn('httpStatus', 'UInt16')
  readonly #startTime = new TimeColumn('startTime', { isNullable: true })
  readonly #endTime = new TimeColumn('endTime', { isNullable: true })
  readonly #durationMs = new NullableNumberColumn('durationMs', 'Float64')
  readonly #durationUncertaintyMs = new NumberColumn('durationUncertaintyMs', 'UInt32')
  readonly #billedMs = new NullableNumberColumn('billedMs', 'Float64')
  readonly #memoryMB = new NullableNumberColumn('memoryMB', 'Float64')
  readonly #maxMemoryUsedMB = new NullableNumberColumn('maxMemoryUsedMB', 'Float64')
  readonly #coldStart = new NullableNumberColumn('coldStart', 'Bool')
  readonly #coldStartMs = new NullableNumberColumn('coldStartMs', 'Float64')
  readonly #prepareCodeMs = new NullableNumberColumn('prepareCodeMs', 'Float64')
  readonly #runtimeInitMs = new NullableNumberColumn('runtimeInitMs', 'Float64')
  readonly #initializeMs = new NullableNumberColumn('initializeMs', 'Float64')
  readonly #scheduleMs = new NullableNumberColumn('scheduleMs', 'Float64')
  readonly #lines = new NumberColumn('lines', 'UInt32')
  readonly #linesAfterEnd = new NumberColumn('linesAfterEnd', 'UInt32')
  readonly #levels = new LevelsColumn()
  readonly #traceId = new FixedBytesColumn('traceIdBytes', 16)
  readonly #spanId = new FixedBytesColumn('spanIdBytes', 8)
  readonly #parentSpanId = new NullableTextColumn('parentSpanId')
  readonly #closedBy = new EnumColumn('closedBy', closers)
  readonly #flags = new FlagsColumn()
  readonly #causes = new CausesColumn()
  readonly #sources = new SourcesColumn()
  /** A decimal as text: the engine takes it as the column has it. */
  readonly #cu = new NullableTextColumn('cu')
  readonly #priorFromHour = new NumberColumn('priorFromHour', 'UInt32')
  readonly #priorToHour = new NumberColumn('priorToHour', 'UInt32')

  /** In the order of the insert. */
  readonly columns: readonly Column[] = [
    this.#requestId,
    this.#position,
    this.#phase,
    this.#attempt,
    this.#revision,
    this.#deleted,
    this.#firstStoredAt,
    this.#priorFromHour,
    this.#priorToHour,
    this.#functionName,
    this.#serviceName,
    this.#qualifier,
    this.#versionId,
    this.#instanceID,
    this.#invocationType,
    this.#triggerType,
    this.#resourceMode,
    this.#status,
    this.#errorCode,
    this.#errorType,
    this.#errorMessage,
    this.#errorStack,
    this.#errorLines,
    this.#httpMethod,
    this.#httpPath,
    this.#httpStatus,
    this.#startTime,
    this.#endTime,
    this.#durationMs,
    this.#durationUncertaintyMs,
    this.#billedMs,
    this.#memoryMB,
    this.#maxMemoryUsedMB,
    this.#coldStart,
    this.#coldStartMs,
    this.#prepareCodeMs,
    this.#runtimeInitMs,
    this.#initializeMs,
    this.#scheduleMs,
    this.#lines,
    this.#linesAfterEnd,
    this.#levels,
    this.#traceId,
    this.#spanId,
    this.#parentSpanId,
    this.#closedBy,
    this.#flags,
    this.#causes,
    this.#sources,
    this.#cu,
  ]

  /** Adds an attempt; it may be filled again afterwards. */
  add(attempt: Attempt, origin: GivenAttempt): void {
    this.#addKey(attempt, origin, 0)
    this.#functionName.add(attempt.functionName)
    this.#serviceName.add(attempt.serviceName)
    this.#qualifier.add(attempt.qualifier)
    this.#versionId.add(attempt.versionId)
    this.#instanceID.add(attempt.instanceID)
    this.#invocationType.add(attempt.invocationType)
    this.#triggerType.add(attempt.triggerType)
    this.#resourceMode.add(attempt.resourceMode)
    this.#status.add(attempt.status)
    this.#errorCode.add(attempt.errorCode)
    this.#errorType.add(attempt.errorType)
    this.#errorMessage.add(attempt.errorMessage)
    this.#errorStack.add(attempt.errorStack)
    this.#errorLines.add(attempt.errorLines)
    this.#httpMethod.add(attempt.httpMethod)
    this.#httpPath.add(attempt.httpPath)
    this.#httpStatus.add(statusOrNull(attempt.httpStatus))
    this.#startTime.add(timeOrNull(attempt.startTimeMs))
    this.#endTime.add(timeOrNull(attempt.endTimeMs))
    this.#durationMs.add(attempt.durationMs)
    this.#durationUncertaintyMs.uint32(attempt.durationUncertaintyMs)
    this.#billedMs.add(attempt.billedMs)
    this.#memoryMB.add(attempt.memoryMB)
    this.#maxMemoryUsedMB.add(attempt.maxMemoryUsedMB)
    this.#coldStart.add(attempt.coldStart === null ? null : Number(attempt.coldStart))
    this.#coldStartMs.add(attempt.coldStartMs)
    this.#prepareCodeMs.add(attempt.prepareCodeMs)
    this.#runtimeInitMs.add(attempt.runtimeInitMs)
    this.#initializeMs.add(attempt.initializeMs)
    this.#scheduleMs.add(attempt.scheduleMs)
    this.#lines.uint32(attempt.lines)
    this.#linesAfterEnd.uint32(attempt.linesAfterEnd)
    this.#levels.add(attempt.levels)
    this.#addIds(attempt, origin)
    this.#closedBy.add(attempt.closedBy)
    this.#flags.add(attempt.flags)
    this.#causes.add(attempt.causes)
    this.#sources.add(attempt.sources)
    this.#cu.add(attempt.cu)
  }

  #addIds(attempt: Attempt, given: GivenAttempt): void {
    if (given.hasPlatformIds) {
      this.#traceId.addHex(attempt.traceId)
      this.#spanId.addHex(attempt.spanId)
      this.#parentSpanId.add(attempt.parentSpanId)
    } else {
      this.#traceId.addWords(given.identityWords, 0)
      this.#spanId.addWords(given.identityWords, traceIdWords)
      this.#parentSpanId.add(null)
    }
    addLineIds(attempt, given, this.#lineIds)
  }

  /** Adds the row that takes an earlier one away. */
  withdraw(withdrawn: WithdrawnAttempt): void {
    this.#addKey(withdrawn, withdrawn, 1)
    for (const column of this.columns) if (!keyColumns.has(column.name)) addNothing(column)
  }

  #addKey(key: Pick<Attempt, 'requestId' | 'phase' | 'attempt'>, origin: RowOrigin, deleted: 0 | 1): void {
    if (origin.mayKnowLess) this.#lesser.push(this.rows)
    this.rows += 1
    this.#requestId.add(key.requestId)
    this.#position.add(origin.position)
    this.#phase.add(key.phase)
    this.#attempt.uint32(key.attempt)
    this.#revision.uint32(origin.revision)
    this.#deleted.uint8(deleted)
    this.#firstStoredAt.add(origin.firstStoredMs)
    this.#priorFromHour.uint32(firstHour(origin.priorHours))
    this.#priorToHour.uint32(behindLastHour(origin.priorHours))
  }

  /** Indices of rows that count where there is nothing, rising; most batches have none. */
  get lesser(): readonly number[] {
    return this.#lesser
  }

  /** What stored lines are told; valid until {@link clear}. */
  get lineIds(): readonly LineIds[] {
    return this.#lineIds
  }

  clear(): void {
    this.rows = 0
    this.#lesser.length = 0
    this.#lineIds.length = 0
    for (const column of this.columns) column.clear()
  }
}

const keyColumns: ReadonlySet<string> = new Set([
  'requestId',
  'position',
  'phase',
  'attempt',
  'revision',
  'deleted',
  'firstStoredAt',
  'priorFromHour',
  'priorToHour',
])

/** The value that says least. */
function addNothing(column: Column): void {
  if (
    column instanceof NullableTextColumn ||
    column instanceof DictionaryColumn ||
    column instanceof NullableNumberColumn ||
    column instanceof TimeColumn
  ) {
    column.add(null)
  } else if (column instanceof TextColumn) column.add('')
  else if (column instanceof EnumColumn) column.addFirst()
  else if (column instanceof FixedBytesColumn) column.addHex('')
  else if (column instanceof NumberColumn) column.uint32(0)
  else if (column instanceof LevelsColumn) column.add(noLevels)
  else if (column instanceof FlagsColumn) column.add([])
  else if (column instanceof CausesColumn || column instanceof ErrorLinesColumn) column.add([])
  else if (column instanceof SourcesColumn) column.add({})
  else throw new RangeError(`BUG: nothing to put into ${column.name}`)
}

const noLevels: Attempt['levels'] = { fatal: 0, error: 0, warn: 0, info: 0, debug: 0, trace: 0, other: 0 }

/** Rows tell statuses in text; what no HTTP status can be is none. */
const statusOrNull = (status: number | null): number | null =>
  status !== null && Number.isInteger(status) && status >= 0 && status <= 0xffff ? status : null
