// Hot path: `[INFO] ` and its like without a search for the bracket's end: the first four letters tell where it must be.
import { Level, type LevelCode } from '../../src/model/level.ts'
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { asciiWord, viewOf } from '../shared/byte-view.ts'

const closeBracket = 93

// Four small letters: what `| 0x20202020` makes of any case.
const info = asciiWord('info')
const erro = asciiWord('erro')
const rror = asciiWord('rror')
const warn = asciiWord('warn')
const ning = asciiWord('ning')
const debu = asciiWord('debu')
const ebug = asciiWord('ebug')
const verb = asciiWord('verb')
const bose = asciiWord('bose')

/**
 * Takes the level of `[INFO]`, `[ERROR]`, `[WARN]`, `[WARNING]`, `[DEBUG]` or `[verbose]`, in any case, whose bracket opens at
 * `at`, into `line`. Returns the place behind the closing bracket; -1 for any other word, and for one near the line's end.
 */
export function takeUsualLevel(buf: Uint8Array, at: number, end: number, line: ParsedLine): number {
  // The longest, `[verbose]` and `[WARNING]`, have nine bytes.
  if (at + 9 > end) return -1
  const view = viewOf(buf)
  const word = view.getInt32(at + 1, true) | 0x20202020
  if (word === info) return take(buf, at, 4, Level.info, line)
  if (word === erro)
    return (view.getInt32(at + 2, true) | 0x20202020) === rror ? take(buf, at, 5, Level.error, line) : -1
  if (word === debu)
    return (view.getInt32(at + 2, true) | 0x20202020) === ebug ? take(buf, at, 5, Level.debug, line) : -1
  if (word === verb)
    return (view.getInt32(at + 4, true) | 0x20202020) === bose ? take(buf, at, 7, Level.debug, line) : -1
  if (word !== warn) return -1
  if (buf[at + 5] === closeBracket) return take(buf, at, 4, Level.warn, line)
  return (view.getInt32(at + 4, true) | 0x20202020) === ning ? take(buf, at, 7, Level.warn, line) : -1
}

function take(buf: Uint8Array, at: number, length: number, code: LevelCode, line: ParsedLine): number {
  const close = at + 1 + length
  if (buf[close] !== closeBracket) return -1
  line.kind = Kind.appLine
  line.level = code
  line.levelStart = at + 1
  line.levelEnd = close
  return close + 1
}
