// Names that rotation gives: `app.log.1`, `app.log-20260101`, `app-20260101.log`, `app.log.1.gz` and the like.
import { basename, dirname } from 'node:path'

const compressedPattern = /\.(?:gz|zst|zstd|bz2|xz|lz4|z)$/i
// Every piece begins with a separator that nothing else in it can be, so there is one way only to match.
const suffixPattern = /^(?:[._-]{1,2}(?:\d{1,14}(?:T\d{2,6}Z?)?|old|bak|backup|orig|copy|prev|save))+$/
const suffixAtEnd = /(?:[._-]{1,2}(?:\d{1,14}(?:T\d{2,6}Z?)?|old|bak|backup|orig|copy|prev|save))+$/
const extensionPattern = /\.[A-Za-z][A-Za-z0-9]{0,9}$/
const numberPattern = /^(.*[._-])(\d{1,9})$/

/**
 * True when rotating or compressing `original` may have made `path`: in the same folder, or one below or above it. A name of
 * its own, as tomorrow's `app-20260102.log` is beside `app-20260101.log`, is no rotation.
 */
export function isRotationOf(original: string, path: string): boolean {
  return isAppendedTo(original, path) || (isNear(original, path) && isDatedLike(original, path))
}

/** The same for names that only rotation gives: `app.log.1`, while `app-1.log` may also be the log of another process. */
export function isAppendedTo(original: string, path: string): boolean {
  if (original === path || !isNear(original, path)) return false
  const [from, to] = [plainName(original), plainName(path)]
  if (from === to) return dirname(original) !== dirname(path) || isCompressedName(path)
  return (to.startsWith(from) && suffixPattern.test(to.slice(from.length))) || isLaterNumber(from, to)
}

function isNear(original: string, path: string): boolean {
  const [from, to] = [dirname(original), dirname(path)]
  return from === to || dirname(to) === from || dirname(from) === to
}

function isDatedLike(original: string, path: string): boolean {
  const [from, to] = [plainName(original), plainName(path)]
  const extension = extensionPattern.exec(from)?.[0] ?? ''
  const stem = from.slice(0, from.length - extension.length)
  // `app-20260101.log`, and `app-20260101.log.3` of those that number the files of a day.
  return isDated(to, stem, extension) || isDated(to.replace(suffixAtEnd, ''), stem, extension)
}

function isDated(name: string, stem: string, extension: string): boolean {
  if (extension === '' || !name.startsWith(stem) || !name.endsWith(extension)) return false
  return suffixPattern.test(name.slice(stem.length, Math.max(stem.length, name.length - extension.length)))
}

/** True for two of `app.log.1`, `app.log.2` and so on. */
export const areNumbered = (a: string, b: string): boolean =>
  isNear(a, b) && (isLaterNumber(plainName(a), plainName(b)) || isLaterNumber(plainName(b), plainName(a)))

/** `app.log.1` becomes `app.log.2`, never the other way round. Numbers with leading zeros or of dates are no generations. */
function isLaterNumber(original: string, name: string): boolean {
  const [, base, number = ''] = numberPattern.exec(original) ?? []
  const [, laterBase, later = ''] = numberPattern.exec(name) ?? []
  return base !== undefined && base === laterBase && number.length < 6 && Number(later) > Number(number)
}

/** What names have in common when one is a rotation of the other; others may have it in common, too. */
export function rotationRoot(path: string): string {
  const name = withoutCompression(basename(path)).replace(suffixAtEnd, '')
  const extension = extensionPattern.exec(name)?.[0] ?? ''
  return name.slice(0, name.length - extension.length).replace(suffixAtEnd, '') + extension
}

export const isCompressedName = (path: string): boolean => compressedPattern.test(basename(path))

const plainName = (path: string): string => withoutCompression(basename(path))

const withoutCompression = (name: string): string => name.replace(compressedPattern, '')
