// Hot path: runs the kernel that decompresses LZ4 blocks; see lz4-sequences.wat for which it leaves alone.
import { instantiateKernel } from '../../../../lib/kernel.ts'
import { LinearMemory } from '../../../../lib/linear-memory.ts'
import { lz4SequencesBase64 } from './lz4-sequences-bytes.ts'

/** Replies have about 10 MiB; larger blocks are left alone. */
const maxBytes = 16 * 1024 * 1024
/** The kernel takes 16 bytes at a time. */
const slackBytes = 16

interface Lz4SequencesExports {
  decompress(at: number, end: number, out: number, outEnd: number): number
}

/** The kernel and its memory. */
export class Lz4Sequences {
  readonly #bytes: Buffer
  readonly #block: number
  readonly #raw: number
  readonly #kernel: Lz4SequencesExports

  constructor() {
    const memory = new LinearMemory()
    // Not at 0, where no position of the kernel may be.
    memory.reserve(slackBytes)
    this.#block = memory.reserve(maxBytes + slackBytes)
    this.#raw = memory.reserve(maxBytes + slackBytes)
    this.#bytes = Buffer.from(memory.memory.buffer)
    this.#kernel = instantiateKernel(lz4SequencesBase64, 'lz4', memory)
  }

  /** The `length` bytes that the block becomes, valid until the next call; null when it is nothing for the kernel, and may be anything. */
  decompress(block: Uint8Array, length: number): Buffer | null {
    if (block.length > maxBytes || length > maxBytes) return null
    this.#bytes.set(block, this.#block)
    const end = this.#raw + length
    const isWhole = this.#kernel.decompress(this.#block, this.#block + block.length, this.#raw, end)
    return isWhole === 0 ? null : this.#bytes.subarray(this.#raw, end)
  }
}
