// The small files beside the segments of a write-ahead log: what it is called, and up to where it is not needed any more.
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The log's id; a new one where there is none. Streams are named after it, so that those of a log that was lost and begun anew never
 * have the names of earlier ones, whose positions they would use again for other content.
 */
export function readOrMakeId(folder: string): { readonly id: string; readonly isNew: boolean } {
  const path = join(folder, 'id')
  const stored = readText(path).trim()
  if (uuidPattern.test(stored)) return { id: stored, isNew: false }
  const id = randomUUID()
  const fd = openSync(`${path}.new`, 'w', 0o600)
  try {
    writeSync(fd, `${id}\n`)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(`${path}.new`, path)
  return { id, isNew: true }
}

/** Everything before this offset was released; 0 when nothing is known. It may be behind the truth, never before it. */
export function readReleased(folder: string): number {
  const text = readText(join(folder, 'released')).trim()
  return /^\d{1,16}$/.test(text) ? Number(text) : 0
}

/** Not synced: losing it only means that bytes are kept longer. */
export function writeReleased(folder: string, offset: number): void {
  writeFileSync(join(folder, 'released'), `${String(offset).padStart(16, '0')}\n`, { mode: 0o600 })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
