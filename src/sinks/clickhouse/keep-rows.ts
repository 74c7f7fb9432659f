// A block of lines without some of its rows. Only for a worker that lost its state: it reads again what the store has already.
import type { LineBlock } from '../../model/line-block.ts'

/** The rows for which `keep` is not 0, in a block of its own. */
export function keepRows(block: LineBlock, keep: Uint8Array): LineBlock {
  const rows = keep.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0)
  const fixed = (column: Uint8Array, width: number): Uint8Array => keepFixed(column, width, keep, rows)
  return {
    rows,
    times: fixed(block.times, 8),
    timeSources: fixed(block.timeSources, 1),
    waiting: fixed(block.waiting, 1),
    kinds: fixed(block.kinds, 1),
    levels: fixed(block.levels, 1),
    severityTexts: keepTexts(block.severityTexts, keep),
    bodies: keepTexts(block.bodies, keep),
    requestIds: keepTexts(block.requestIds, keep),
    traceIds: fixed(block.traceIds, 16),
    spanIds: fixed(block.spanIds, 8),
    originIndices: fixed(block.originIndices, 2),
    streamIndices: fixed(block.streamIndices, 2),
    positions: fixed(block.positions, 8),
    origins: block.origins,
    streams: block.streams,
  }
}

function keepFixed(column: Uint8Array, width: number, keep: Uint8Array, rows: number): Uint8Array {
  const kept = new Uint8Array(rows * width)
  let to = 0
  for (const [row, value] of keep.entries()) {
    if (value === 0) continue
    kept.set(column.subarray(row * width, (row + 1) * width), to)
    to += width
  }
  return kept
}

function keepTexts(column: Uint8Array, keep: Uint8Array): Uint8Array {
  const kept = new Uint8Array(column.length)
  let from = 0
  let to = 0
  for (const value of keep) {
    const end = textEnd(column, from)
    if (value !== 0) {
      kept.set(column.subarray(from, end), to)
      to += end - from
    }
    from = end
  }
  return kept.subarray(0, to)
}

/** Where the text that begins with its length at `at` ends. */
function textEnd(column: Uint8Array, at: number): number {
  let length = 0
  let scale = 1
  let next = at
  for (;;) {
    const byte = column[next++]!
    length += (byte & 0x7f) * scale
    if (byte < 0x80) return next + length
    scale *= 128
  }
}
