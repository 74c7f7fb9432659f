// Reads single values out of the columns of lines.
import type { LineBlock } from '../../model/line-block.ts'

/** Values of a block by row. */
export class LineColumnsView {
  readonly #times: DataView
  readonly #origins: DataView
  readonly #streams: DataView

  constructor(block: LineBlock) {
    this.#times = viewOf(block.times)
    this.#origins = viewOf(block.originIndices)
    this.#streams = viewOf(block.streamIndices)
  }

  /** Unix ms. */
  timeMs(row: number): number {
    return Number(this.#times.getBigInt64(row * 8, true))
  }

  originIndex(row: number): number {
    return this.#origins.getUint16(row * 2, true)
  }

  streamIndex(row: number): number {
    return this.#streams.getUint16(row * 2, true)
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)

/** The texts of a column, one behind the other. A text is its length as LEB128, and then its bytes. */
export function* textsOf(column: Uint8Array): Generator<Uint8Array> {
  let at = 0
  while (at < column.length) {
    let length = 0
    let scale = 1
    let byte = 0x80
    while (byte >= 0x80) {
      byte = column[at++]!
      length += (byte & 0x7f) * scale
      scale *= 128
    }
    yield column.subarray(at, at + length)
    at += length
  }
}
