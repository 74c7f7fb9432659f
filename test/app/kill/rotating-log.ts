// A program that writes its log while it is rotated: by renaming, with compression later, or by copying and truncating.
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Random } from '../../../src/lib/random.ts'
import { pause } from '../worker/worker-process.ts'

export type Rotation = 'rename' | 'copytruncate'

export interface RotatingLogParts {
  /** The name that is written to; rotated ones are `path.1`, `path.2.gz` and so on. */
  readonly path: string
  readonly bytes: Buffer
  readonly rotation: Rotation
  /** How often it is rotated. */
  readonly rotations: number
  readonly random: Random
}

const newline = 10
const maxPieceBytes = 60_000
const maxPauseMs = 30

/** Writes `bytes` piece by piece, which end anywhere, as far as it may. */
export class RotatingLog {
  readonly #parts: RotatingLogParts
  readonly #rotateEvery: number
  #at = 0
  #allowed = 0
  #nextRotation: number
  #files = 0
  #writing: Promise<void> | null = null

  constructor(parts: RotatingLogParts) {
    this.#parts = parts
    this.#rotateEvery = Math.ceil(parts.bytes.length / (parts.rotations + 1))
    this.#nextRotation = this.#rotateEvery
  }

  get isDone(): boolean {
    return this.#at === this.#parts.bytes.length
  }

  /** Up to this share of everything may be written from now on. Resolves when it is. */
  allow(share: number): Promise<void> {
    this.#allowed = Math.max(this.#allowed, Math.floor(share * this.#parts.bytes.length))
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async #write(): Promise<void> {
    const { path, bytes, random } = this.#parts
    while (this.#at < this.#allowed) {
      const end = Math.min(this.#allowed, this.#at + random.between(1, maxPieceBytes))
      appendFileSync(path, bytes.subarray(this.#at, end))
      this.#at = end
      await pause(random.below(maxPauseMs))
      if (this.#at >= this.#nextRotation && !this.isDone) this.#rotate()
    }
  }

  /** Logs are rotated between lines. */
  #rotate(): void {
    const { path, bytes, rotation } = this.#parts
    const end = bytes.indexOf(newline, this.#at) + 1
    if (end > this.#at) appendFileSync(path, bytes.subarray(this.#at, end))
    this.#at = Math.max(this.#at, end)
    this.#nextRotation = this.#at + this.#rotateEvery
    this.#makeRoom()
    if (rotation === 'rename') renameSync(path, `${path}.1`)
    else {
      copyFileSync(path, `${path}.1`)
      truncateSync(path, 0)
    }
    this.#files += 1
  }

  /** Every file gets the next number; the newest stays as it is until the next time (`delaycompress`). As gzip does, times are kept. */
  #makeRoom(): void {
    const { path } = this.#parts
    for (let number = this.#files; number >= 1; number -= 1) {
      for (const end of ['', '.gz']) {
        const file = `${path}.${number}${end}`
        if (existsSync(file)) renameSync(file, `${path}.${number + 1}${end}`)
      }
    }
    const old = `${path}.2`
    if (!existsSync(old)) return
    const { atime, mtime } = statSync(old)
    writeFileSync(`${old}.gz`, gzipSync(readFileSync(old)))
    utimesSync(`${old}.gz`, atime, mtime)
    rmSync(old)
  }
}
