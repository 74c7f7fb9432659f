// A shard's cursors as numbers of records, and the streams that the records belong to.
import { createHash } from 'node:crypto'
import { ExitStatus, FcscopeError } from '../../model/fcscope-error.ts'
import { streamIndexOf } from '../../model/partitioned-source.ts'
import type { SourceStream } from '../../model/source.ts'
import { cursorNumber, numberCursor } from './client/cursor.ts'

export interface ShardPlace {
  /** The source's name, for messages. */
  readonly source: string
  readonly project: string
  readonly logstore: string
  readonly shard: number
}

/** A cursor's decimal value is 61 bits long: a record's number is the low ones. */
const numberBits = 52n
const numberMask = (1n << numberBits) - 1n

/** Cursors and numbers of one shard. Fails with an `FcscopeError` where a cursor has no number: positions are made of them. */
export class ShardNumbers {
  readonly #place: ShardPlace
  /** The high bits, which are the same for all records of a shard. */
  readonly #base: bigint
  /** The number of the cursor that this was made from. */
  readonly first: number
  #stream: SourceStream | null = null
  #streamIndex = -1

  /** `oldest`: the cursor of the oldest record that is still there. */
  constructor(place: ShardPlace, oldest: string) {
    this.#place = place
    const value = valueOfCursor(place, oldest)
    this.#base = value >> numberBits
    this.first = Number(value & numberMask)
  }

  numberOf(cursor: string): number {
    return this.numberOfValue(valueOfCursor(this.#place, cursor))
  }

  /** Of a cursor's decimal value. */
  numberOfValue(value: bigint): number {
    if (value >> numberBits !== this.#base) throw unnumbered(this.#place)
    return Number(value & numberMask)
  }

  /** False for a cursor of another time: of a Logstore that was deleted and made again, say. */
  isOwn(cursor: string): boolean {
    return valueOfCursor(this.#place, cursor) >> numberBits === this.#base
  }

  cursorOf(number: number): string {
    return numberCursor((this.#base << numberBits) | BigInt(number))
  }

  streamOf(number: number): SourceStream {
    const index = streamIndexOf(number)
    if (this.#stream === null || index !== this.#streamIndex) {
      const { project, logstore, shard } = this.#place
      this.#streamIndex = index
      this.#stream = {
        id: hashOf(['sls', project, logstore, shard, this.#base, index].join('\0')),
        label: `${project}/${logstore}/${shard}`,
      }
    }
    return this.#stream
  }
}

/** 16 hex digits, not all zero. */
function hashOf(text: string): string {
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return /^0+$/.test(id) ? `${id.slice(1)}1` : id
}

function valueOfCursor(place: ShardPlace, cursor: string): bigint {
  const value = cursorNumber(cursor)
  if (value === null || value < 0n) throw unnumbered(place)
  return value
}

function unnumbered({ source, project, logstore, shard }: ShardPlace): FcscopeError {
  return new FcscopeError(
    'FCS_SOURCE_UNAVAILABLE',
    {
      en: `source ${source}: a cursor of shard ${shard} of ${project}/${logstore} holds no number that goes on from the others, and records are told apart by it. Read this Logstore over its Kafka endpoint (type: kafka).`,
      zh: `数据源 ${source}：${project}/${logstore} 的 Shard ${shard} 的游标不含连续的数字，无法据此区分记录。请改用该 Logstore 的 Kafka 接入点（type: kafka）。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )
}
