// Segment files on a disk that becomes full or fails, as a test wants it.
import { type OpenSegmentFile, openSegmentFile } from '../../../src/sources/shared/segment-file.ts'

const fault = (code: string): Error => Object.assign(new Error(code), { code })

export class FaultyFiles {
  /** So many bytes can still be written. */
  freeBytes = Number.POSITIVE_INFINITY
  /** What the next calls fail with; null for nothing. */
  openFault: string | null = null
  syncFault: string | null = null
  truncateFault: string | null = null
  writes = 0
  syncs = 0
  /** Set to hold every sync until {@link letSync}. */
  isHoldingSyncs = false
  readonly #held: (() => void)[] = []

  readonly open: OpenSegmentFile = async path => {
    if (this.openFault !== null) throw fault(this.openFault)
    const file = await openSegmentFile(path)
    return {
      write: async (parts, position) => {
        this.writes += 1
        const bytes = Buffer.concat(parts)
        if (this.freeBytes === 0) throw fault('ENOSPC')
        // As Linux does it: the part that has room is written, and only the next attempt fails.
        const count = Math.min(bytes.length, this.freeBytes)
        this.freeBytes -= count
        return file.write([bytes.subarray(0, count)], position)
      },
      sync: async () => {
        this.syncs += 1
        if (this.isHoldingSyncs) await new Promise<void>(resolve => this.#held.push(resolve))
        if (this.syncFault !== null) throw fault(this.syncFault)
        await file.sync()
      },
      truncate: async size => {
        if (this.truncateFault !== null) throw fault(this.truncateFault)
        await file.truncate(size)
      },
      close: () => file.close(),
    }
  }

  letSync(): void {
    this.isHoldingSyncs = false
    for (const resolve of this.#held.splice(0)) resolve()
  }
}
