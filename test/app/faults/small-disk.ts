// A disk of a few MB that can be filled, emptied and made read-only: a tmpfs, where this process may mount one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class SmallDisk {
  readonly path: string

  constructor(path: string, megabytes: number) {
    mkdirSync(path, { recursive: true })
    const { status, stderr } = mount(['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=777`, 'tmpfs', path])
    if (status !== 0) throw new Error(`mount: ${stderr}`)
    this.path = path
  }

  /** Why there can be none here; false when there can. */
  static isMissing(): string | false {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-mount-'))
    const { status } = mount(['-t', 'tmpfs', 'tmpfs', folder])
    if (status === 0) spawnSync('umount', [folder])
    rmSync(folder, { recursive: true })
    return status === 0 ? false : 'this process may not mount a disk'
  }

  /** Leaves so many bytes. */
  fill(leave: number): void {
    const { bavail, bsize } = statfsSync(this.path)
    writeFileSync(join(this.path, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - leave)))
  }

  empty(): void {
    rmSync(join(this.path, 'ballast'), { force: true })
  }

  allowWriting(isAllowed: boolean): void {
    mount(['-o', `remount,${isAllowed ? 'rw' : 'ro'}`, this.path])
  }

  remove(): void {
    spawnSync('umount', ['-l', this.path])
  }
}

const mount = (words: readonly string[]): { status: number | null; stderr: string } =>
  spawnSync('mount', words, { encoding: 'utf8' })
