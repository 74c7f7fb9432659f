// Opens what the user named: plain, gzip or zstd by content (contract §2), file, pipe or terminal, without a byte order mark.
import type { Input } from '../../model/input.ts'
import { type Compression, DecompressedInput } from './decompressed-input.ts'
import { openStoredInput } from './stored-input.ts'

/** Opens a path, or standard input for `-`. Fails with `FCS_INPUT_MISSING` or `FCS_INPUT_UNREADABLE`. */
export async function openInput(name: string): Promise<Input> {
  const stored = await openStoredInput(name)
  try {
    const head = await readHead(stored, signatures)
    const compression = compressionOf(head)
    if (compression === null) return withoutByteOrderMark(stored, head)
    const plain = new DecompressedInput(stored, compression, head)
    return withoutByteOrderMark(plain, await readHead(plain, [byteOrderMark]))
  } catch (error) {
    await stored.close()
    throw error
  }
}

type Signature = readonly { readonly low: number; readonly high: number }[]
const bytes = (...values: number[]): Signature => values.map(value => ({ low: value, high: value }))

const byteOrderMark = bytes(0xef, 0xbb, 0xbf)
export const byteOrderMarkLength = byteOrderMark.length
const gzip = bytes(0x1f, 0x8b, 8)
const zstd = bytes(0x28, 0xb5, 0x2f, 0xfd)
// Parallel compressors begin with a skippable frame.
const zstdSkippable: Signature = [{ low: 0x50, high: 0x5f }, ...bytes(0x2a, 0x4d, 0x18)]
const signatures = [gzip, zstd, zstdSkippable, byteOrderMark]

/** True when `head` is a signature, or could still become one. */
const fits = (head: Uint8Array, signature: Signature): boolean =>
  head.subarray(0, signature.length).every((byte, index) => {
    const range = signature[index]
    return range !== undefined && byte >= range.low && byte <= range.high
  })

const isWhole = (head: Uint8Array, signature: Signature): boolean =>
  head.length >= signature.length && fits(head, signature)

export const hasByteOrderMark = (head: Uint8Array): boolean => isWhole(head, byteOrderMark)

/** True when more bytes may still make it compressed, or plain text with a byte order mark. */
export const isUndecided = (head: Uint8Array): boolean =>
  signatures.some(signature => head.length < signature.length && fits(head, signature))

/** How content with this head is compressed; null for plain. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (isWhole(head, gzip)) return 'gzip'
  return isWhole(head, zstd) || isWhole(head, zstdSkippable) ? 'zstd' : null
}

/** Reads no further than the answer needs: behind a terminal or a slow pipe the next byte may be long in coming. */
async function readHead(input: Input, candidates: readonly Signature[]): Promise<Uint8Array> {
  const head = new Uint8Array(4)
  let length = 0
  const isOpen = (): boolean =>
    candidates.some(candidate => length < candidate.length && fits(head.subarray(0, length), candidate))
  while (isOpen()) {
    const count = await input.readInto(head, length, head.length - length)
    if (count === 0) break
    length += count
  }
  return head.subarray(0, length)
}

function withoutByteOrderMark(input: Input, head: Uint8Array): Input {
  return new HeadedInput(input, isWhole(head, byteOrderMark) ? head.subarray(byteOrderMark.length) : head)
}

/** An input whose first bytes were already taken: gives them first. */
class HeadedInput implements Input {
  readonly name: string
  readonly size: number | null
  readonly #input: Input
  #head: Uint8Array

  constructor(input: Input, head: Uint8Array) {
    this.name = input.name
    this.size = input.size
    this.#input = input
    this.#head = head
  }

  get bytesRead(): number {
    return this.#input.bytesRead
  }

  readInto(target: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#head.length === 0) return this.#input.readInto(target, offset, length)
    const part = this.#head.subarray(0, length)
    this.#head = this.#head.subarray(part.length)
    target.set(part, offset)
    return part.length
  }

  close(): Promise<void> {
    return this.#input.close()
  }
}
