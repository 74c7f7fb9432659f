// Whether a file holds the content of a stream, by the fingerprints that are known of it.
import type { ContentStream } from './content-stream.ts'
import { bytesBefore, hashOf, isEqual, readAt } from './fingerprint.ts'

/** A plain file that is open. */
export interface OpenFile {
  readonly fd: number
  readonly size: number
}

/** True when `head` begins as the stream does. */
export const beginsAs = (head: Uint8Array, stream: ContentStream): boolean =>
  head.length >= stream.head.length && hashOf(head.subarray(0, stream.head.length)) === stream.head.hash

/** True when the file has the stream's head and tail where they belong. Throws what the system says. */
export function holdsContent(file: OpenFile, head: Uint8Array, stream: ContentStream): boolean {
  if (file.size < stream.knownLength || !beginsAs(head, stream)) return false
  const tail = bytesBefore(file.fd, stream.tailPosition, stream.tail)
  if (tail === null) return false
  stream.seeTail(tail)
  stream.seeHead(head)
  return true
}

/**
 * True when a file still holds what was read from it. A file that was truncated and written again shows it here, unless it has
 * the very same bytes before our position. Throws what the system says.
 */
export function stillHolds(file: OpenFile, stream: ContentStream): boolean {
  if (file.size < stream.knownLength) return false
  const { headBytes } = stream
  if (headBytes !== null && !isEqual(readAt(file.fd, 0, headBytes.length), headBytes)) return false
  return bytesBefore(file.fd, stream.tailPosition, stream.tail) !== null
}
