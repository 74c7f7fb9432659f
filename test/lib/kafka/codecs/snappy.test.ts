// Snappy, put together by hand from the format's description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CorruptBytes } from '../../../../src/lib/kafka/codecs/grown-output.ts'
import { decompressSnappy } from '../../../../src/lib/kafka/codecs/snappy.ts'

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const hello = [5, 0x10, ...ascii('hello')]
const header = [0x82, ...ascii('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1]

const cases: readonly [title: string, bytes: readonly number[], text: string][] = [
  ['nothing', [0], ''],
  ['literals', hello, 'hello'],
  ['literals with a length of their own', [100, 0xf0, 99, ...ascii('y'.repeat(100))], 'y'.repeat(100)],
  ['literals with a length of two bytes', [0xac, 0x02, 0xf4, 0x2b, 0x01, ...ascii('z'.repeat(300))], 'z'.repeat(300)],
  // 1 literal, then 4 + 3 bytes from 1 byte back.
  ['a match of one byte that overlaps itself', [8, 0x00, ...ascii('a'), 0x0d, 1], 'aaaaaaaa'],
  ['a match of two bytes', [10, 0x10, ...ascii('hello'), 0x12, 5, 0], 'hellohello'],
  ['a match of four bytes', [10, 0x10, ...ascii('hello'), 0x13, 5, 0, 0, 0], 'hellohello'],
  ['a stream of blocks', [...header, 0, 0, 0, 7, ...hello, 0, 0, 0, 7, ...hello], 'hellohello'],
  ['a stream without blocks', header, ''],
]
for (const [title, bytes, text] of cases) {
  test(`Snappy: ${title}`, () => {
    assert.equal(decompressSnappy(Buffer.from(bytes), 10_000).toString('latin1'), text)
  })
}

const broken: readonly [title: string, bytes: readonly number[]][] = [
  ['no length', []],
  ['a length without an end', [0x80, 0x80]],
  ['a length that is too long', [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['too little', [9, ...hello.slice(1)]],
  ['too much', [4, ...hello.slice(1)]],
  ['literals that are cut off', [5, 0x10, 1, 2]],
  ['a match before the output', [8, 0x00, 1, 0x0d, 2]],
  ['an element that is cut off', [8, 0x00, 1, 0x0e, 1]],
  ['a block of a stream that is cut off', [...header, 0, 0, 0, 9, ...hello]],
  ['a stream within a length', [...header, 0, 0]],
]
for (const [title, bytes] of broken) {
  test(`Snappy is refused: ${title}`, () => {
    assert.throws(() => decompressSnappy(Buffer.from(bytes), 10_000), CorruptBytes)
  })
}

test('Snappy does not become more than it may', () => {
  assert.throws(() => decompressSnappy(Buffer.from([100, 0xf0, 99, ...ascii('y'.repeat(100))]), 99), /more than 99/)
})

test('Snappy: any bytes are decompressed or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      try {
        decompressSnappy(Buffer.from(bytes), 1000)
      } catch (error) {
        assert.ok(error instanceof CorruptBytes, String(error))
      }
    }),
    { numRuns: 2000 },
  )
})
