// Hot path: can the letters at a position begin anything but prose? One look-up with the first four bytes turns away nearly all.
import { asciiWord, viewOf } from '../shared/byte-view.ts'
import { sentenceHeads } from './find-sentence.ts'

const bits = 10
/** 2 ** 32 divided by the golden ratio: neighbouring words fall far apart. */
const spread = 0x9e3779b1

/** 1 at the hash of every word that something begins with. */
const heads = new Uint8Array(1 << bits)
// Runtime starts, summaries, PHP's bodies.
for (const word of ['Func', 'Dura', 'Requ', 'arra', ...sentenceHeads.map(bytes => String.fromCharCode(...bytes))])
  heads[hashOf(asciiWord(word))] = 1

/** False when neither a sentence, a runtime's start, a summary nor PHP's `array` begins with the letters at `at`; true perhaps. */
export const mayBeginKind = (buf: Uint8Array, at: number, end: number): boolean =>
  at + 4 <= end && heads[hashOf(viewOf(buf).getInt32(at, true))] === 1

function hashOf(word: number): number {
  return Math.imul(word, spread) >>> (32 - bits)
}
