// Hot path: which tokens are request ids (facts/fc-log-formats §1, "Request id shapes").

import { blankBit, byteClass, idMarkBit, pairClass, platformIdBit, tokenBit } from '../shared/byte-classes.ts'
import { viewOf } from '../shared/byte-view.ts'
import { asciiBytes, matchesAnyCase, matchesAt } from '../shared/match-bytes.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const pairs = pairClass
const token = tokenBit
const platformId = platformIdBit
const blankOrTab = blankBit
const idMark = idMarkBit

/** What runtimes print where an id should be: python, node, generic, php. */
const absentIds = ['None', 'undefined', 'null', 'unknown_request_id'].map(asciiBytes)

/** Words of thread names, which loggers print where the Java runtime prints the id. */
const threadWords = ['main', 'thread', 'pool', 'exec', 'worker', 'nio', 'scheduling', 'loop', 'timer', 'task'].map(
  asciiBytes,
)

const requestWord = asciiBytes('req')

/** How sure it is that a token is a request id. */
export const IdLikeness = { none: 0, absent: 1, perhaps: 2, certain: 3 } as const
export type IdLikeness = (typeof IdLikeness)[keyof typeof IdLikeness]

/** Where the token that begins at `at` ends. */
export function tokenEnd(buf: Uint8Array, at: number, end: number): number {
  const view = viewOf(buf)
  const last = end - 1
  let p = at
  while (p < last && (pairs[view.getUint16(p, true)]! & token) !== 0) p += 2
  return p < end && (classes[buf[p]!]! & token) !== 0 ? p + 1 : p
}

/** True for a token of the platform's shapes, masked or not: eight and more of its characters, a digit or `*` among them. */
export function isPlatformId(buf: Uint8Array, start: number, end: number): boolean {
  if (end - start < 8) return false
  const view = viewOf(buf)
  let all = classes[buf[end - 1]!]!
  for (let p = start; p + 1 < end; p += 2) all &= pairs[view.getUint16(p, true)]!
  return (all & platformId) !== 0 && hasIdMark(buf, start, end)
}

/** True for `None`, `undefined`, `null` and `unknown_request_id`. */
export function isAbsentId(buf: Uint8Array, start: number, end: number): boolean {
  for (const word of absentIds) if (word.length === end - start && matchesAt(buf, start, end, word)) return true
  return false
}

/**
 * Judges the token in [start, end). `certain`: of the platform's shapes, masked or not. `perhaps`: something an own runtime
 * may have made up (`req-A`, `order_17`). `absent`: a word that says there is no id. `none`: prose, or a thread's name.
 */
export function likenessOfId(buf: Uint8Array, start: number, end: number): IdLikeness {
  if (isPlatformId(buf, start, end)) return IdLikeness.certain
  if (end - start < 2 || tokenEnd(buf, start, end) < end) return IdLikeness.none
  if (isAbsentId(buf, start, end)) return IdLikeness.absent
  if (isThreadName(buf, start, end)) return IdLikeness.none
  if (hasIdMark(buf, start, end) || matchesAnyCase(buf, start, end, requestWord)) return IdLikeness.perhaps
  return isMasked(buf, start, end) ? IdLikeness.perhaps : IdLikeness.none
}

/** True when the byte at `at` does not belong to a word any more. */
export const endsWord = (buf: Uint8Array, at: number, end: number): boolean =>
  at >= end || (classes[buf[at]!]! & blankOrTab) !== 0

function isThreadName(buf: Uint8Array, start: number, end: number): boolean {
  const limit = Math.min(end, start + 64)
  for (let p = start; p < limit; p++) {
    for (const word of threadWords) if (matchesAnyCase(buf, p, limit, word)) return true
  }
  return false
}

/** The first digit is usually among the first bytes of an id. */
function hasIdMark(buf: Uint8Array, start: number, end: number): boolean {
  let p = start
  while (p < end && (classes[buf[p]!]! & idMark) === 0) p++
  return p < end
}

/** A token of nothing but `x` and dashes: an id of which the source shows no digit. */
function isMasked(buf: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if ((buf[p]! | 32) !== 120 && buf[p] !== 45) return false
  return end - start >= 4
}
