// Hot path: texts of which there are few, as indices into a dictionary: ClickHouse's LowCardinality in Native. The store would make
// the dictionary by itself of plain texts, but at ten times the cost.
import { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnPart } from './native-columns.ts'

/**
 * Flags (SerializationLowCardinality in ClickHouse's sources): type of the indices in the lowest byte (1 = UInt16, 2 = UInt32), bit
 * 9 for a dictionary of the block's own, bit 10 for one that may be updated.
 */
const ownDictionary = 0x600
const dictionaryVersion = 1

/** What stands in front of the indices. */
export function dictionaryHead(texts: readonly string[], indexType: 1 | 2): ByteBuffer {
  const head = new ByteBuffer(256)
  for (const value of [dictionaryVersion, ownDictionary | indexType, texts.length]) head.uint64(value, 0)
  for (const text of texts) head.text(text)
  return head
}

/** Texts that may be missing; the dictionary's first entry stands for null. */
export class DictionaryColumn implements Column {
  readonly name: string
  readonly type = 'LowCardinality(Nullable(String))'
  readonly #texts: string[] = ['']
  readonly #numbers = new Map<string, number>()
  readonly #indices = new ByteBuffer()
  #last: string | null = null
  #lastNumber = 0
  #rows = 0

  constructor(name: string) {
    this.name = name
  }

  add(value: string | null): void {
    let number = 0
    if (value !== null) number = value === this.#last ? this.#lastNumber : this.#numberOf(value)
    this.#indices.uint32(number)
    this.#rows += 1
  }

  #numberOf(value: string): number {
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.#texts.push(value) - 1
      this.#numbers.set(value, number)
    }
    this.#last = value
    this.#lastNumber = number
    return number
  }

  parts(): readonly ColumnPart[] {
    const head = dictionaryHead(this.#texts, 2)
    head.uint64(this.#rows, 0)
    return [head.part(), this.#indices.part()]
  }

  clear(): void {
    this.#texts.length = 1
    this.#numbers.clear()
    this.#indices.clear()
    this.#last = null
    this.#rows = 0
  }
}
