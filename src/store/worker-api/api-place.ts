// Where the worker's socket is: in its folder, or in a short path elsewhere, and the note beside the store that says so.
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** What the note holds. `pid` is for people: whether the worker lives shows when it is called. */
export interface ApiNote {
  readonly pid: number
  readonly socket: string
}

/** `sun_path` has 108 bytes on Linux and 104 on macOS, with a zero at the end; what is longer is cut without a word. */
const maxSocketPathBytes = 103

const socketName = 'worker.sock'
const noteName = 'worker.json'
const temporaryName = /^fcscope-[A-Za-z0-9]{6}$/

/** The socket's usual place; null where its path would be too long. */
export function usualSocket(folder: string): string | null {
  const path = join(folder, socketName)
  return Buffer.byteLength(path) <= maxSocketPathBytes ? path : null
}

/** A place with a short path, in a folder that nobody else can enter. */
export function temporarySocket(): string {
  const path = (folder: string): string => join(mkdtempSync(join(folder, 'fcscope-')), socketName)
  // The system's folder may have a long name as well.
  return Buffer.byteLength(tmpdir()) <= maxSocketPathBytes - 32 ? path(tmpdir()) : path('/tmp')
}

/** What a worker left here, running or not; null when there is nothing, or nothing that could be meant. */
export function readNote(folder: string): ApiNote | null {
  try {
    const note: unknown = JSON.parse(readFileSync(join(folder, noteName), 'utf8'))
    if (typeof note !== 'object' || note === null || !('pid' in note) || !('socket' in note)) return null
    const { pid, socket } = note
    return typeof pid === 'number' && typeof socket === 'string' && isOurs(socket) ? { pid, socket } : null
  } catch {
    return null
  }
}

/** A socket of somebody else's answers whatever it likes. */
function isOurs(socket: string): boolean {
  const uid = process.getuid?.()
  return uid === undefined || statSync(socket).uid === uid || uid === 0
}

/** Says where the socket is. */
export function writeNote(folder: string, note: ApiNote): void {
  const path = join(folder, noteName)
  writeFileSync(`${path}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Removes what a worker left. Only for who has the store, or the state, to itself: then nobody answers there any more. */
export function clearPlace(folder: string): void {
  const note = readNote(folder)
  rmSync(join(folder, noteName), { force: true })
  rmSync(join(folder, socketName), { force: true })
  if (note !== null) removeTemporary(note.socket)
}

/** Removes a socket made by {@link temporarySocket}, with its folder; leaves all others alone. */
export function removeTemporary(socket: string): void {
  const folder = dirname(socket)
  if (basename(socket) === socketName && temporaryName.test(basename(folder)))
    rmSync(folder, { recursive: true, force: true })
}

/** Nobody but its owner may connect. */
export const protectSocket = (socket: string): void => chmodSync(socket, 0o600)
