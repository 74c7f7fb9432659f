// Offsets of a partition, which are 64 bits long, as numbers of records, which a double must hold.

/** A double holds whole numbers up to 2 ** 53. */
const numberBits = 52n
const safeDigits = 15

/**
 * Offsets and numbers of one partition. Kafka counts from 0, so that a number is its offset; Simple Log Service's endpoint gives
 * offsets of its own, which may be larger: then the number is the low bits, and the high ones are the partition's.
 */
export class OffsetNumbers {
  readonly #base: bigint

  /** `oldest`: the offset of the oldest record that is still there. */
  constructor(oldest: string) {
    this.#base = BigInt(oldest) >> numberBits
  }

  /** Names the numbering in ids of streams; empty where numbers are offsets. */
  get key(): string {
    return this.#base === 0n ? '' : this.#base.toString()
  }

  /** A number below 0 or above 2 ** 53 for an offset of another time. */
  numberOf(offset: string): number {
    if (this.#base === 0n && offset.length <= safeDigits) return Number(offset)
    return Number(BigInt(offset) - (this.#base << numberBits))
  }

  offsetOf(number: number): string {
    return this.#base === 0n ? String(number) : ((this.#base << numberBits) + BigInt(number)).toString()
  }
}
