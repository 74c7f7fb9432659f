// A shard that the group gave to this worker, from then until it is given up or lost.
import type { ShardNumbers } from './shard-numbers.ts'
import type { ShardReader } from './shard-reader.ts'
import type { ShardShelf } from './shard-shelf.ts'

/** What is known of a shard before it can be read. */
export interface FoundShard {
  readonly numbers: ShardNumbers
  /** Where reading goes on. */
  readonly position: number
  /** The group said so; else the source's options did. */
  readonly isFromGroup: boolean
}

/**
 * `finding`: the worker does not know of it yet; `ours`: it does; `revoked`: the worker still holds some of it, and the group is
 * told so; `gone`: given up or lost.
 */
export type ShardPhase = 'finding' | 'ours' | 'revoked' | 'gone'

/** One reading of a shard. */
export interface ShardReading {
  readonly shelf: ShardShelf
  readonly reader: ShardReader
  readonly abort: AbortController
}

/** A shard that is being read, and what was read of it. */
export interface ReadShard {
  readonly shard: number
  readonly shelf: ShardShelf | null
  readonly reader: ShardReader | null
}

export class HeldShard implements ReadShard {
  readonly shard: number
  readonly partition: string
  readonly #finding = new AbortController()
  readonly #holding = new AbortController()
  #phase: ShardPhase = 'finding'
  #found: FoundShard | null = null
  #reading: ShardReading | null = null
  /** Where this reading began: what comes before is no business of anybody any more. */
  #from = -1
  #stored = -1
  #isEndAsked = false
  #isEndHeard = false
  #committed = -1
  /** A write of its checkpoint that is under way. */
  writing: Promise<void> | null = null

  constructor(shard: number) {
    this.shard = shard
    this.partition = String(shard)
  }

  get phase(): ShardPhase {
    return this.#phase
  }

  get found(): FoundShard | null {
    return this.#found
  }

  get shelf(): ShardShelf | null {
    return this.#reading?.shelf ?? null
  }

  get reader(): ShardReader | null {
    return this.#reading?.reader ?? null
  }

  /** Aborts when it is not wanted any more, or found. */
  get finding(): AbortSignal {
    return this.#finding.signal
  }

  /** Aborts when it is another's. */
  get holding(): AbortSignal {
    return this.#holding.signal
  }

  /** The worker is told of it now. */
  assign(found: FoundShard): void {
    this.#found = found
    this.#phase = 'ours'
    if (found.isFromGroup) this.#committed = found.position
  }

  /** Reading begins, or begins anew. `stored`: everything before this record is stored; -1: nobody said so yet. */
  begin(reading: ShardReading, stored: number): void {
    this.stopReading()
    this.#reading?.shelf.drop()
    this.#reading = reading
    this.#from = reading.shelf.pullFrom
    this.stored(stored)
  }

  revoke(): void {
    this.#phase = 'revoked'
    this.stopReading()
  }

  /** Safe twice. */
  stopReading(): void {
    this.#finding.abort()
    this.#reading?.abort.abort()
    this.#reading?.shelf.close()
  }

  /** Safe twice. */
  drop(): void {
    this.#phase = 'gone'
    this.stopReading()
    this.#holding.abort()
    this.#reading?.shelf.drop()
  }

  /** Everything before this record is stored. */
  stored(number: number): void {
    this.#stored = Math.max(this.#stored, number)
    this.#isEndHeard = this.#isEndAsked
  }

  /** With this checkpoint everything would be told that was pulled: if the shard was split, the group gives it to nobody again. */
  isWhole(number: number): boolean {
    return number > this.#from && number >= (this.shelf?.pullFrom ?? 0)
  }

  /** It was split or merged, and all of it was given to the worker, which is told so now. */
  tellEnd(): boolean {
    this.#isEndAsked = this.reader?.hasEnded === true && this.shelf?.hasRecords === false
    return this.#isEndAsked
  }

  /** The worker knew of the end when it said last what is stored. */
  get isEndHeard(): boolean {
    return this.#isEndHeard
  }

  /** The checkpoint that the group should have and has not: a record's number; null: it has it. */
  get due(): number | null {
    return this.#phase !== 'gone' && this.#stored > this.#committed ? this.#stored : null
  }

  /** The group was told that everything before this record is stored. */
  wasCommitted(number: number): void {
    this.#committed = Math.max(this.#committed, number)
  }

  /** What the group knows; -1: nothing. */
  get committed(): number {
    return this.#committed
  }

  /** It was split or merged, everything of it is read and stored, and the worker has noted that: all that is left is to tell the group. */
  get isEndDue(): boolean {
    const { due } = this
    return due !== null && this.reader?.hasEnded === true && this.#isEndHeard && this.isWhole(due)
  }

  /** It was split or merged, everything of it is read and stored, and the group knows. */
  get isFinished(): boolean {
    return this.reader?.hasEnded === true && this.#committed >= (this.shelf?.pullFrom ?? 0)
  }
}
