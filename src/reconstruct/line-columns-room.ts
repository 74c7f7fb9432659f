// Where the columns of lines lie in the memory that the kernel for ordinary lines shares.
import type { LinearMemory } from '../lib/linear-memory.ts'
import { maxLineBytes } from '../model/dead-letter.ts'

/** Longest level that is kept as written, in bytes. */
export const maxSeverityBytes = 32

/** Bytes of bodies at which a batch is full; a line that is taken then may still be as long as any. */
const fullBodyBytes = 32 * 1024 * 1024
/** Bytes of ids kept per row on average, and so much more that the longest id always fits behind a column that is not full. */
const idBytesPerRow = 41
export const idSlackBytes = 512

/** Addresses of the columns for `rows` lines. Only what is used costs memory. */
export class LineColumnsRoom {
  readonly rows: number
  readonly fullBodyBytes = fullBodyBytes
  readonly idBytes: number
  readonly times: number
  readonly positions: number
  readonly traceIds: number
  readonly spanIds: number
  readonly kinds: number
  readonly levels: number
  readonly timeSources: number
  readonly waiting: number
  readonly originIndices: number
  readonly streamIndices: number
  readonly severityTexts: number
  readonly requestIds: number
  readonly bodies: number

  constructor(memory: LinearMemory, rows: number) {
    this.rows = rows
    this.idBytes = rows * idBytesPerRow + idSlackBytes
    this.times = memory.reserve(rows * 8)
    this.positions = memory.reserve(rows * 8)
    this.traceIds = memory.reserve(rows * 16)
    this.spanIds = memory.reserve(rows * 8)
    this.kinds = memory.reserve(rows)
    this.levels = memory.reserve(rows)
    this.timeSources = memory.reserve(rows)
    this.waiting = memory.reserve(rows)
    this.originIndices = memory.reserve(rows * 2)
    this.streamIndices = memory.reserve(rows * 2)
    this.severityTexts = memory.reserve(rows * (maxSeverityBytes + 1))
    this.requestIds = memory.reserve(this.idBytes)
    this.bodies = memory.reserve(fullBodyBytes + maxLineBytes + 1024)
  }
}
