// Hot path: decompresses LZ4 frames, as Kafka's producers send them. Checksums are not looked at: TCP and the broker have their own.
import { CorruptBytes, GrownOutput } from './grown-output.ts'

// A frame (LZ4 Frame Format 1.6.4), numbers little-endian:
//   magic      4 bytes
//   flags      1 byte: 0x10 checksums of blocks, 0x08 size of the content, 0x04 checksum of the content, 0x01 dictionary
//   BD         1 byte: greatest size of a block
//   size       8 bytes, where the flags say so
//   dictionary 4 bytes, where the flags say so
//   HC         1 byte: checksum of the header
//   blocks     each: size (4 bytes; the highest bit says that it is not compressed), data, checksum (4 bytes, by the flags)
//   end        4 bytes of 0, checksum (4 bytes, by the flags)
// A block is a row of sequences:
//   token      high half: number of literals, low half: length of the match minus 4; 15 goes on in further bytes, up to one below 255
//   literals
//   offset     2 bytes: how far back in the output the match begins
// The last sequence of a block ends behind its literals.
const magic = 0x184d2204
const skippableMagic = 0x184d2a50
const flag = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 } as const
const uncompressed = 0x80000000

/** Throws {@link CorruptBytes} when `bytes` are no frames, or more than `maxBytes` come out. */
export function decompressLz4Frames(bytes: Buffer, maxBytes: number): Buffer {
  const output = new GrownOutput(bytes.length * 4, maxBytes)
  let at = 0
  while (at < bytes.length) {
    const found = readUint32(bytes, at)
    if (found === magic) at = readFrame(bytes, at + 4, output)
    else if ((found & 0xfffffff0) >>> 0 === skippableMagic) at += 8 + readUint32(bytes, at + 4)
    else throw new CorruptBytes('no LZ4 frame begins here')
  }
  return output.take()
}

/** From behind the magic; returns where the frame ends. */
function readFrame(bytes: Buffer, from: number, output: GrownOutput): number {
  const flags = bytes[from]
  if (flags === undefined || flags >> 6 !== 1) throw new CorruptBytes('an LZ4 frame of an unknown version')
  if ((flags & flag.dictionary) !== 0) throw new CorruptBytes('an LZ4 frame that needs a dictionary')
  const behindBlock = (flags & flag.blockChecksum) === 0 ? 0 : 4
  let at = from + 3 + ((flags & flag.contentSize) === 0 ? 0 : 8)
  for (;;) {
    const size = readUint32(bytes, at)
    at += 4
    if (size === 0) return at + ((flags & flag.contentChecksum) === 0 ? 0 : 4)
    const length = size % uncompressed
    if (at + length > bytes.length) throw new CorruptBytes('an LZ4 block ends too early')
    if (size >= uncompressed) output.literals(bytes, at, length)
    else readBlock(bytes.subarray(at, at + length), output)
    at += length + behindBlock
  }
}

function readBlock(block: Uint8Array, output: GrownOutput): void {
  const { length } = block
  let at = 0
  while (at < length) {
    const token = block[at++]!
    let literals = token >> 4
    if (literals === 15) {
      const end = endOfLength(block, at)
      literals += sumOf(block, at, end)
      at = end
    }
    output.literals(block, at, literals)
    at += literals
    if (at === length) return
    if (at + 2 > length) throw new CorruptBytes('an LZ4 block ends within an offset')
    const offset = block[at]! | (block[at + 1]! << 8)
    at += 2
    let matched = (token & 15) + 4
    if (matched === 19) {
      const end = endOfLength(block, at)
      matched += sumOf(block, at, end)
      at = end
    }
    output.match(offset, matched)
  }
}

/** Behind the first byte that is not 255. */
function endOfLength(block: Uint8Array, from: number): number {
  let at = from
  while (block[at] === 255) at += 1
  if (at >= block.length) throw new CorruptBytes('a length does not end')
  return at + 1
}

const sumOf = (block: Uint8Array, from: number, end: number): number => (end - from - 1) * 255 + block[end - 1]!

function readUint32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw new CorruptBytes('an LZ4 frame ends too early')
  return bytes.readUInt32LE(at)
}
