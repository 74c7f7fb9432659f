// How long a call may take, and what ends it before: its time, its caller, or the end of the client.

/** Listens to several signals for the length of one call and leaves nothing behind on them. */
export class CallScope {
  readonly #controller = new AbortController()
  readonly #sources: readonly AbortSignal[]
  readonly #timer: NodeJS.Timeout
  readonly #onAbort = (event: Event): void => {
    // Only signals are listened to.
    this.#controller.abort((event.target as AbortSignal).reason)
  }

  /** `timeOut` makes the reason of the abort after `limitMs`. */
  constructor(sources: readonly AbortSignal[], limitMs: number, timeOut: () => Error) {
    this.#sources = sources
    this.#timer = setTimeout(() => this.#controller.abort(timeOut()), limitMs)
    for (const source of sources) {
      if (source.aborted) this.#controller.abort(source.reason)
      source.addEventListener('abort', this.#onAbort)
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** What the work gives, or the reason of the abort, whichever is first. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason)
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort)
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })
  }

  end(): void {
    clearTimeout(this.#timer)
    for (const source of this.#sources) source.removeEventListener('abort', this.#onAbort)
  }
}
