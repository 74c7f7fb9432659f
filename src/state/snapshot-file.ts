// Snapshots of the engine as files beside the database: they are large, and are written without holding anything up.
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, crc32, zstdCompress, zstdDecompress } from 'node:zlib'

/** Where a snapshot is, and what it must be. */
export interface SnapshotReference {
  /** The batch as of whose end the engine was saved. */
  readonly batch: number
  readonly file: string
  /** CRC-32 of the file's bytes. */
  readonly checksum: number
  readonly bytes: number
}

const prefix = 'engine-'
const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** A snapshot is a new file under a new name, so that the one before it is whole for as long as the state names it. */
export async function writeSnapshot(folder: string, batch: number, bytes: Buffer): Promise<SnapshotReference> {
  const compressed = await compress(bytes, fast)
  const file = `${prefix}${batch}.zst`
  const path = join(folder, file)
  await writeFile(`${path}.tmp`, compressed, { mode: 0o600 })
  await rename(`${path}.tmp`, path)
  return { batch, file, checksum: crc32(compressed), bytes: compressed.length }
}

/** Null when the file is not there, or not what was written. */
export async function readSnapshot(folder: string, reference: SnapshotReference): Promise<Buffer | null> {
  try {
    const compressed = await readFile(join(folder, reference.file))
    if (compressed.length !== reference.bytes || crc32(compressed) !== reference.checksum) return null
    return await decompress(compressed)
  } catch {
    return null
  }
}

/** Removes snapshots that the state does not name any more, and what a crash left half-written. */
export async function removeOtherSnapshots(folder: string, keep: string): Promise<void> {
  const names = await readdir(folder)
  const old = names.filter(name => name.startsWith(prefix) && name !== keep)
  await Promise.all(old.map(name => rm(join(folder, name), { force: true })))
}
