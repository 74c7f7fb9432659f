// The lines of one batch as columns: what reconstruct hands to a store.
import type { RecordOrigin } from './record-origin.ts'
import type { SourceStream } from './source.ts'

/** Where a line's time came from, by number (contract §3 `timeSource`); `none`: it has no time, and carries that of the line before. */
export const timeSources = ['none', 'text', 'record', 'prefix'] as const
export type TimeSource = (typeof timeSources)[number]
export const TimeSourceCode = { none: 0, text: 1, record: 2, prefix: 3 } as const
export type TimeSourceCode = (typeof TimeSourceCode)[keyof typeof TimeSourceCode]

/**
 * Columns of application lines, in the order of coming. Numbers are little-endian; a text column holds, for each row, the length
 * of the text as a LEB128 number and then its bytes, which is how ClickHouse's Native format has them.
 */
export interface LineBlock {
  readonly rows: number
  /** Int64, unix ms. */
  readonly times: Uint8Array
  /** UInt8, {@link TimeSourceCode}. */
  readonly timeSources: Uint8Array
  /** UInt8, 1 for a line that belongs to no attempt yet, but may be given to one later (see `LineOwner`). */
  readonly waiting: Uint8Array
  /** UInt8, index in `recordKinds`; one of the four kinds that count as lines. */
  readonly kinds: Uint8Array
  /** UInt8, index in `levelNames`. */
  readonly levels: Uint8Array
  /** Text: the level as written, at most 32 bytes. */
  readonly severityTexts: Uint8Array
  /** Text: the message. */
  readonly bodies: Uint8Array
  /** Text: empty for a line that belongs to no attempt. */
  readonly requestIds: Uint8Array
  /** 16 bytes each; all zero for a line that belongs to no attempt. */
  readonly traceIds: Uint8Array
  /** 8 bytes each; the same. */
  readonly spanIds: Uint8Array
  /** UInt16, index in {@link origins}. */
  readonly originIndices: Uint8Array
  /** UInt16, index in {@link streams}. */
  readonly streamIndices: Uint8Array
  /** UInt64: where the record stands in its stream. With the stream's id it is the line's identity. */
  readonly positions: Uint8Array
  readonly origins: readonly RecordOrigin[]
  readonly streams: readonly SourceStream[]
}

const nothing = new Uint8Array(0)

/** A batch without lines. */
export const noLines: LineBlock = {
  rows: 0,
  times: nothing,
  timeSources: nothing,
  waiting: nothing,
  kinds: nothing,
  levels: nothing,
  severityTexts: nothing,
  bodies: nothing,
  requestIds: nothing,
  traceIds: nothing,
  spanIds: nothing,
  originIndices: nothing,
  streamIndices: nothing,
  positions: nothing,
  origins: [],
  streams: [],
}
