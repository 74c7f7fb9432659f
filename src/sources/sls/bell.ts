// A wait that somebody else can end.

export class Bell {
  #isRung = false
  #end: (() => void) | null = null

  /** Settled by {@link ring}, also by one that came before; after `ms`; or when the signal aborts. One wait at a time. */
  wait(signal: AbortSignal, ms?: number): Promise<void> {
    if (this.#isRung || signal.aborted) {
      this.#isRung = false
      return Promise.resolve()
    }
    return new Promise(resolve => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#end = null
        this.#isRung = false
        resolve()
      }
      const timer = ms === undefined ? undefined : setTimeout(end, ms)
      signal.addEventListener('abort', end)
      this.#end = end
    })
  }

  /** Cheap; kept for the next wait when nobody waits. */
  ring(): void {
    this.#isRung = true
    this.#end?.()
  }
}
