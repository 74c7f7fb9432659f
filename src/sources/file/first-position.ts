// Where reading a stream begins: behind a byte order mark, behind a hole, or at the end of what was there before us.
import { readSync } from 'node:fs'
import type { OpenFile } from './content-check.ts'
import { readAt } from './fingerprint.ts'
import { byteOrderMarkLength, hasByteOrderMark } from './open-input.ts'

const blockBytes = 64 * 1024
/** A half line longer than this is a dead letter anyway (contract §2). */
const longestLine = 4 * 1024 * 1024
/** A longer hole is read like anything else. */
const longestHole = 1024 * 1024 * 1024
const newline = 10

/** First position of a file that is read from its beginning; null while there is nothing but a hole. */
export function firstPosition(file: OpenFile, head: Uint8Array): number | null {
  if (hasByteOrderMark(head)) return byteOrderMarkLength
  return head[0] === 0 && head.every(byte => byte === 0) ? endOfHole(file) : 0
}

/**
 * A writer that does not append goes on at its old place in a file that was truncated: everything before that is a hole, which
 * reads as zeros and was never written.
 */
function endOfHole({ fd, size }: OpenFile): number | null {
  const block = new Uint8Array(blockBytes)
  const end = Math.min(size, longestHole)
  for (let position = 0; position < end; position += blockBytes) {
    const count = readSync(fd, block, 0, blockBytes, position)
    const index = block.subarray(0, count).findIndex(byte => byte !== 0)
    if (index >= 0) return position + index
  }
  return size > longestHole ? end : null
}

/** Behind the last line end: a half line at the end is read when the rest of it has come. */
export function endPosition({ fd, size }: OpenFile): number {
  for (let end = size; end > Math.max(0, size - longestLine); end -= blockBytes) {
    const begin = Math.max(0, end - blockBytes)
    const index = readAt(fd, begin, end - begin).lastIndexOf(newline)
    if (index >= 0) return begin + index + 1
  }
  return size > longestLine ? size : 0
}
