// A time by which something has to be over, and that may come nearer.

export class Deadline {
  readonly #passed = Promise.withResolvers<void>()
  #atMs: number
  #timer: NodeJS.Timeout

  /** So many ms from now. */
  constructor(ms: number) {
    this.#atMs = performance.now() + ms
    this.#timer = setTimeout(this.#passed.resolve, ms)
  }

  /** Resolves when it is over; never after {@link clear}. */
  get passed(): Promise<void> {
    return this.#passed.promise
  }

  /** No later than so many ms from now. */
  bringForward(ms: number): void {
    const atMs = performance.now() + ms
    if (atMs >= this.#atMs) return
    this.clear()
    this.#atMs = atMs
    this.#timer = setTimeout(this.#passed.resolve, ms)
  }

  /** Nobody waits for it any more. */
  clear(): void {
    clearTimeout(this.#timer)
  }
}
