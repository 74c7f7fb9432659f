// Finds keys of single lines, as the hot path does: in the memory of the kernel that scans them.

import { FlatScan } from '../../../parsers/shared/flat-scan/flat-scan.ts'
import { reserveRows } from '../../../src/app/record-parsers.ts'
import { RouteKeys } from '../../../src/app/route-keys.ts'
import { LinearMemory } from '../../../src/lib/linear-memory.ts'
import type { RouteKind } from '../../../src/model/route.ts'
import { reserveWindow } from '../../../src/pipeline/cut-lines.ts'

export const keyOf = (text: string) => ({ text, bytes: Buffer.from(text), partition: 0 })

export class KeysRig {
  readonly #window: Buffer
  readonly #keys: RouteKeys

  constructor(kind: RouteKind) {
    const memory = new LinearMemory()
    reserveWindow(memory)
    const room = reserveRows(memory)
    this.#keys = new RouteKeys({ kind, keyOf, kernel: new FlatScan(memory, room) })
    this.#window = Buffer.from(memory.memory.buffer, 0, 1024 * 1024)
  }

  /** Null for text. `at`: where the line stands in the window. */
  find(line: string | Uint8Array, isRowForSure = false, at = 0): string | null {
    const bytes = Buffer.from(line)
    this.#window.set(bytes, at)
    return this.#keys.find(this.#window, at, at + bytes.length, isRowForSure)?.text ?? null
  }
}
