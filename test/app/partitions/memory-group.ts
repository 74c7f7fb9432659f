// A group of partitions in memory: who reads what, what the group was told, and everything that is there.
import { createHash } from 'node:crypto'
import {
  type ChunkRecords,
  numbersPerStream,
  type PartitionChunk,
  type PartitionedSource,
  type PartitionMove,
  recordPosition,
  streamIndexOf,
} from '../../../src/model/partitioned-source.ts'
import type { Chunk, SourceLag } from '../../../src/model/source.ts'

/** Numbers have gaps, and begin where streams change. */
const firstNumber = numbersPerStream - 700
export const numberOf = (index: number): number => firstNumber + index + 2 * Math.floor(index / 5)
const indexOf = (number: number): number => {
  let index = Math.max(0, Math.floor((number - firstNumber) * 0.6))
  while (numberOf(index) < number) index += 1
  return index
}

/** The coordinator. */
export class MemoryGroup {
  readonly records: ReadonlyMap<string, readonly Buffer[]>
  readonly #committed = new Map<string, number>()
  readonly #owners = new Map<string, MemorySource>()
  #members: MemorySource[] = []
  /** So many records of each partition are there by now. */
  visible = 0

  constructor(records: ReadonlyMap<string, readonly Buffer[]>) {
    this.records = records
  }

  join(source: MemorySource): void {
    this.#members.push(source)
    this.#rebalance()
  }

  /** It answers no more, and what it had goes to others at once. */
  expel(source: MemorySource): void {
    this.#members = this.#members.filter(member => member !== source)
    for (const [partition, owner] of this.#owners) if (owner === source) this.#owners.delete(partition)
    this.#rebalance()
  }

  release(source: MemorySource, partition: string): void {
    if (this.#owners.get(partition) !== source) return
    this.#owners.delete(partition)
    this.#rebalance()
  }

  tell(source: MemorySource, partition: string, number: number): void {
    if (this.#owners.get(partition) !== source) return
    if (number < (this.#committed.get(partition) ?? 0)) throw new Error(`${partition} went back to ${number}`)
    this.#committed.set(partition, number)
  }

  /** Everything is visible, and all of it was said to be stored. */
  get isDone(): boolean {
    return [...this.records].every(([partition, records]) => {
      return (this.#committed.get(partition) ?? 0) > numberOf(records.length - 1)
    })
  }

  #rebalance(): void {
    const members = this.#members
    for (const [at, partition] of [...this.records.keys()].entries()) {
      const target = members[at % Math.max(1, members.length)]
      const owner = this.#owners.get(partition)
      if (target === undefined || owner === target) continue
      if (owner !== undefined) {
        owner.move({ kind: 'revoked', partition })
        continue
      }
      this.#owners.set(partition, target)
      const position = this.#committed.get(partition)
      const first = numberOf(0)
      target.move({
        kind: 'assigned',
        partition,
        position: position ?? first,
        isFromGroup: position !== undefined,
        first,
      })
    }
  }
}

interface Reading {
  index: number
  skipped: number
  readonly stops: readonly number[]
}

/** One member. */
export class MemorySource implements PartitionedSource {
  readonly isPartitioned = true
  readonly name = 'memory'
  readonly group = 'tests'
  readonly format = 'sls'
  readonly #group: MemoryGroup
  readonly #wake: () => void
  #moves: PartitionMove[] = []
  readonly #reading = new Map<string, Reading>()
  /** Set to let the next read fail: the worker ends as if it had been killed. */
  isDead = false
  readonly isOnce: boolean
  #turn = 0

  constructor(group: MemoryGroup, deps: { readonly wake: () => void; readonly once: boolean }) {
    this.#group = group
    this.#wake = deps.wake
    this.isOnce = deps.once
  }

  move(move: PartitionMove): void {
    if (move.kind === 'revoked') this.#reading.delete(move.partition)
    const isKnown = this.#moves.some(each => each.kind === move.kind && each.partition === move.partition)
    if (!isKnown) this.#moves.push(move)
    this.#wake()
  }

  async start(): Promise<void> {
    this.#group.join(this)
  }

  takeMoves(): readonly PartitionMove[] {
    return this.#moves.splice(0)
  }

  begin(partition: string, from: number, stops: readonly number[]): void {
    this.#reading.set(partition, { index: indexOf(from), skipped: 0, stops })
  }

  delivered(partition: string, number: number): void {
    if (!this.isDead) this.#group.tell(this, partition, number)
  }

  letGo(partition: string): void {
    if (!this.isDead) this.#group.release(this, partition)
  }

  read(window: Uint8Array): Chunk | null {
    if (this.isDead) throw new Error('killed')
    const names = [...this.#reading.keys()]
    const behind = names.filter(name => this.#isBehind(name))
    const chosen = behind.length > 0 ? behind : names
    for (let tried = 0; tried < chosen.length; tried += 1) {
      this.#turn += 1
      const chunk = this.#readOf(chosen[this.#turn % chosen.length]!, window)
      if (chunk !== null) return chunk
    }
    return null
  }

  #isBehind(partition: string): boolean {
    const { index, stops } = this.#reading.get(partition)!
    const isThere = index < Math.min(this.#group.visible, this.#group.records.get(partition)!.length)
    return isThere && numberOf(index) < (stops.at(-1) ?? 0)
  }

  #readOf(partition: string, window: Uint8Array): PartitionChunk | null {
    const reading = this.#reading.get(partition)!
    const records = this.#group.records.get(partition)!
    const end = Math.min(this.#group.visible, records.length)
    const ends: number[] = []
    const numbers: number[] = []
    let length = 0
    let isCut = false
    for (let index = reading.index; index < end && numbers.length < 50; index += 1) {
      const number = numberOf(index)
      const first = numbers[0] ?? number
      const crosses = reading.stops.some(stop => first < stop && number >= stop)
      if (crosses || streamIndexOf(first) !== streamIndexOf(number)) break
      const bytes = records[index]!.subarray(index === reading.index ? reading.skipped : 0)
      if (length + bytes.length > window.length && numbers.length > 0) break
      isCut = bytes.length > window.length
      window.set(bytes.subarray(0, window.length), length)
      length += Math.min(bytes.length, window.length)
      ends.push(length)
      numbers.push(number)
    }
    const [number] = numbers
    if (number === undefined) return null
    const id = createHash('sha256')
      .update(`${partition} ${streamIndexOf(number)}`)
      .digest('hex')
      .slice(0, 16)
    const chosen: ChunkRecords = {
      partition,
      count: numbers.length,
      ends: Uint32Array.from(ends),
      numbers: Float64Array.from(numbers),
      skipped: reading.skipped,
      isCut,
    }
    const position = recordPosition(number, reading.skipped)
    return { stream: { id, label: partition }, position, length, isLast: false, records: chosen }
  }

  advance(chunk: Chunk, bytes: number): void {
    const { partition, ends, count, isCut } = (chunk as PartitionChunk).records
    const reading = this.#reading.get(partition)
    if (reading === undefined) return
    let at = 0
    while (at < count && ends[at]! <= bytes && !(isCut && at === count - 1)) at += 1
    const begin = at === 0 ? -reading.skipped : ends[at - 1]!
    reading.index += at
    reading.skipped = bytes - begin
  }

  takeChanges(): [] {
    return []
  }

  takeForgotten(): [] {
    return []
  }

  readAgain(): number {
    return 0
  }

  release(): void {}

  /** Everything that is visible was read, and nothing is about to come. */
  isDone(): boolean {
    const isAtEnd = ([partition, { index }]: [string, Reading]): boolean =>
      index >= Math.min(this.#group.visible, this.#group.records.get(partition)!.length)
    return this.isOnce && this.#moves.length === 0 && this.#reading.size > 0 && [...this.#reading].every(isAtEnd)
  }

  lag(): SourceLag {
    return { bytes: 0, seconds: 0 }
  }

  async stop(): Promise<void> {
    if (!this.isDead) this.#group.expel(this)
  }
}
