// A segment file that is being written. Behind a contract, so that tests can let a disk be full.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** One open file. Every method fails with the system's error. */
export interface SegmentFile {
  /** Writes the parts one behind the other at `position` of the file. May write a part of them only: gives how many bytes it wrote. */
  write(parts: readonly Uint8Array[], position: number): Promise<number>
  /** Settled when the bytes survive a loss of power. */
  sync(): Promise<void>
  truncate(size: number): Promise<void>
  close(): Promise<void>
}

/** Opens a file for writing and makes it where it is not there; what is in it stays. */
export type OpenSegmentFile = (path: string) => Promise<SegmentFile>

// Logs are somebody's data: nobody else may read them.
const ownerOnly = 0o600

export const openSegmentFile: OpenSegmentFile = async path => {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, ownerOnly)
  return {
    write: async (parts, position) => (await handle.writev(parts, position)).bytesWritten,
    sync: () => handle.datasync(),
    truncate: size => handle.truncate(size),
    close: () => handle.close(),
  }
}

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
