// A wait that somebody else can end.

export class Pause {
  #end: (() => void) | null = null

  /** Settled by {@link end}, or after so long. One wait at a time. */
  wait(ms?: number): Promise<void> {
    return new Promise(resolve => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.end(), ms)
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Cheap, and safe when nobody waits. */
  end(): void {
    const end = this.#end
    this.#end = null
    end?.()
  }
}
