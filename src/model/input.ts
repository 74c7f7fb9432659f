// What a batch command reads from: bytes in order, decompressed, without a byte order mark.

/** One opened input. Contract for implementations and callers: */
export interface Input {
  /** As the user named it; `-` is standard input. */
  readonly name: string
  /** Size of what is stored (compressed, if it is), in bytes; null when it cannot be known (pipes, terminals). */
  readonly size: number | null
  /** Stored bytes read so far: `bytesRead / size` is the progress, for compressed inputs too. */
  readonly bytesRead: number
  /**
   * Fills `target[offset .. offset + length)` from the front and gives the number of bytes written, 0 at the end only.
   * Must be called again only after the promise of the call before is settled. Now and then it gives a promise although
   * it could answer at once, so that signals are seen. When the input is broken it fails with `FCS_INPUT_CORRUPT` or
   * `FCS_INPUT_UNREADABLE`, after everything readable was delivered: finish what came before, then report it.
   */
  readInto(target: Uint8Array, offset: number, length: number): number | Promise<number>
  /** Must be safe twice, and before the end. */
  close(): Promise<void>
}
