// Hot path: columns in ClickHouse's Native format (https://clickhouse.com/docs/interfaces/formats/Native), filled value by value.
// Numbers are little-endian and lie behind each other; a text is its length as LEB128 and its bytes; a nullable column is a byte
// per row (1 = null) and then the values, nulls among them; an array column is the end of each row's part (UInt64) and then all
// elements behind each other.

import { ByteBuffer } from './byte-buffer.ts'

/** Bytes of one column, or of one part of it. */
export type ColumnPart = Uint8Array

/** A column of an insert: its name and type, and its bytes. */
export interface Column {
  readonly name: string
  readonly type: string
  parts(): readonly ColumnPart[]
  clear(): void
}

/** Numbers of one width. */
export class NumberColumn implements Column {
  readonly name: string
  readonly type: string
  readonly #buffer = new ByteBuffer()

  constructor(name: string, type: 'UInt8' | 'UInt16' | 'UInt32' | 'Float64' | 'Bool') {
    this.name = name
    this.type = type
  }

  uint8(value: number): void {
    this.#buffer.byte(value)
  }

  uint16(value: number): void {
    this.#buffer.uint16(value)
  }

  uint32(value: number): void {
    this.#buffer.uint32(value)
  }

  float64(value: number): void {
    this.#buffer.float64(value)
  }

  parts(): readonly ColumnPart[] {
    return [this.#buffer.part()]
  }

  clear(): void {
    this.#buffer.clear()
  }
}

/** Numbers that may be missing. */
export class NullableNumberColumn implements Column {
  readonly name: string
  readonly type: string
  readonly #nulls = new ByteBuffer()
  readonly #values = new ByteBuffer()
  readonly #width: 1 | 2 | 8

  constructor(name: string, type: keyof typeof nullableWidths) {
    this.name = name
    this.type = `Nullable(${type})`
    this.#width = nullableWidths[type]
  }

  add(value: number | null): void {
    this.#nulls.byte(value === null ? 1 : 0)
    if (this.#width === 8) this.#values.float64(value ?? 0)
    else if (this.#width === 2) this.#values.uint16(value ?? 0)
    else this.#values.byte(value ?? 0)
  }

  parts(): readonly ColumnPart[] {
    return [this.#nulls.part(), this.#values.part()]
  }

  clear(): void {
    this.#nulls.clear()
    this.#values.clear()
  }
}

const nullableWidths = { UInt16: 2, Float64: 8, Bool: 1 } as const

const high = 0x1_0000_0000

/** Times to the millisecond. */
export class TimeColumn implements Column {
  readonly name: string
  readonly type: string
  readonly #isNullable: boolean
  readonly #nulls = new ByteBuffer()
  readonly #buffer = new ByteBuffer()

  constructor(name: string, options: { isNullable: boolean }) {
    this.name = name
    this.#isNullable = options.isNullable
    this.type = options.isNullable ? "Nullable(DateTime64(3, 'UTC'))" : "DateTime64(3, 'UTC')"
  }

  /** Unix ms; a fraction is cut off. */
  add(ms: number | null): void {
    if (this.#isNullable) this.#nulls.byte(ms === null ? 1 : 0)
    const whole = Math.floor(ms ?? 0)
    const upper = Math.floor(whole / high)
    this.#buffer.uint64(whole - upper * high, upper)
  }

  parts(): readonly ColumnPart[] {
    return this.#isNullable ? [this.#nulls.part(), this.#buffer.part()] : [this.#buffer.part()]
  }

  clear(): void {
    this.#nulls.clear()
    this.#buffer.clear()
  }
}

/** Texts. */
export class TextColumn implements Column {
  readonly name: string
  readonly type = 'String'
  readonly #buffer = new ByteBuffer()

  constructor(name: string) {
    this.name = name
  }

  add(value: string): void {
    this.#buffer.text(value)
  }

  parts(): readonly ColumnPart[] {
    return [this.#buffer.part()]
  }

  clear(): void {
    this.#buffer.clear()
  }
}

/** Texts that may be missing. */
export class NullableTextColumn implements Column {
  readonly name: string
  readonly type = 'Nullable(String)'
  readonly #nulls = new ByteBuffer()
  readonly #buffer = new ByteBuffer()

  constructor(name: string) {
    this.name = name
  }

  add(value: string | null): void {
    this.#nulls.byte(value === null ? 1 : 0)
    if (value === null) this.#buffer.byte(0)
    else this.#buffer.text(value)
  }

  parts(): readonly ColumnPart[] {
    return [this.#nulls.part(), this.#buffer.part()]
  }

  clear(): void {
    this.#nulls.clear()
    this.#buffer.clear()
  }
}

/** The ends of rows' parts in an array column: call {@link end} after a row's elements were added to the columns behind it. */
export class ArrayEnds {
  readonly #buffer = new ByteBuffer()
  #count = 0

  end(elements: number): void {
    this.#count += elements
    this.#buffer.uint64(this.#count, 0)
  }

  part(): ColumnPart {
    return this.#buffer.part()
  }

  clear(): void {
    this.#buffer.clear()
    this.#count = 0
  }
}

/** Names from a closed list, by number. */
export class EnumColumn<T extends string> implements Column {
  readonly name: string
  readonly type: string
  readonly #numbers: ReadonlyMap<T, number>
  readonly #buffer = new ByteBuffer()

  /** The numbers are those of the list, from 0 on, as the table's column has them. */
  constructor(name: string, values: readonly T[]) {
    this.name = name
    this.type = enumType(values)
    this.#numbers = new Map(values.map((value, index) => [value, index]))
  }

  add(value: T): void {
    this.#buffer.byte(this.#numbers.get(value)!)
  }

  /** The list's first name, where a row says nothing. */
  addFirst(): void {
    this.#buffer.byte(0)
  }

  parts(): readonly ColumnPart[] {
    return [this.#buffer.part()]
  }

  clear(): void {
    this.#buffer.clear()
  }
}

/** `Enum8('ok' = 0, …)`. */
export const enumType = (values: readonly string[]): string =>
  `Enum8(${values.map((value, index) => `'${value}' = ${index}`).join(', ')})`

/** Bytes of one length. */
export class FixedBytesColumn implements Column {
  readonly name: string
  readonly type: string
  readonly #length: number
  readonly #buffer = new ByteBuffer()

  constructor(name: string, length: number) {
    this.name = name
    this.type = `FixedString(${length})`
    this.#length = length
  }

  /** Words as they lie in memory. */
  addWords(words: Int32Array, at: number): void {
    const end = at + this.#length / 4
    for (let word = at; word < end; word++) this.#buffer.uint32(words[word]!)
  }

  /** So many digits as the bytes need, or none for zeros. */
  addHex(digits: string): void {
    const length = this.#length
    this.#buffer.reserve(length)
    const { bytes } = this.#buffer
    const at = this.#buffer.length
    bytes.fill(0, at, at + length)
    bytes.write(digits, at, length, 'hex')
    this.#buffer.length = at + length
  }

  parts(): readonly ColumnPart[] {
    return [this.#buffer.part()]
  }

  clear(): void {
    this.#buffer.clear()
  }
}
