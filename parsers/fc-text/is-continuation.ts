// Hot path: does a line go on with the one before it (docs/semantics.md §4)? Asked for every line without an id.

import { byteClass, digitBit, nameBit } from '../shared/byte-classes.ts'
import { asciiBytes, findWord, matchesAt, SearchWord } from '../shared/match-bytes.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const digit = digitBit
const nameByte = nameBit

const causedBy = asciiBytes('Caused by:')
const dots = asciiBytes('... ')
const moreWord = new SearchWord(' more')
// logback leaves out "common frames".
const framesWord = new SearchWord(' common frames')
const javaPlaces = ['.java:', '.kt:', '.scala:', '(Native Method', '(Unknown Source'].map(word => new SearchWord(word))

/** `... 12 more` and the like are short; a longer line that begins with dots is prose. */
const maxOmissionBytes = 64

/**
 * True for a line that begins with a blank or a tab, a stack frame (`at …`, `#3 …`, `example.Foo.bar(Foo.java:15)`),
 * `Caused by:` or `... 12 more`. An empty line is none.
 */
export function isContinuation(buf: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false
  switch (buf[start]) {
    case 32:
    case 9:
      return true
    case 35: // #
      return start + 1 < end && (classes[buf[start + 1]!]! & digit) !== 0
    case 46: // .
      return isOmission(buf, start, end)
    case 97: // a
      if (start + 3 < end && buf[start + 1] === 116 && buf[start + 2] === 32) return true
      break
    case 67: // C
      if (matchesAt(buf, start, end, causedBy)) return true
      break
  }
  return isJavaFrame(buf, start, end)
}

/** `... 12 more`, `... 12 common frames omitted`. */
function isOmission(buf: Uint8Array, start: number, end: number): boolean {
  const digitAt = start + dots.length
  if (end - start > maxOmissionBytes || digitAt >= end || !matchesAt(buf, start, end, dots)) return false
  if ((classes[buf[digitAt]!]! & digit) === 0) return false
  return findWord(buf, digitAt, end, moreWord) >= 0 || findWord(buf, digitAt, end, framesWord) >= 0
}

/** An element of a Java `stackTrace`, printed without `at`: a dotted name, and a place in brackets up to the line's end. */
function isJavaFrame(buf: Uint8Array, start: number, end: number): boolean {
  const last = end - (buf[end - 1] === 13 ? 2 : 1)
  if (last <= start || buf[last] !== 41) return false
  let p = start
  // `<init>`, `lambda$0` and `java.base/` belong to names as well.
  while (p < last && ((classes[buf[p]!]! & nameByte) !== 0 || buf[p] === 60 || buf[p] === 62 || buf[p] === 47)) p++
  if (p === start || buf[p] !== 40) return false
  for (const place of javaPlaces) if (findWord(buf, p, end, place) >= 0) return true
  return false
}
