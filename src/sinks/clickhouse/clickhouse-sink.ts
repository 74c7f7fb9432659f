// The store as a sink: a batch becomes one file per table, and each file one insert, which the store takes whole or not at all.
import { join } from 'node:path'
import type { DeliverOptions, Delivery, DeliverySink } from '../../model/delivery.ts'
import { type LineBlock, noLines } from '../../model/line-block.ts'
import { maxConcurrentInserts, StoreError, type StoreWriter, type UnlessStored } from '../../model/store-connection.ts'
import { batchTooOld, batchWasThere } from '../../telemetry/events/delivery.ts'
import type { Log } from '../../telemetry/log.ts'
import type { AttemptRows } from './attempt-rows.ts'
import { LineBinding } from './line-binding.ts'
import { writeLineIds } from './line-ids.ts'
import { ConstantColumn, lineColumns } from './line-rows.ts'
import { writeNativeBlock } from './native-block.ts'
import { type Column, NumberColumn } from './native-columns.ts'
import { type OwnerRow, ownerColumns } from './owner-rows.ts'

/** Tables by the part of a batch that goes there. */
const tables = { lines: 'log_lines', attempts: 'attempts', owners: 'line_owners' } as const
type Part = keyof typeof tables
const isPart = (part: string): part is Part => Object.hasOwn(tables, part)
/** No rows of their own: ids for lines that are in the store by then. */
const idsPart = 'ids'

const dayMs = 86_400_000

export interface ClickHouseSinkParts {
  readonly store: StoreWriter
  /** Where files wait. */
  readonly folder: string
  /** Tells this worker's batches from others' in the same store: 32 bits. */
  readonly workerNumber: number
  /** How many states before this one delivered to the store and were lost, or gave partitions to this one. */
  readonly generation: number
  /** How long the store keeps rows. */
  readonly retentionDays: number
  /** Unix ms. */
  readonly nowMs: () => number
  readonly log: Log
  /** Not given where all lines are new. Works within one run: files that an earlier one left are not delivered by it. */
  readonly lineChoice?: LineChoice
}

/** For lines that the store may have from elsewhere. */
export interface LineChoice {
  /**
   * Those lines of a batch that may be stored. Of each, the how-manieth it is of lines that are equal to it; and where equal ones
   * can be in the store, as a condition. The same answer however often it is asked about a batch.
   */
  choose(batch: number, lines: LineBlock): ChosenLines
}

export interface ChosenLines {
  readonly lines: LineBlock
  readonly copies: Uint32Array
  readonly among: string
}

/** Lines are equal when they say the same at the same time in the same place; ids may have been found for one and not for the other. */
const equalLines = ['functionName', 'instanceID', 'toUnixTimestamp64Milli(Timestamp)', 'sipHash128(Body)']
const copyColumn = 'copy'

/** Batches that are delivered, and may come again. */
const keptPlaces = 64

const attemptColumns = (attempts: AttemptRows, generation: number): readonly Column[] => [
  ...attempts.columns,
  generationColumn(attempts, generation),
]

/** What versions begin with: more than 0, so that what counts where there is nothing has less than everybody. */
function generationColumn({ rows, lesser }: AttemptRows, generation: number): Column {
  if (lesser.length === 0) {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(generation + 1)
    return new ConstantColumn('generation', 'UInt32', { rows, bytes })
  }
  const column = new NumberColumn('generation', 'UInt32')
  const isLesser = new Set(lesser)
  for (let row = 0; row < rows; row++) column.uint32(isLesser.has(row) ? 0 : generation + 1)
  return column
}

/** Stages and delivers batches. */
export class ClickHouseSink implements DeliverySink {
  readonly name = 'store'
  readonly maxConcurrent = maxConcurrentInserts
  readonly #parts: ClickHouseSinkParts
  /** Names of the columns of each part's files, which are the same for all of them. */
  readonly #columnNames = new Map<Part, readonly string[]>()

  /** Names and types of the columns of lines. */
  readonly #lineStructure: string
  #generation: number
  /** Where equal lines can be in the store, by batch, until it is delivered and for a while behind that. */
  readonly #among = new Map<number, string>()
  readonly #delivered: number[] = []
  readonly #lineBinding: LineBinding

  constructor(parts: ClickHouseSinkParts, attempts: AttemptRows) {
    this.#parts = parts
    this.#generation = parts.generation
    this.#lineBinding = new LineBinding({ ...parts, sink: this.name })
    const empty = { rows: 0, storedMs: 0, batch: 0 }
    const all = { attempts: attemptColumns(attempts, 0), lines: lineColumns(noLines), owners: ownerColumns([]) }
    for (const part of ['attempts', 'lines', 'owners'] as const)
      this.#columnNames.set(part, namesOf([...all[part], ...this.#stamps(empty)]))
    const lines = [...all.lines, ...this.#copies(new Uint32Array()), ...this.#stamps(empty)]
    this.#lineStructure = lines.map(({ name, type }) => `${name} ${type}`).join(', ')
  }

  /** What is staged from now on replaces what was given out under lower ones. */
  set generation(generation: number) {
    this.#generation = generation
  }

  /** Writes the files of a batch. What was written is removed when anything fails. */
  stageLines(batch: { batch: number; storedMs: number }, lines: LineBlock): Delivery[] {
    const { lineChoice } = this.#parts
    if (lineChoice === undefined || lines.rows === 0) return this.#stageBlock(batch, lines, [])
    const chosen = lineChoice.choose(batch.batch, lines)
    if (chosen.lines.rows > 0) this.#among.set(batch.batch, chosen.among)
    return this.#stageBlock(batch, chosen.lines, this.#copies(chosen.copies))
  }

  #stageBlock(batch: { batch: number; storedMs: number }, lines: LineBlock, more: readonly Column[]): Delivery[] {
    const { rows } = lines
    return rows === 0 ? [] : [this.#stage('lines', batch, { rows, columns: [...lineColumns(lines), ...more] })]
  }

  /** A column that only the insert reads. */
  #copies(copies: Uint32Array): readonly Column[] {
    if (this.#parts.lineChoice === undefined) return []
    const column = new NumberColumn(copyColumn, 'UInt32')
    for (const copy of copies) column.uint32(copy)
    return [column]
  }

  stageAttempts(batch: { batch: number; storedMs: number }, attempts: AttemptRows): Delivery[] {
    const { rows } = attempts
    if (rows === 0) return []
    return [this.#stage('attempts', batch, { rows, columns: attemptColumns(attempts, this.#generation) })]
  }

  stageOwners(batch: { batch: number; storedMs: number }, owners: readonly OwnerRow[]): Delivery[] {
    if (owners.length === 0) return []
    return [this.#stage('owners', batch, { rows: owners.length, columns: ownerColumns(owners) })]
  }

  stageIds({ batch, storedMs }: { batch: number; storedMs: number }, { lineIds }: AttemptRows): Delivery[] {
    const rows = lineIds.length
    if (rows === 0) return []
    const file = join(this.#parts.folder, `${batch}-${idsPart}.json`)
    return [{ sink: this.name, batch, part: idsPart, file, rows, bytes: writeLineIds(file, lineIds), storedMs }]
  }

  comesBehindOthers({ part }: Delivery): boolean {
    return part === idsPart
  }

  #stage(
    part: Part,
    { batch, storedMs }: { batch: number; storedMs: number },
    { rows, columns }: { rows: number; columns: readonly Column[] },
  ): Delivery {
    const file = join(this.#parts.folder, `${batch}-${part}.native`)
    const all = [...columns, ...this.#stamps({ rows, storedMs, batch })]
    const bytes = writeNativeBlock(file, { rows, columns: all })
    return { sink: this.name, batch, part, file, rows, bytes, storedMs }
  }

  /** What is the same in all rows of a batch. */
  #stamps({ rows, storedMs, batch }: { rows: number; storedMs: number; batch: number }): readonly Column[] {
    return [
      new ConstantColumn('storedAt', "DateTime64(3, 'UTC')", { rows, bytes: uint64(BigInt(storedMs)) }),
      new ConstantColumn('batchId', 'UInt64', { rows, bytes: uint64(this.#batchId(batch)) }),
    ]
  }

  /** The batch's rows in the store are known by this number. */
  #batchId(batch: number): bigint {
    return (BigInt(this.#parts.workerNumber >>> 0) << 32n) | BigInt(batch % 0x1_0000_0000)
  }

  /**
   * Inserts a file. The token keeps a second insert of it out, while a first one may still be under way. But the store notes a
   * token before the rows are there: a kill between the two would keep the rows out for ever. So wherever a try may have come
   * that far, the rows are counted, before and after. Rows that are older than the store keeps them would never be found.
   */
  async deliver(delivery: Delivery, options: DeliverOptions): Promise<void> {
    if (delivery.part === idsPart) return this.#lineBinding.bind(delivery)
    const { signal } = options
    const excluded = delivery.part === 'lines' ? (options.excluded ?? []) : []
    if (options.mayBeThere) await this.#deliverDoubtful(delivery, { signal, excluded })
    else await this.#insert(delivery, { suffix: '', signal, excluded })
    if (this.#unless(delivery) !== null) this.#forgetLater(delivery.batch)
  }

  /** What was delivered comes again when that could not be noted. */
  #forgetLater(batch: number): void {
    this.#delivered.push(batch)
    if (this.#delivered.length > keptPlaces) this.#among.delete(this.#delivered.shift()!)
  }

  async #deliverDoubtful(
    delivery: Delivery,
    { signal, excluded }: { signal: AbortSignal; excluded: readonly string[] },
  ): Promise<void> {
    const { batch, part, rows, storedMs } = delivery
    const { retentionDays, nowMs, log } = this.#parts
    if (nowMs() - storedMs >= retentionDays * dayMs) {
      batchTooOld(log, { sink: this.name, batch, part, rows })
      return
    }
    const isPart = excluded.length > 0 || this.#unless(delivery) !== null
    const before = await this.#count(delivery)
    if (before === rows || (isPart && before > 0)) {
      batchWasThere(log, { sink: this.name, batch, part, rows })
      return
    }
    for (const suffix of ['', '-again']) {
      await this.#insert(delivery, { suffix, signal, excluded })
      const found = await this.#count(delivery)
      // How many of them are left nobody knows; there may be none.
      if (found === rows || (isPart && (found > 0 || suffix !== ''))) return
    }
    // Other parts than lines are rows that replace each other: a second copy says the same, and some may be replaced already.
    if (part !== 'lines' && (await this.#count(delivery)) > 0) return
    throw new StoreError(`the rows of batch ${batch} were taken, but are not there`, {
      clickhouseCode: null,
      isTransient: true,
    })
  }

  async #insert(
    delivery: Delivery,
    { suffix, signal, excluded }: { suffix: string; signal: AbortSignal; excluded: readonly string[] },
  ): Promise<void> {
    const part = partOf(delivery)
    const token = `${this.#parts.workerNumber >>> 0}-${delivery.batch}-${part}${suffix}`
    const columns = this.#columnNames.get(part) ?? []
    const unless = this.#unless(delivery)
    await this.#parts.store.insertFile({
      table: tables[part],
      columns,
      path: delivery.file,
      token,
      signal,
      ...(excluded.length > 0 && { without: { streamIds: excluded, structure: this.#lineStructure } }),
      ...(unless !== null && { unless }),
    })
  }

  #unless({ part, batch }: Delivery): UnlessStored | null {
    const among = part === 'lines' ? this.#among.get(batch) : undefined
    return among === undefined ? null : { copyColumn, equalBy: equalLines, among, structure: this.#lineStructure }
  }

  /** Rows of the delivery that are in the store. Lines are there all or none; others may lie in two months, and be replaced. */
  async #count(delivery: Delivery): Promise<number> {
    const { batch, storedMs } = delivery
    const table = tables[partOf(delivery)]
    const where = `storedAt = fromUnixTimestamp64Milli(${storedMs}, 'UTC') AND batchId = ${this.#batchId(batch)}`
    const sql = `SELECT toUInt32(count()) AS found FROM ${table} WHERE ${where}`
    const answer = await this.#parts.store.query({ sql, format: 'JSONEachRow' })
    return Number(JSON.parse(answer.toString('utf8')).found)
  }
}

function partOf({ part }: Delivery): Part {
  if (!isPart(part)) throw new RangeError(`BUG: no table for ${part}`)
  return part
}

const namesOf = (columns: readonly Column[]): readonly string[] => columns.map(({ name }) => name)

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt.asIntN(64, value))
  return bytes
}
