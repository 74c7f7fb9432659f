// Byte searches against those of strings, in ranges with something to find on both sides.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findCandidate } from '../../../parsers/fc-text/find-candidate.ts'
import { knownIdEnd } from '../../../parsers/fc-text/known-id.ts'
import { findNewline } from '../../../parsers/shared/find-newline.ts'
import { FixedWord, findWord, matchesWord, SearchWord } from '../../../parsers/shared/match-bytes.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'F', 'C', '\n', '\t', '\x1f', '\x7f', '\u4f60', ' '),
  maxLength: 60,
})
const offset = fc.nat({ max: 9 })

/** The place of `needle` in the text, as the search says it that runs in a buffer full of the needle. */
function placeIn(
  body: string,
  needle: string,
  shift: number,
  find: (buf: Uint8Array, start: number, end: number) => number,
): number {
  const front = needle.repeat(10).slice(0, shift)
  const bytes = Buffer.from(body)
  const buf = Buffer.concat([Buffer.from(front), bytes, Buffer.from(needle.repeat(20))]).subarray(0)
  return find(buf, shift, shift + bytes.length) - shift
}

test('line ends, pairs and words are found where they are', () => {
  const abab = new SearchWord('abab')
  fc.assert(
    fc.property(text, offset, (body, shift) => {
      const bytes = Buffer.from(body)
      const newline = bytes.indexOf(10)
      assert.equal(placeIn(body, '\n', shift, findNewline), newline < 0 ? bytes.length : newline)
      const pair = bytes.indexOf('FC')
      assert.equal(placeIn(body, 'C', shift, findCandidate), pair < 0 ? -1 - shift : pair)
      const word = bytes.indexOf('abab')
      assert.equal(
        placeIn(body, 'ab', shift, (buf, start, end) => findWord(buf, start, end, abab)),
        word < 0 ? -1 - shift : word,
      )
    }),
    { numRuns: 10_000 },
  )
})

test('fixed words match where they stand whole', () => {
  for (const word of ['abcd', 'abcde', 'abcdefgh', 'abcdefghijk']) {
    const fixed = new FixedWord(word)
    const buf = Buffer.from(`..${word}..`)
    assert.equal(matchesWord(buf, 2, buf.length, fixed), true)
    assert.equal(matchesWord(buf, 2, 1 + word.length, fixed), false)
    assert.equal(matchesWord(buf, 1, buf.length, fixed), false)
    for (let i = 0; i < word.length; i++) {
      const broken = Buffer.from(buf)
      broken[2 + i] = 0x2e
      assert.equal(matchesWord(broken, 2, broken.length, fixed), false)
    }
  }
})

const usualId =
  /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|1-[0-9a-f]{8}-(?:[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f]{12}))/

test('the usual ids are told from everything else, byte by byte', () => {
  const ids = [
    'e6a965a9-41a7-46ef-9e55-2b32e76e0000',
    '1-65a24fa0-0b44b15d431a6b32cc8c0f9a',
    '1-65a24fa0-0b44b15d-431a6b32cc8c',
  ]
  for (const id of ids) {
    const buf = Buffer.from(`${id}00000`)
    for (let at = 0; at < id.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        const changed = Buffer.from(buf)
        changed[at] = byte
        const expected = usualId.exec(changed.toString('latin1'))?.[0].length ?? 0
        assert.equal(knownIdEnd(changed, 0, changed.length), expected, `${id} ${at} ${byte}`)
      }
    }
    for (let end = 0; end < id.length; end++) assert.ok(knownIdEnd(buf, 0, end) <= end)
    assert.equal(knownIdEnd(buf, 0, id.length), id.length)
  }
})
