// LZ4 frames, put together by hand from the format's description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CorruptBytes } from '../../../../src/lib/kafka/codecs/grown-output.ts'
import { decompressLz4Frames } from '../../../../src/lib/kafka/codecs/lz4-frames.ts'

const magic = [0x04, 0x22, 0x4d, 0x18]
/** Flags, greatest block size, checksum of the header. */
const plain = [0x60, 0x40, 0x82]
const end = [0, 0, 0, 0]
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const size = (length: number): number[] => [length & 0xff, (length >> 8) & 0xff, 0, 0]
const stored = (text: string): number[] => [text.length & 0xff, text.length >> 8, 0, 0x80, ...ascii(text)]
const block = (bytes: readonly number[]): number[] => [...size(bytes.length), ...bytes]

const cases: readonly [title: string, bytes: readonly number[], text: string][] = [
  ['nothing', [], ''],
  ['an empty frame', [...magic, ...plain, ...end], ''],
  ['a block that is not compressed', [...magic, ...plain, ...stored('hello'), ...end], 'hello'],
  ['literals', [...magic, ...plain, ...block([0x50, ...ascii('hello')]), ...end], 'hello'],
  [
    'a match that overlaps itself',
    // 1 literal, then 4 + 4 bytes from 1 byte back; then 1 literal.
    [...magic, ...plain, ...block([0x14, ...ascii('a'), 1, 0, 0x10, ...ascii('b')]), ...end],
    `${'a'.repeat(9)}b`,
  ],
  [
    'lengths in further bytes',
    // 15 + 255 + 5 literals, then 4 + 15 + 255 + 0 bytes from 275 bytes back; no literals behind.
    [...magic, ...plain, ...block([0xff, 255, 5, ...ascii('x'.repeat(275)), 0x13, 1, 255, 0, 0x00]), ...end],
    'x'.repeat(275 + 274),
  ],
  [
    'a match in the block before',
    [...magic, 0x40, 0x40, 0xc0, ...stored('abcdefgh'), ...block([0x04, 8, 0, 0x10, ...ascii('!')]), ...end],
    'abcdefghabcdefgh!',
  ],
  [
    'checksums and a size, which are passed over',
    [...magic, 0x7c, 0x40, 0, ...size(5), 0, 0, 0, 0, ...stored('hello'), 1, 2, 3, 4, ...end, 5, 6, 7, 8],
    'hello',
  ],
  [
    'several frames, and one to be skipped',
    [
      ...magic,
      ...plain,
      ...stored('a'),
      ...end,
      0x51,
      0x2a,
      0x4d,
      0x18,
      ...size(2),
      9,
      9,
      ...magic,
      ...plain,
      ...stored('b'),
      ...end,
    ],
    'ab',
  ],
]
for (const [title, bytes, text] of cases) {
  test(`LZ4: ${title}`, () => {
    assert.equal(decompressLz4Frames(Buffer.from(bytes), 10_000).toString('latin1'), text)
  })
}

const broken: readonly [title: string, bytes: readonly number[]][] = [
  ['no magic', ascii('hello')],
  ['an unknown version', [...magic, 0x80, 0x40, 0, ...end]],
  ['a dictionary', [...magic, 0x61, 0x40, 0, ...end]],
  ['no end', [...magic, ...plain, ...stored('hello')]],
  ['a block that is cut off', [...magic, ...plain, 9, 0, 0, 0, 1]],
  ['literals that are cut off', [...magic, ...plain, ...block([0x50, 1, 2]), ...end]],
  ['a match before the output', [...magic, ...plain, ...block([0x10, 1, 2, 0, 0x00]), ...end]],
  ['a match of offset 0', [...magic, ...plain, ...block([0x10, 1, 0, 0, 0x00]), ...end]],
  ['a length without an end', [...magic, ...plain, ...block([0xf0, 255, 255]), ...end]],
]
for (const [title, bytes] of broken) {
  test(`LZ4 is refused: ${title}`, () => {
    assert.throws(() => decompressLz4Frames(Buffer.from(bytes), 10_000), CorruptBytes)
  })
}

test('LZ4 does not become more than it may', () => {
  const bomb = [...magic, ...plain, ...block([0x1f, ...ascii('a'), 1, 0, ...Array(200).fill(255), 0, 0x00]), ...end]
  assert.throws(() => decompressLz4Frames(Buffer.from(bomb), 10_000), /more than 10000 bytes/)
  assert.equal(decompressLz4Frames(Buffer.from(bomb), 100_000).length, 1 + 19 + 200 * 255)
})

test('LZ4: any bytes are decompressed or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), tail => {
      const bytes = Buffer.from([...magic, ...plain, ...block([...tail]), ...end])
      try {
        decompressLz4Frames(bytes, 1000)
      } catch (error) {
        assert.ok(error instanceof CorruptBytes, String(error))
      }
    }),
    { numRuns: 2000 },
  )
})
