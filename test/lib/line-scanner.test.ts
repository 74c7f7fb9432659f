import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineScanner, ScanWindow } from '../../src/lib/line-scan/line-scanner.ts'
import { LinearMemory } from '../../src/lib/linear-memory.ts'
import { Random } from '../../src/lib/random.ts'

const windowBytes = 4096

function makeScanner(scanBytes = windowBytes): LineScanner {
  const memory = new LinearMemory()
  const window = new ScanWindow(memory, { windowBytes, scanBytes })
  return new LineScanner(memory, window)
}

/** The same, one byte at a time. */
function scanNaively(bytes: Uint8Array, from: number, to: number): { lineEnds: number[]; pairs: number[] } {
  const lineEnds: number[] = []
  const pairs: number[] = []
  for (let at = from; at < to; at++) {
    if (bytes[at] === 0x0a) lineEnds.push(at)
    if (['FC', 'cepa'].some(word => at + word.length <= to && holds(bytes, at, word))) pairs.push(at)
  }
  return { lineEnds, pairs }
}

const holds = (bytes: Uint8Array, at: number, word: string): boolean =>
  [...word].every((letter, index) => bytes[at + index] === letter.charCodeAt(0))

const found = (scanner: LineScanner): { lineEnds: number[]; pairs: number[] } => ({
  lineEnds: [...scanner.lineEnds.subarray(0, scanner.lineCount)],
  pairs: [...scanner.pairs.subarray(0, scanner.pairCount)],
})

/** Few different bytes, so that line ends and pairs are everywhere. */
const alphabets = ['\nFC', '\n', 'FC', 'FCF', '\nFCx', 'abc\n', 'cepa', 'FCcepa\n'] as const

test('every beginning and every length finds what a plain loop finds', () => {
  const scanner = makeScanner()
  const random = new Random(1)
  for (const alphabet of alphabets) {
    for (let from = 0; from < 40; from++) {
      for (let length = 0; length < 70; length++) {
        // What stands behind the end must not matter.
        for (let at = 0; at < 160; at++) scanner.bytes[at] = alphabet.charCodeAt(random.below(alphabet.length))
        const expected = scanNaively(Buffer.from(scanner.bytes.subarray(0, 200)), from, from + length)
        scanner.scan(from, from + length)
        assert.deepEqual(found(scanner), expected, `${JSON.stringify(alphabet)} from ${from}, ${length} bytes`)
      }
    }
  }
})

test('random bytes up to a full window', () => {
  const scanner = makeScanner()
  const random = new Random(2)
  for (let round = 0; round < 200; round++) {
    for (let at = 0; at < windowBytes; at++) scanner.bytes[at] = random.below(256)
    for (let hit = 0; hit < 50; hit++) scanner.bytes.write('FC\ncepa', random.below(windowBytes - 6))
    const from = random.below(windowBytes + 1)
    const to = round === 0 ? windowBytes : from + random.below(windowBytes - from + 1)
    const expected = scanNaively(Buffer.from(scanner.bytes.subarray(0, windowBytes)), from, to)
    scanner.scan(from, to)
    assert.deepEqual(found(scanner), expected)
  }
})

test('a window full of line ends, and one full of pairs, fits into the lists', () => {
  const scanner = makeScanner()
  scanner.bytes.fill('\n', 0, windowBytes)
  scanner.scan(0, windowBytes)
  assert.deepEqual([scanner.lineCount, scanner.pairCount], [windowBytes, 0])
  scanner.bytes.fill('FC', 0, windowBytes)
  scanner.scan(0, windowBytes)
  assert.deepEqual([scanner.lineCount, scanner.pairCount], [0, windowBytes / 2])
})

test('a scan outside the window or longer than its lists is a bug of the caller', () => {
  const scanner = makeScanner(64)
  assert.throws(() => scanner.scan(0, 65), RangeError)
  assert.throws(() => scanner.scan(windowBytes - 10, windowBytes + 1), RangeError)
})
