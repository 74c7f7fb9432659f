// Several byte arrays as one, and back: large ones are copied once, which v8's serializer does not do.
//   uint32  number of sections
//   uint32  length of each section in bytes
//   then the sections, each beginning at a multiple of 8

const alignment = 8
const aligned = (length: number): number => Math.ceil(length / alignment) * alignment

/** All sections behind each other. */
export function joinSections(sections: readonly Uint8Array[]): Buffer {
  const head = aligned(4 + sections.length * 4)
  const size = sections.reduce((sum, section) => sum + aligned(section.length), head)
  const bytes = Buffer.alloc(size)
  bytes.writeUInt32LE(sections.length, 0)
  let at = head
  for (const [index, section] of sections.entries()) {
    bytes.writeUInt32LE(section.length, 4 + index * 4)
    bytes.set(section, at)
    at += aligned(section.length)
  }
  return bytes
}

/** The sections again, as views; null when the bytes are not what {@link joinSections} made. */
export function splitSections(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes.length < 4) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0, true)
  let at = aligned(4 + count * 4)
  if (at > bytes.length) return null
  const sections: Uint8Array[] = []
  for (let index = 0; index < count; index++) {
    const length = view.getUint32(4 + index * 4, true)
    if (at + length > bytes.length) return null
    sections.push(bytes.subarray(at, at + length))
    at += aligned(length)
  }
  return sections
}

/** The bytes of an array of words. */
export const bytesOf = (words: Int32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength)

/** Words in a copy of their own, wherever the bytes lie. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(bytes.length >> 2)
  bytesOf(words).set(bytes.subarray(0, words.byteLength))
  return words
}
