// One frame of a write-ahead log: how it lies in its segment file, written and read.
import { crc32 } from 'node:zlib'

//  0 u32  magic "FCW1"                      20 u48  where the frame begins in the log
//  4 u32  CRC-32 of byte 8 to the name's end 26 u48  where the payload begins in its stream
//  8 u32  CRC-32 of the payload             32 u48  when it was appended, ms since 1970
// 12 u32  length of the payload             38 16 B key, zeros for none
// 16 u16  length of the name                54 …    name of the stream (UTF-8), then the payload
// 18 u16  flags                                     all numbers little-endian
//
// The head has a checksum of its own: where only a payload is damaged, the next frame is still found without searching. A frame
// knows its own offset, so that a search never takes one that a sender had in its text for one of ours.
export const frameMagic = Buffer.from('FCW1', 'latin1')
const fixedBytes = 54
const keyAt = 38
export const keyBytes = 16
export const maxNameBytes = 512
export const maxHeadBytes = fixedBytes + maxNameBytes
/** Nothing larger is ever written, so a larger length is damage. */
const maxPayloadBytes = 512 * 1024 * 1024

const flag = { keys: 1, hasLineEnd: 2, endsLine: 4 } as const
const lineFeed = 10

/** What a frame says about itself. Offsets are places in the log, positions are places in one stream; both in bytes. */
export interface Frame {
  readonly offset: number
  readonly payloadOffset: number
  /** Where the next frame begins, if it is in the same segment. */
  readonly next: number
  readonly stream: string
  readonly position: number
  /** Of the payload, in bytes. */
  readonly length: number
  readonly payloadCrc: number
  readonly timeMs: number
  /** 16 bytes as latin1; null without one. */
  readonly key: string | null
  /** The log's own frame with the keys of earlier segments; no sender's bytes. */
  readonly isKeys: boolean
  readonly hasLineEnd: boolean
  readonly endsLine: boolean
}

/** What is put into a frame. `name` has at most {@link maxNameBytes} bytes, and the payload at least one byte. */
export interface FrameContent {
  readonly name: Buffer
  readonly payload: readonly Uint8Array[]
  readonly key: string | null
  readonly timeMs: number
  readonly isKeys?: boolean
}

export const payloadLength = (payload: readonly Uint8Array[]): number =>
  payload.reduce((sum, part) => sum + part.length, 0)

/** Whether the last byte of the payload ends a line. */
export const endsLine = (payload: readonly Uint8Array[]): boolean =>
  payload.findLast(part => part.length > 0)?.at(-1) === lineFeed

export const headLength = (content: FrameContent): number => fixedBytes + content.name.length

/** The head of a frame that stands at `offset`; its payload begins at `position` in its stream. */
export function encodeHead(content: FrameContent, offset: number, position: number): Buffer {
  const { name, payload, key, timeMs } = content
  const head = Buffer.alloc(fixedBytes + name.length)
  frameMagic.copy(head)
  head.writeUInt32LE(
    payload.reduce((crc, part) => crc32(part, crc), 0),
    8,
  )
  head.writeUInt32LE(payloadLength(payload), 12)
  head.writeUInt16LE(name.length, 16)
  head.writeUInt16LE(flagsOf(content), 18)
  head.writeUIntLE(offset, 20, 6)
  head.writeUIntLE(position, 26, 6)
  head.writeUIntLE(Math.max(0, Math.floor(timeMs)), 32, 6)
  if (key !== null) head.write(key, keyAt, keyBytes, 'latin1')
  name.copy(head, fixedBytes)
  head.writeUInt32LE(crc32(head.subarray(8)), 4)
  return head
}

function flagsOf(content: FrameContent): number {
  if (content.isKeys === true) return flag.keys
  if (endsLine(content.payload)) return flag.hasLineEnd | flag.endsLine
  return content.payload.some(part => part.includes(lineFeed)) ? flag.hasLineEnd : 0
}

/** The head at `bytes[at]`, which stands at `offset` in the log. Null when there is none, or not all of it. */
export function decodeHead(bytes: Buffer, at: number, offset: number): Frame | null {
  if (bytes.length - at < fixedBytes || bytes.compare(frameMagic, 0, 4, at, at + 4) !== 0) return null
  const nameLength = bytes.readUInt16LE(at + 16)
  const end = at + fixedBytes + nameLength
  if (nameLength > maxNameBytes || end > bytes.length) return null
  if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return null
  const length = bytes.readUInt32LE(at + 12)
  if (bytes.readUIntLE(at + 20, 6) !== offset || length > maxPayloadBytes) return null
  const flags = bytes.readUInt16LE(at + 18)
  const payloadOffset = offset + fixedBytes + nameLength
  return {
    offset,
    payloadOffset,
    next: payloadOffset + length,
    stream: bytes.toString('utf8', at + fixedBytes, end),
    position: bytes.readUIntLE(at + 26, 6),
    length,
    payloadCrc: bytes.readUInt32LE(at + 8),
    timeMs: bytes.readUIntLE(at + 32, 6),
    key: readKey(bytes.subarray(at + keyAt, at + keyAt + keyBytes)),
    isKeys: (flags & flag.keys) !== 0,
    hasLineEnd: (flags & flag.hasLineEnd) !== 0,
    endsLine: (flags & flag.endsLine) !== 0,
  }
}

const readKey = (bytes: Buffer): string | null => (bytes.some(byte => byte !== 0) ? bytes.toString('latin1') : null)
