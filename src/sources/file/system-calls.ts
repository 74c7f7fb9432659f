// The few questions that following files asks the system, with expected refusals as values.
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readdirSync, statSync } from 'node:fs'

/** Why something cannot be had: the system's code (`EACCES`), or one of ours for what is no regular file. */
export interface Refusal {
  readonly kind: 'refused'
  readonly code: string
}

export type StatResult = { readonly kind: 'file'; readonly stats: BigIntStats } | { readonly kind: 'none' } | Refusal
export type OpenResult =
  | { readonly kind: 'file'; readonly fd: number; readonly stats: BigIntStats }
  | { readonly kind: 'none' }
  | Refusal

/** What is said of directories, pipes and devices; they are never opened. */
export const notAFile = 'NOT_A_FILE'

/** The inode numbers of overlay file systems use all 64 bits, which numbers of JavaScript do not hold. */
const bigint = { bigint: true, throwIfNoEntry: false } as const

export function statPath(path: string): StatResult {
  try {
    const stats = statSync(path, bigint)
    if (stats === undefined) return { kind: 'none' }
    return stats.isFile() ? { kind: 'file', stats } : { kind: 'refused', code: notAFile }
  } catch (cause) {
    return refusalOf(cause)
  }
}

export function statOpen(fd: number): StatResult {
  try {
    return { kind: 'file', stats: fstatSync(fd, { bigint: true }) }
  } catch (cause) {
    return refusalOf(cause)
  }
}

/** Opens a regular file for reading. Whoever gets it closes it. */
export function openPath(path: string): OpenResult {
  // Opening a device or a pipe can have effects of its own, so what it is comes first.
  const before = statPath(path)
  if (before.kind !== 'file') return before
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const after = statOpen(fd)
    if (after.kind === 'file' && after.stats.isFile()) return { kind: 'file', fd, stats: after.stats }
    closeSync(fd)
    return after.kind === 'file' ? { kind: 'refused', code: notAFile } : after
  } catch (cause) {
    return refusalOf(cause)
  }
}

/** Names in a folder; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Whoever looks for a copy here finds none, and says so.
    return []
  }
}

/** `none` when a part of the path is not there (any more). */
export function refusalOf(cause: unknown): Refusal | { readonly kind: 'none' } {
  const code = systemCode(cause)
  return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'none' } : { kind: 'refused', code }
}

/** The code of what the system threw. Anything else is a bug, and is thrown on. */
export function systemCode(cause: unknown): string {
  if (cause instanceof Error && 'syscall' in cause && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  throw cause
}

/** True for the refusals that closing other files helps against. */
export const isOutOfDescriptors = (code: string): boolean => code === 'EMFILE' || code === 'ENFILE'
