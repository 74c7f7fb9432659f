// Fingerprints of content: its first bytes and the last ones that were read tell it from any other without reading it all.
import { hash } from 'node:crypto'
import { readSync } from 'node:fs'

/** Length of a whole fingerprint, in bytes. */
export const fingerprintBytes = 1024

/** What is known of a run of bytes. */
export interface Fingerprint {
  /** In bytes, at most {@link fingerprintBytes}. */
  readonly length: number
  readonly hash: string
}

/** 32 hex digits. */
export const hashOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex').slice(0, 32)

export const fingerprintOf = (bytes: Uint8Array): Fingerprint => ({ length: bytes.length, hash: hashOf(bytes) })

export const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Bytes of an open file, fewer than `length` only at its end. Throws what the system says. */
export function readAt(fd: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let count = 0
  while (count < length) {
    const more = readSync(fd, bytes, count, length - count, position + count)
    if (more === 0) break
    count += more
  }
  return bytes.subarray(0, count)
}

/** The bytes before `end` that have this fingerprint; null when others stand there. Throws what the system says. */
export function bytesBefore(fd: number, end: number, print: Fingerprint): Uint8Array | null {
  const bytes = readAt(fd, end - print.length, print.length)
  return bytes.length === print.length && hashOf(bytes) === print.hash ? bytes : null
}

/**
 * True when two files begin with the same `length` bytes, as far as their first and last KiB can tell. Throws what the system
 * says.
 */
export function beginAlike(a: number, b: number, length: number): boolean {
  const part = Math.min(length, fingerprintBytes)
  const isSame = (position: number): boolean => isEqual(readAt(a, position, part), readAt(b, position, part))
  return isSame(0) && (length === part || isSame(length - part))
}
