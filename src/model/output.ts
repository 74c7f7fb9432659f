// Where a batch command writes its data.

/** A byte sink with back-pressure. */
export interface Output {
  /**
   * Writes all of `bytes`; the caller may change them once it returned, or once its promise is settled. Must be awaited
   * when it gives a promise: that is the back-pressure. Fails with {@link OutputClosed} when nobody reads any more and
   * with `FCS_OUTPUT_FAILED` on any other fault.
   */
  write(bytes: Uint8Array): void | Promise<void>
}

/** The reader of the output went away: not a fault, the program ends quietly (contract §1). */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}
