// Native columns as the engine itself reads them: what was put in is what it says.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { StoreWriter } from '../../../src/model/store-connection.ts'
import { DictionaryColumn } from '../../../src/sinks/clickhouse/dictionary-column.ts'
import { ConstantColumn } from '../../../src/sinks/clickhouse/line-rows.ts'
import { writeNativeBlock } from '../../../src/sinks/clickhouse/native-block.ts'
import {
  type Column,
  EnumColumn,
  FixedBytesColumn,
  NullableNumberColumn,
  NullableTextColumn,
  NumberColumn,
  TextColumn,
  TimeColumn,
} from '../../../src/sinks/clickhouse/native-columns.ts'
import { openTemporary, rowsOf, withoutChdb } from '../../store/temporary-store.ts'

/** A column, how a value is put into it, and values with what the engine must say of them. */
interface Case {
  readonly name: string
  /** SQL on the column `x`. */
  readonly says?: string
  readonly column: () => { column: Column; add: (value: never) => void }
  readonly values: readonly (readonly [put: unknown, said: unknown])[]
}

const numbers = (type: 'UInt8' | 'UInt16' | 'UInt32' | 'Float64' | 'Bool') => () => {
  const column = new NumberColumn('x', type)
  const add = { UInt8: 'uint8', UInt16: 'uint16', UInt32: 'uint32', Float64: 'float64', Bool: 'uint8' } as const
  return { column, add: (value: number) => column[add[type]](value) }
}

const adding =
  <C extends Column & { add(value: never): void }>(create: () => C) =>
  () => {
    const column = create()
    return { column, add: (value: never) => column.add(value) }
  }

/** Bits of a double, as the engine reads them with `reinterpretAsUInt64`. */
function bitsOf(value: number): string {
  const buffer = Buffer.alloc(8)
  buffer.writeDoubleLE(value)
  return String(buffer.readBigUInt64LE())
}
const doubles = [0, -0, 1.5, -1e-300, 1e308, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER, Infinity, -Infinity]

const same = <T>(...values: T[]): [T, T][] => values.map(value => [value, value])
const texts = ['', 'a', 'x'.repeat(48), 'x'.repeat(49), 'x'.repeat(127), 'x'.repeat(128), 'x'.repeat(16_384)]
const odd = ['订单 é', '😀'.repeat(12), `${'x'.repeat(47)}é`, '\0', '\n\t\\\'"', '\u2028', '__proto__']
const times: [number | null, string | null][] = [
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [-2_208_988_800_000, '1900-01-01T00:00:00.000Z'],
  [1_705_476_027_407, '2024-01-17T07:20:27.407Z'],
  [1_705_476_027_407.9, '2024-01-17T07:20:27.407Z'],
  // Behind the last second of 32 bits: 2106-02-07.
  [4_294_967_296_001, '2106-02-07T06:28:16.001Z'],
  [10_413_791_999_999, '2299-12-31T23:59:59.999Z'],
]

const cases: readonly Case[] = [
  { name: 'UInt8', column: numbers('UInt8'), values: same(0, 1, 255) },
  { name: 'UInt16', column: numbers('UInt16'), values: same(0, 256, 65_535) },
  { name: 'UInt32', column: numbers('UInt32'), values: same(0, 65_536, 4_294_967_295) },
  {
    name: 'Bool',
    column: numbers('Bool'),
    values: [
      [0, false],
      [1, true],
    ],
  },
  {
    name: 'Float64',
    says: 'toString(reinterpretAsUInt64(x))',
    column: numbers('Float64'),
    values: doubles.map(value => [value, bitsOf(value)]),
  },
  {
    name: 'Nullable(UInt16)',
    column: adding(() => new NullableNumberColumn('x', 'UInt16')),
    values: same(null, 0, 65_535, null),
  },
  {
    name: 'Nullable(Float64)',
    column: adding(() => new NullableNumberColumn('x', 'Float64')),
    values: same(0.1, null, -5e-324, 1e300),
  },
  {
    name: 'Nullable(Bool)',
    column: adding(() => new NullableNumberColumn('x', 'Bool')),
    values: [
      [null, null],
      [0, false],
      [1, true],
    ],
  },
  { name: 'DateTime64', column: adding(() => new TimeColumn('x', { isNullable: false })), values: times },
  {
    name: 'Nullable(DateTime64)',
    column: adding(() => new TimeColumn('x', { isNullable: true })),
    values: [[null, null], ...times, [null, null]],
  },
  { name: 'String', column: adding(() => new TextColumn('x')), values: same(...texts, ...odd, ...texts) },
  {
    name: 'String with half a surrogate pair',
    column: adding(() => new TextColumn('x')),
    values: [['a\ud800b', 'a\ufffdb']],
  },
  {
    name: 'Nullable(String)',
    column: adding(() => new NullableTextColumn('x')),
    values: same(null, ...texts, null, ...odd, null),
  },
  {
    name: 'LowCardinality(Nullable(String))',
    column: adding(() => new DictionaryColumn('x')),
    values: same(null, 'b', '', 'a', 'b', null, '', ...odd, 'a'),
  },
  {
    name: 'Enum8',
    column: adding(() => new EnumColumn('x', ['ok', 'timeout'] as const)),
    values: same('timeout', 'ok', 'timeout'),
  },
  {
    name: 'FixedString from digits',
    says: 'lower(hex(x))',
    column: () => {
      const column = new FixedBytesColumn('x', 8)
      return { column, add: (digits: string) => column.addHex(digits) }
    },
    values: [
      ['00ff10203040506f', '00ff10203040506f'],
      ['', '0000000000000000'],
    ],
  },
  {
    name: 'FixedString from words',
    says: 'lower(hex(x))',
    column: () => {
      const column = new FixedBytesColumn('x', 8)
      return { column, add: (words: number[]) => column.addWords(Int32Array.from(words), 1) }
    },
    // Words as they lie in memory: the lowest byte first.
    values: [[[9, 0x01020304, -1, 9], '04030201ffffffff']],
  },
]

describe('columns', { skip: withoutChdb }, () => {
  let temporary: Awaited<ReturnType<typeof openTemporary>>
  before(async () => {
    temporary = await openTemporary()
  })
  after(() => temporary.close())
  let serial = 0

  /** The block in a table, as the engine takes it from a file. */
  async function insert(store: StoreWriter, block: { rows: number; columns: readonly Column[] }): Promise<string> {
    serial += 1
    const path = join(temporary.folder, `${serial}.native`)
    writeNativeBlock(path, block)
    const list = `rowNumberInAllBlocks() AS n, *`
    await store.run(`CREATE TABLE t${serial} ENGINE = Memory AS SELECT ${list} FROM file('${path}', Native)`)
    return `t${serial}`
  }

  async function said(block: { rows: number; columns: readonly Column[] }, says = 'x'): Promise<unknown[]> {
    const table = await insert(temporary.store, block)
    const rows = await rowsOf<{ said: unknown }>(temporary.store, `SELECT ${says} AS said FROM ${table} ORDER BY n`)
    await temporary.store.run(`DROP TABLE ${table}`)
    return rows.map(row => row.said)
  }

  for (const { name, says, column: create, values } of cases) {
    test(name, async () => {
      const { column, add } = create()
      for (const [put] of values) add(put as never)
      const rows = values.length
      const expected = values.map(([, value]) => value)
      assert.deepEqual(await said({ rows, columns: [column] }, says), expected)
      // The next batch is made of the same column.
      column.clear()
      for (const [put] of values.slice(0, 1)) add(put as never)
      assert.deepEqual(await said({ rows: 1, columns: [column] }, says), expected.slice(0, 1))
    })
  }

  test('a text of 4 MiB', async () => {
    const column = new TextColumn('x')
    const text = `${'x'.repeat(4 * 1024 * 1024 - 3)}é\n`
    column.add(text)
    column.add('behind it')
    assert.deepEqual(await said({ rows: 2, columns: [column] }), [text, 'behind it'])
  })

  test('many texts in a dictionary', async () => {
    const column = new DictionaryColumn('x')
    const names = Array.from({ length: 70_000 }, (_, i) => (i % 7 === 0 ? null : `name ${i % 66_000}`))
    for (const name of names) column.add(name)
    assert.deepEqual(await said({ rows: names.length, columns: [column] }), names)
  })

  test('a dictionary of the next batch knows nothing of the one before', async () => {
    const column = new DictionaryColumn('x')
    for (const name of ['b', 'a']) column.add(name)
    column.clear()
    column.add('a')
    assert.deepEqual(await said({ rows: 1, columns: [column] }), ['a'])
  })

  test('one value in every row', async () => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(2n ** 64n - 1n)
    const column = new ConstantColumn('x', 'UInt64', { rows: 3, bytes })
    assert.deepEqual(await said({ rows: 3, columns: [column] }, 'toString(x)'), Array(3).fill('18446744073709551615'))
  })

  test('any rows of several columns', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 70 })
    const row = fc.record({
      a: text,
      b: fc.option(text),
      c: fc.option(fc.constantFrom('f', 'g', 'h', '订单')),
      d: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0)),
      e: fc.option(fc.integer({ min: -2_208_988_800_000, max: 10_413_791_999_999 })),
    })
    const property = fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async rows => {
      const [a, b] = [new TextColumn('a'), new NullableTextColumn('b')]
      const [c, d] = [new DictionaryColumn('c'), new NullableNumberColumn('d', 'Float64')]
      const e = new TimeColumn('e', { isNullable: true })
      for (const one of rows) {
        a.add(one.a)
        b.add(one.b)
        c.add(one.c)
        d.add(one.d)
        e.add(one.e)
      }
      const table = await insert(temporary.store, { rows: rows.length, columns: [a, b, c, d, e] })
      const found = await rowsOf(temporary.store, `SELECT a, b, c, d, e FROM ${table} ORDER BY n`)
      await temporary.store.run(`DROP TABLE ${table}`)
      const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
      assert.deepEqual(
        found,
        rows.map(one => ({ ...one, e: iso(one.e) })),
      )
    })
    await fc.assert(property, { numRuns: 25 })
  })
})
