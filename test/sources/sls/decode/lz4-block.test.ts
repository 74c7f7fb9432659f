import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DecodeError } from '../../../../src/sources/sls/decode/decode-error.ts'
import { decompressInto, decompressLz4Block } from '../../../../src/sources/sls/decode/lz4/lz4-block.ts'
import { Lz4Sequences } from '../../../../src/sources/sls/decode/lz4/lz4-sequences.ts'
import { compressLz4 } from './write-lz4.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Facts §1.3: a LogGroupList as the service sent it. */
const rawVector = hex(
  '0a320a1e08f8b2939e0512160a07546573744b6579120b54657374436f6e74656e741a00220e31302e3233302e3230312e313137',
)
const blockVector = hex(
  'f0080a320a1e08f8b2939e0512160a07546573744b6579120b0900f00a436f6e74656e741a00220e31302e3233302e3230312e313137',
)

const good: [what: string, block: Buffer, raw: Buffer][] = [
  ['the block of the facts', blockVector, rawVector],
  ['literals only', hex('30 616263'), Buffer.from('abc')],
  ['15 literals have one more byte of length', hex(`f000${'61'.repeat(15)}`), Buffer.from('a'.repeat(15))],
  ['a match that overlaps itself', hex('1a 61 0100 50 6263646566'), Buffer.from(`${'a'.repeat(15)}bcdef`)],
  ['an overlap of two', hex('26 6162 0200 50 6364656667'), Buffer.from(`${'ab'.repeat(6)}cdefg`)],
  ['an overlap of nine', hex('9f 616263646566676869 0900 0e 00'), Buffer.from('abcdefghi'.repeat(5).slice(0, 42))],
  ['a long match', hex('1f 61 0100 ff 00 50 6263646566'), Buffer.from(`${'a'.repeat(275)}bcdef`)],
  ['no literals at the end', hex('10 61 0100 00'), Buffer.from('aaaaa')],
  ['nothing of nothing', hex(''), Buffer.alloc(0)],
]
for (const [what, block, raw] of good) {
  test(what, () => assert.deepEqual(decompressLz4Block(block, raw.length), raw))
}

const bad: [what: string, block: Buffer, length: number][] = [
  ['nothing', hex(''), 1],
  ['fewer bytes than announced', hex('30 616263'), 4],
  ['more bytes than announced', hex('30 616263'), 2],
  ['literals behind the end of the block', hex('40 616263'), 4],
  ['a length that does not end', hex('f0 ff ff'), 700],
  ['half an offset', hex('10 61 01'), 5],
  ['no offset', hex('10 61'), 5],
  ['an offset of 0', hex('10 61 0000'), 5],
  ['an offset before the beginning', hex('10 61 0200'), 5],
  ['a match behind the end', hex('1a 61 0100'), 14],
  ['a size that no block of this length has', hex('30 616263'), 64 * 1024 * 1024],
]
for (const [what, block, length] of bad) {
  test(`refused: ${what}`, () => assert.throws(() => decompressLz4Block(block, length), isCorrupt))
}

const isCorrupt = (error: unknown): boolean => error instanceof DecodeError && error.reason === 'corrupt'

test('a block that was cut short is refused, wherever', () => {
  for (let end = 0; end < blockVector.length; end += 1)
    assert.throws(() => decompressLz4Block(blockVector.subarray(0, end), rawVector.length), isCorrupt, `${end}`)
})

/** Runs of bytes that come again, near and far, and bytes that do not. */
const rawBytes = fc
  .array(
    fc.record({
      bytes: fc.uint8Array({ maxLength: 40 }),
      times: fc.nat({ max: 60 }),
    }),
    { maxLength: 40 },
  )
  .map(runs => Buffer.concat(runs.flatMap(({ bytes, times }) => new Array<Uint8Array>(times).fill(bytes))))

test('what was compressed comes back', () => {
  fc.assert(
    fc.property(rawBytes, raw => assert.deepEqual(decompressLz4Block(compressLz4(raw), raw.length), raw)),
    { numRuns: 150 },
  )
})

test('a damaged block gives as many bytes as were asked for, or is refused', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(rawBytes, damage, fc.integer({ min: -3, max: 3 }), (raw, places, delta) => {
      const block = compressLz4(raw)
      for (const [place, byte] of places) block[place % block.length] = byte
      const length = Math.max(0, raw.length + delta)
      // Between other bytes: whoever reads or writes beyond the block's own would be seen.
      const framed = Buffer.concat([Buffer.alloc(16, 0xaa), block, Buffer.alloc(16, 0xbb)])
      try {
        assert.equal(decompressLz4Block(framed.subarray(16, 16 + block.length), length).length, length)
      } catch (error) {
        assert.ok(isCorrupt(error), String(error))
      }
    }),
    { numRuns: 300 },
  )
})

const kernel = new Lz4Sequences()

test('the kernel and the full way agree, on damaged blocks as well', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 })
  fc.assert(
    fc.property(rawBytes, damage, (raw, places) => {
      const block = compressLz4(raw)
      for (const [place, byte] of places) block[place % block.length] = byte
      assert.deepEqual(kernel.decompress(block, raw.length), fullyOrNull(block, raw.length))
    }),
    { numRuns: 500 },
  )
})

function fullyOrNull(block: Buffer, length: number): Buffer | null {
  try {
    return decompressInto(block, Buffer.allocUnsafeSlow(length))
  } catch (error) {
    assert.ok(isCorrupt(error), String(error))
    return null
  }
}

test('what is too large for the kernel goes the full way', () => {
  const raw = Buffer.alloc(17 * 1024 * 1024, 'abcdefg')
  assert.equal(kernel.decompress(compressLz4(raw), raw.length), null)
  assert.ok(decompressLz4Block(compressLz4(raw), raw.length).equals(raw))
})
