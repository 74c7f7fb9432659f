// One engine that takes records of partitions, and everything that comes out of it.
import assert from 'node:assert/strict'
import { WorkerEngine } from '../../../src/app/worker-engine.ts'
import { type PartitionChunk, recordPosition } from '../../../src/model/partitioned-source.ts'
import { homeOf } from '../../../src/pipeline/engine.ts'
import { usualEngine } from '../usual-engine.ts'

export const function_ = '"__topic__":"FCLogs:f","functionName":"f"'
export const row = (instance: string, second: number, message: string): string =>
  `{"__time__":"${1_736_928_000 + second}",${function_},"instanceID":"${instance}","message":"${message}"}\n`
export const start = (id: string): string => `FC Invoke Start RequestId: ${id}`
export const end = (id: string): string => `FC Invoke End RequestId: ${id}`
export const metrics = (instance: string, second: number, id: string): string =>
  `{"__time__":"${1_736_928_000 + second}","__topic__":"FCRequestMetrics:f","functionName":"f","instanceID":"${instance}","requestId":"${id}","operation":"InvokeFunction","durationMs":"1000","isColdStart":"false","hasFunctionError":"false","invocationStartTimestamp":"1736928000000"}\n`

/** Everything that an engine gives out. */
export class Rig {
  readonly given: string[] = []
  readonly counted: string[] = []
  readonly passedOver: string[] = []
  /** Of those, what counts where the store has nothing. */
  readonly rowsPassedOver: string[] = []
  deadLetters = 0
  readonly engine: WorkerEngine
  #nowMs = Date.UTC(2026, 0, 1)

  constructor() {
    this.engine = new WorkerEngine({
      ...usualEngine,

      attemptRows: {
        rows: 0,
        add: ({ requestId, status, lines }, { revision, mayKnowLess, isPassingOver }) => {
          if (isPassingOver) this.rowsPassedOver.push(requestId?.slice(0, 2) ?? '')
          if (isPassingOver) return
          const given = `${requestId?.slice(0, 2)} ${status} ${lines} lines, revision ${revision}`
          this.given.push(mayKnowLess ? `${given}, where there is none` : given)
        },
        withdraw: ({ requestId }) => this.given.push(`${requestId?.slice(0, 2)} withdrawn`),
      },
      attemptCounter: {
        take: ({ requestId }, { isFirst }) => {
          this.counted.push(`${requestId?.slice(0, 2)} ${isFirst ? 'first' : 'again'}`)
          return true
        },
        measure: () => {},
        passOver: ({ requestId }) => {
          this.passedOver.push(requestId?.slice(0, 2) ?? '')
          return true
        },
      },
      onDeadLetter: () => {
        this.deadLetters += 1
      },
    })
    this.engine.setTime(this.#nowMs)
  }

  /** So long after the beginning. */
  setTime(ms: number): void {
    this.engine.setTime(this.#nowMs + ms)
  }

  /** What was stored before, as the worker takes it. */
  takeAgain(partition: string, rows: readonly string[], from = 0): void {
    this.engine.setKeeping({ rows: false, counts: false, isWhole: false })
    this.take(partition, rows, from)
    this.engine.passOverEnded()
    this.engine.setKeeping({ rows: true, counts: true, isWhole: true })
  }

  /** One record each. */
  take(partition: string, rows: readonly string[], from = 0): void {
    const ends: number[] = []
    let length = 0
    for (const text of rows) {
      length += Buffer.from(text).copy(this.engine.window, length)
      ends.push(length)
    }
    const numbers = Float64Array.from(rows, (_, index) => from + 10 * index)
    const records = { partition, count: rows.length, ends: Uint32Array.from(ends), numbers, skipped: 0, isCut: false }
    const stream = { id: `00000000000000a${partition}`, label: partition }
    const chunk: PartitionChunk = { stream, position: recordPosition(from, 0), length, isLast: false, records }
    assert.equal(this.engine.take(chunk, 'auto', 'k'), length)
  }

  /** Positions of the lines that were kept. */
  get positions(): number[] {
    const { positions } = this.engine.rows().lines
    return Array.from({ length: positions.length / 8 }, (_, at) =>
      Number(Buffer.from(positions).readBigUInt64LE(at * 8)),
    )
  }

  abandon(...partitions: string[]): void {
    const homes = partitions.map(partition => homeOf('k', partition))
    this.engine.abandon(home => homes.includes(home))
  }
}
