// Hot path: a level's word to its code (contract §3 `level`), without making a string of it.
import { Level, type LevelCode } from '../../src/model/level.ts'
import { asciiBytes, matchesAnyCase } from '../shared/match-bytes.ts'

/** No level's word at all. `UNKNOWN`, which .NET prints, is one: its code is `other`. */
export const notALevel = -1

interface LevelWord {
  readonly word: Uint8Array
  readonly code: LevelCode
}

const wordsByLength = buildWords({
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
  const words = wordsByLength[end - start]
  if (words === undefined) return notALevel
  for (let i = 0; i < words.length; i++) {
    const entry = words[i]!
    if (matchesAnyCase(buf, start, end, entry.word)) return entry.code
  }
  return notALevel
}

/** As {@link levelOfWord}, for words without brackets: these count in capitals only, for prose has "error" and "info", too. */
export function levelOfCapitals(buf: Uint8Array, start: number, end: number): LevelCode | typeof notALevel {
  const length = end - start
  if (length < 3 || length > 9) return notALevel
  for (let p = start; p < end; p++) if (buf[p]! < 65 || buf[p]! > 90) return notALevel
  return levelOfWord(buf, start, end)
}

function buildWords(words: Record<keyof typeof Level, readonly string[]>): (LevelWord[] | undefined)[] {
  const byLength: (LevelWord[] | undefined)[] = Array.from({ length: 10 }, () => undefined)
  for (const [level, spellings] of Object.entries(words)) {
    // Object.entries widens the key of the record above to string.
    const code = Level[level as keyof typeof Level]
    for (const spelling of spellings) {
      const sameLength = byLength[spelling.length] ?? []
      sameLength.push({ word: asciiBytes(spelling), code })
      byLength[spelling.length] = sameLength
    }
  }
  return byLength
}
