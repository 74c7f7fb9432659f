// Which of two files of one log was written first. What began in one ends in the next, so the older one has to be read before.
import { dirname } from 'node:path'
import { isCertain } from './first-time.ts'
import { areNumbered, isRotationOf, rotationRoot } from './rotated-name.ts'

/** The same for a file and whatever rotation makes of it, as long as that stays in its folder. */
export const familyOf = (path: string): string => `${dirname(path)}\n${rotationRoot(path)}`

/** A file, or a content that had one. */
export interface Dated {
  /** Where it was last seen. */
  readonly path: string
  /** Where it was first seen, or the path of which it is a rotation. */
  readonly original: string
  readonly mtimeNs: bigint
  /** True when it is there still. */
  readonly isPlaced: boolean
  /** True when it was there when following began for the very first time: nobody saw it being written. */
  readonly isEarly: boolean
  /** The first time in it, see `firstTime`; empty when none is known. */
  readonly firstTime: string
}

/** Files that are copied together get times as near to each other as this. */
const nearNs = 1_000_000_000n
/** `2026-01-31 08:00:00`. */
const timeLength = 19

/**
 * True when `a` has to be read before `b`, of one family. A rotated file comes before the one that was rotated, whatever their
 * times are: a writer that has not noticed goes on in the old one. Otherwise times tell, for with some rotations `app.log.2` is
 * older than `app.log.1`, and with others younger. The times of files that nobody saw being written may be those of their
 * copying: then the first times in them tell, and after these the numbers, as logrotate gives them.
 */
export function precedes(a: Dated, b: Dated): boolean {
  if (!a.isPlaced && b.isPlaced && a.original === b.path) return true
  if (!b.isPlaced && a.isPlaced && b.original === a.path) return false
  const areOfNames = a.isPlaced && b.isPlaced
  const isByNumber = areOfNames && areNumbered(a.path, b.path)
  if (isByNumber && a.isEarly && b.isEarly) return precedesEarly(a, b)
  if (areOfNames && !isByNumber && isRotationOf(b.path, a.path)) return true
  if (areOfNames && !isByNumber && isRotationOf(a.path, b.path)) return false
  return a.mtimeNs === b.mtimeNs ? precedesByName(a, b) : a.mtimeNs < b.mtimeNs
}

/** Clocks are coarse: a copy and what is written after it may have one time. */
function precedesByName(a: Dated, b: Dated): boolean {
  if (isRotationOf(b.path, a.path)) return true
  return !isRotationOf(a.path, b.path) && a.path < b.path
}

function precedesEarly(a: Dated, b: Dated): boolean {
  const apartNs = a.mtimeNs - b.mtimeNs
  const areNear = apartNs < nearNs && apartNs > -nearNs
  const [aTime, bTime] = [a.firstTime.slice(0, timeLength), b.firstTime.slice(0, timeLength)]
  const isKnown = aTime !== '' && bTime !== '' && aTime !== bTime
  if (isKnown && (areNear || (isCertain(a.firstTime) && isCertain(b.firstTime)))) return aTime < bTime
  return areNear ? isRotationOf(b.path, a.path) : a.mtimeNs < b.mtimeNs
}

/** The one to be read first; null of none. */
export function oldestOf<T extends Dated>(files: Iterable<T>): T | null {
  let oldest: T | null = null
  for (const file of files) if (oldest === null || precedes(file, oldest)) oldest = file
  return oldest
}
