// Hot path: reads a plain file where its stream goes on, and makes sure in the same call that it is still the same content.
// The bytes before the position come along in front, in a buffer of their own, so that nothing has to be moved.
import { readSync, readvSync } from 'node:fs'
import type { ContentStream } from './content-stream.ts'
import { fingerprintBytes, isEqual } from './fingerprint.ts'

const before = new Uint8Array(fingerprintBytes)

/**
 * Fills the window from its front with what is behind the stream's position. Gives the number of bytes, or -1 when the file does
 * not hold what was read from it. Throws what the system says.
 */
export function readBehind(fd: number, stream: ContentStream, window: Uint8Array): number {
  const expected = stream.expectedBytes
  const count = readWithTail(fd, stream.position, expected, window)
  if (count < 0) return -1
  const { headBytes } = stream
  if (headBytes === null) return count
  return seeHead(stream, headBytes, window.subarray(0, count)) ? count : -1
}

function readWithTail(fd: number, position: number, expected: Uint8Array, window: Uint8Array): number {
  if (expected.length === 0) return readSync(fd, window, 0, window.length, position)
  const tail = expected.length === fingerprintBytes ? before : before.subarray(0, expected.length)
  const count = readvSync(fd, [tail, window], position - tail.length) - tail.length
  return count >= 0 && isEqual(tail, expected) ? count : -1
}

/** Compares the part of the head that was not taken yet, and learns more of a head that is short. */
function seeHead(stream: ContentStream, headBytes: Uint8Array, bytes: Uint8Array): boolean {
  const { position } = stream
  const unread = headBytes.subarray(position)
  const common = Math.min(unread.length, bytes.length)
  if (!isEqual(bytes.subarray(0, common), unread.subarray(0, common))) return false
  const wanted = fingerprintBytes - headBytes.length
  const more = bytes.subarray(common, common + wanted)
  if (bytes.length > unread.length && more.length > 0) stream.seeHead(Buffer.concat([headBytes, more]))
  return true
}
