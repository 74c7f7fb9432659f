// Writes one block in ClickHouse's Native format into a file: the numbers of columns and rows, then each column's name, type and
// bytes. One file is one block, so that the store takes all of it or nothing.
import { closeSync, openSync, unlinkSync, writevSync } from 'node:fs'
import { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnPart } from './native-columns.ts'

/** The most pieces that the operating system takes in one call. */
const maxPieces = 512

/** Writes `path`, which must not be there yet; returns its size in bytes. What was written is removed when anything fails. */
export function writeNativeBlock(path: string, block: { rows: number; columns: readonly Column[] }): number {
  const pieces = piecesOf(block)
  const file = openSync(path, 'wx', 0o600)
  try {
    return writeAll(file, pieces)
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
}

function piecesOf({ rows, columns }: { rows: number; columns: readonly Column[] }): ColumnPart[] {
  const head = new ByteBuffer(32)
  head.varUInt(columns.length)
  head.varUInt(rows)
  const pieces: ColumnPart[] = [head.part()]
  for (const column of columns) {
    const name = new ByteBuffer(64)
    name.text(column.name)
    name.text(column.type)
    pieces.push(name.part(), ...column.parts())
  }
  return pieces.filter(piece => piece.length > 0)
}

/** A call may write less than it was given. */
function writeAll(file: number, pieces: readonly ColumnPart[]): number {
  let written = 0
  let at = 0
  let offset = 0
  while (at < pieces.length) {
    const batch = pieces.slice(at, at + maxPieces)
    const [first] = batch
    if (first !== undefined && offset > 0) batch[0] = first.subarray(offset)
    let count = writevSync(file, batch)
    written += count
    for (const piece of batch) {
      if (count < piece.length) {
        offset = piece === batch[0] ? offset + count : count
        break
      }
      count -= piece.length
      at += 1
      offset = 0
    }
  }
  return written
}
