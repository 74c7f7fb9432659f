// The folder of dead letters: files whose names begin with their time, within a bound; the oldest go first.
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { systemCode } from '../../model/system-code.ts'
import { deadLettersRemoved } from '../../telemetry/events/delivery.ts'
import type { Log } from '../../telemetry/log.ts'

/** See {@link LetterFolder.take}. */
export class LetterFolder {
  readonly #path: string
  readonly #maxBytes: number
  readonly #log: Log
  /** Null until it was looked at. */
  #bytes: number | null = null

  constructor(options: { path: string; maxBytes: number; log: Log }) {
    this.#path = options.path
    this.#maxBytes = options.maxBytes
    this.#log = options.log
  }

  placeOf(file: string): string {
    return join(this.#path, basename(file))
  }

  /** Moves a file here; whatever fails leaves it where it was. Then the oldest files go, until the others are within the bound. */
  take(file: string): void {
    mkdirSync(this.#path, { recursive: true, mode: 0o700 })
    const goal = this.placeOf(file)
    const { size } = statSync(file)
    try {
      renameSync(file, goal)
    } catch (error) {
      if (systemCode(error) !== 'EXDEV') throw error
      // Another disk. The name is there when all of the file is; whoever brought it removes the one that waited.
      const part = `${goal}.part`
      copyFileSync(file, part)
      renameSync(part, goal)
    }
    this.#bytes = this.#bytes === null ? sizeOf(this.#files()) : this.#bytes + size
    if (this.#bytes > this.#maxBytes) this.#removeOldest(this.#bytes, basename(goal))
  }

  #removeOldest(bytes: number, newest: string): void {
    let left = bytes
    let files = 0
    for (const { name, size } of this.#files()) {
      if (left <= this.#maxBytes || name === newest) break
      rmSync(join(this.#path, name), { force: true })
      left -= size
      files += 1
    }
    this.#bytes = left
    deadLettersRemoved(this.#log, { folder: this.#path, files, bytes: bytes - left, maxBytes: this.#maxBytes })
  }

  /** Oldest first. */
  #files(): readonly { readonly name: string; readonly size: number }[] {
    const names = readdirSync(this.#path).filter(name => name.endsWith('.jsonl'))
    return names.toSorted().flatMap(name => {
      const stats = statSync(join(this.#path, name), { throwIfNoEntry: false })
      return stats === undefined ? [] : [{ name, size: stats.size }]
    })
  }
}

const sizeOf = (files: readonly { readonly size: number }[]): number => files.reduce((sum, { size }) => sum + size, 0)
