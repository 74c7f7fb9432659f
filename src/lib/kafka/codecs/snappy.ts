// Hot path: decompresses Snappy, as Kafka's producers send it: one block, or the framing of the Java library.
import { CorruptBytes, GrownOutput } from './grown-output.ts'

// The Java library's stream: this magic, two versions (4 bytes each), then blocks, each with its length (4 bytes, big-endian).
const streamMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const streamHeaderBytes = 16

/** Throws {@link CorruptBytes} when `bytes` are not Snappy, or more than `maxBytes` come out. */
export function decompressSnappy(bytes: Buffer, maxBytes: number): Buffer {
  const output = new GrownOutput(bytes.length * 4, maxBytes)
  if (!bytes.subarray(0, streamMagic.length).equals(streamMagic)) {
    readBlock(bytes, output)
    return output.take()
  }
  let at = streamHeaderBytes
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw new CorruptBytes('a Snappy stream ends within a length')
    const length = bytes.readUInt32BE(at)
    at += 4
    if (at + length > bytes.length) throw new CorruptBytes('a Snappy block ends too early')
    readBlock(bytes.subarray(at, at + length), output)
    at += length
  }
  return output.take()
}

// A block: the length of what comes out (varint), then elements, told by the low two bits of their first byte:
//   0  literals: length minus 1 in the high six bits; 60 to 63 say that it stands in the next 1 to 4 bytes
//   1  match: length minus 4 in bits 2 to 4, offset in bits 5 to 7 (high) and the next byte
//   2  match: length minus 1 in the high six bits, offset in the next 2 bytes
//   3  the same with 4 bytes
function readBlock(block: Uint8Array, output: GrownOutput): void {
  const from = output.length
  let at = 0
  let expected = 0
  for (let shift = 0; ; shift += 7) {
    const byte = block[at++]
    if (byte === undefined || shift > 28) throw new CorruptBytes('a Snappy block has no length')
    expected += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  while (at < block.length) {
    const tag = block[at++]!
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >> 2
      const extra = short < 60 ? 0 : short - 59
      const length = extra === 0 ? short + 1 : numberAt(block, at, extra) + 1
      at += extra
      output.literals(block, at, length)
      at += length
    } else {
      const offsetBytes = kind === 3 ? 4 : kind
      const low = numberAt(block, at, offsetBytes)
      at += offsetBytes
      if (kind === 1) output.match(((tag >> 5) << 8) | low, ((tag >> 2) & 7) + 4)
      else output.match(low, (tag >> 2) + 1)
    }
  }
  if (output.length - from !== expected) throw new CorruptBytes('a Snappy block has another length than it says')
}

/** Little-endian, of 1 to 4 bytes. */
function numberAt(block: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > block.length) throw new CorruptBytes('a Snappy block ends within an element')
  let value = 0
  for (let i = bytes - 1; i >= 0; i -= 1) value = value * 256 + block[at + i]!
  return value
}
