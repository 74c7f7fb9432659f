// Hot path: a level's word to its code (contract §3 `level`), without making a string of it.
import { Level, type LevelCode } from '../../src/model/level.ts'
import { asciiBytes, matchesAnyCase } from '../shared/match-bytes.ts'

/** No level's word at all. `UNKNOWN`, which .NET prints, is one: its code is `other`. */
export const notALevel = -1

interface LevelWord {
  readonly word: Uint8Array
  readonly code: LevelCode
}

/** By first letter, second letter and length: no two levels share them. */
const slots = buildSlots({
  fatal: ['critical', 'alert', 'emergency', 'fatal', 'panic'],
  error: ['error', 'err'],
  warn: ['warning', 'warn'],
  info: ['info', 'notice'],
  debug: ['debug', 'verbose'],
  trace: ['trace', 'silly'],
  other: ['unknown'],
})

/** Code of the word in [start, end), in any case; {@link notALevel} when it is none that is known. */
export function levelOfWord(buf: Uint8Array, start: number, end: number): LevelCode | typeof notALevel {
  const length = end - start
  if (length < 3 || length > 9) return notALevel
  const entry = slots[slotOf(buf[start]!, buf[start + 1]!, length)]
  return entry !== undefined && matchesAnyCase(buf, start, end, entry.word) ? entry.code : notALevel
}

/** As {@link levelOfWord}, for words without brackets: these count in capitals only, for prose has "error" and "info", too. */
export function levelOfCapitals(buf: Uint8Array, start: number, end: number): LevelCode | typeof notALevel {
  const length = end - start
  if (length < 3 || length > 9) return notALevel
  for (let p = start; p < end; p++) if (buf[p]! < 65 || buf[p]! > 90) return notALevel
  return levelOfWord(buf, start, end)
}

/** A perfect hash of the known words; {@link buildSlots} fails when it is not. Small and capital letters differ in bit 5 only. */
function slotOf(first: number, second: number, length: number): number {
  return ((first & 31) ^ ((second & 31) << 2) ^ (length << 2)) & 63
}

function buildSlots(words: Record<keyof typeof Level, readonly string[]>): (LevelWord | undefined)[] {
  const table: (LevelWord | undefined)[] = Array.from({ length: 64 }, () => undefined)
  for (const [level, spellings] of Object.entries(words)) {
    // Object.entries widens the key of the record above to string.
    const code = Level[level as keyof typeof Level]
    for (const spelling of spellings) {
      const word = asciiBytes(spelling)
      const slot = slotOf(word[0] ?? 0, word[1] ?? 0, word.length)
      if (table[slot] !== undefined) throw new Error(`two levels share slot ${slot}: ${spelling}`)
      table[slot] = { word, code }
    }
  }
  return table
}
