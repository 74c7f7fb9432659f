// Hot path: runs the kernel that writes the rows of a LogGroup; see group-rows.wat for which it leaves alone.
import { instantiateKernel } from '../../../../lib/kernel.ts'
import { LinearMemory } from '../../../../lib/linear-memory.ts'
import { groupRowsBase64 } from './group-rows-bytes.ts'

/** Larger ones than the service sends are left alone. */
const maxGroupBytes = 1024 * 1024
const maxSharedBytes = 256 * 1024
const maxRowsBytes = 8 * 1024 * 1024
/** The kernel reads 16 bytes at a time. */
const slackBytes = 16

interface GroupRowsExports {
  write(at: number, end: number, shared: number, sharedEnd: number, out: number, outEnd: number): number
}

/** The kernel and its memory. */
export class GroupRows {
  readonly #bytes: Buffer
  readonly #group: number
  readonly #shared: number
  readonly #rows: number
  readonly #kernel: GroupRowsExports

  constructor() {
    const memory = new LinearMemory()
    // Not at 0, which is the kernel's answer for what it leaves alone.
    memory.reserve(slackBytes)
    this.#group = memory.reserve(maxGroupBytes + slackBytes)
    this.#shared = memory.reserve(maxSharedBytes + slackBytes)
    this.#rows = memory.reserve(maxRowsBytes)
    this.#bytes = Buffer.from(memory.memory.buffer)
    this.#kernel = instantiateKernel(groupRowsBase64, 'rows', memory)
  }

  /**
   * The rows of the LogGroup at `[at, end)` of `body`, each with the text `shared` behind its times; valid until the next call. Null when
   * it is nothing for the kernel, and may be anything.
   */
  write(body: Uint8Array, group: { readonly at: number; readonly end: number }, shared: Uint8Array): Buffer | null {
    const { at, end } = group
    if (end - at > maxGroupBytes || shared.length > maxSharedBytes) return null
    const bytes = this.#bytes
    bytes.set(body.subarray(at, end), this.#group)
    bytes.set(shared, this.#shared)
    const from = this.#rows
    const behind = this.#kernel.write(
      this.#group,
      this.#group + end - at,
      this.#shared,
      this.#shared + shared.length,
      from,
      from + maxRowsBytes,
    )
    return behind === 0 ? null : bytes.subarray(from, behind)
  }
}
