// One block of memory that JavaScript and the WebAssembly kernels share. Parts are reserved once, in order, and never freed.
// Memory that nobody touches costs nothing: parts are sized for the worst case.

const pageBytes = 65_536

/** A shared block. Reserve everything first, then ask for {@link memory}. */
export class LinearMemory {
  #reserved = 0
  #memory: WebAssembly.Memory | null = null

  /** Reserves `bytes` for good; returns their address, a multiple of 256. */
  reserve(bytes: number): number {
    if (this.#memory !== null) throw new RangeError('BUG: memory is reserved before it is made')
    const address = this.#reserved
    this.#reserved = Math.ceil((address + bytes) / 256) * 256
    return address
  }

  /** The block with everything that was reserved. */
  get memory(): WebAssembly.Memory {
    this.#memory ??= new WebAssembly.Memory({ initial: Math.ceil(this.#reserved / pageBytes) + 1 })
    return this.#memory
  }
}
