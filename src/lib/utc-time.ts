// Hot path: a unix time as RFC 3339 bytes (`2024-01-13T08:53:51.939Z`), without a Date or a string for each.

const DAY_MS = 86_400_000
/** 0000-01-01T00:00:00.000Z and the first millisecond after the year 9999: what RFC 3339 can write. */
const FIRST_MS = -62_167_219_200_000
const BEHIND_LAST_MS = 253_402_300_800_000

/** Bytes of every time that is written. */
export const utcTimeLength = 24

/** True for times that can be written; not for NaN. */
export const isUtcTime = (ms: number): boolean => ms >= FIRST_MS && ms < BEHIND_LAST_MS

/** Writes times. Remembers the date of the last day, since times come mostly in order. */
export class UtcTimeWriter {
  #day = Number.NaN
  readonly #date = new Uint8Array(11)

  /**
   * Writes `ms` (unix ms, for which {@link isUtcTime} holds; a fraction is cut off) into `out` at `at`:
   * {@link utcTimeLength} bytes. Returns the position behind them.
   */
  write(out: Uint8Array, at: number, ms: number): number {
    const day = Math.floor(ms / DAY_MS)
    if (day !== this.#day) this.#setDay(day)
    const date = this.#date
    for (let i = 0; i < 11; i += 1) out[at + i] = date[i]!
    const rest = (ms - day * DAY_MS) | 0
    const seconds = (rest / 1000) | 0
    const minutes = (seconds / 60) | 0
    const hours = (minutes / 60) | 0
    putTwo(out, at + 11, hours)
    out[at + 13] = 0x3a
    putTwo(out, at + 14, minutes - hours * 60)
    out[at + 16] = 0x3a
    putTwo(out, at + 17, seconds - minutes * 60)
    out[at + 19] = 0x2e
    const fraction = rest - seconds * 1000
    const tens = (fraction / 10) | 0
    putTwo(out, at + 20, tens)
    out[at + 22] = 0x30 + fraction - tens * 10
    out[at + 23] = 0x5a
    return at + utcTimeLength
  }

  #setDay(day: number): void {
    this.#day = day
    const text = new Date(day * DAY_MS).toISOString()
    for (let i = 0; i < 11; i += 1) this.#date[i] = text.charCodeAt(i)
  }
}

function putTwo(out: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0
  out[at] = 0x30 + tens
  out[at + 1] = 0x30 + value - tens * 10
}
