// Hot path: reads inputs to their ends, line by line. Bytes are read straight into the cutter's window.

import type { ScanWindow } from '../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import type { Input } from '../model/input.ts'
import { chunkBytes, LineCutter, type LineTaker } from './cut-lines.ts'

/** A {@link LineTaker} that is never full: its {@link drain} is the back-pressure. */
export interface DrainingTaker extends LineTaker {
  /** Called between chunks. */
  drain(): void | Promise<void>
}

/** Reads inputs line by line, one after the other, in one window. */
export class LineReading {
  readonly #cutter: LineCutter
  readonly #taker: DrainingTaker

  constructor(options: { memory: LinearMemory; window: ScanWindow; taker: DrainingTaker }) {
    this.#cutter = new LineCutter(options)
    this.#taker = options.taker
  }

  /** Reads one input to its end. A fault of the input comes after everything readable was taken. */
  async read(input: Input, onChunk: () => void): Promise<void> {
    const cutter = this.#cutter
    const { window } = cutter
    cutter.begin(false)
    /** Bytes of the line that the last chunk left unfinished, at the front of the window. */
    let carried = 0
    try {
      for (;;) {
        const reading = input.readInto(window, carried, chunkBytes)
        const count = typeof reading === 'number' ? reading : await reading
        if (count === 0) break
        const filled = carried + count
        const left = cutter.take(0, carried, filled)
        window.copyWithin(0, left, filled)
        cutter.moved(left)
        carried = filled - left
        const draining = this.#taker.drain()
        if (draining !== undefined) await draining
        onChunk()
      }
    } finally {
      cutter.end(0, carried)
    }
    await this.#taker.drain()
  }
}
