// Open files, within what the system allows: where descriptors run out, files that can be opened again are closed.
import { closeSync } from 'node:fs'
import type { FollowedFile } from './followed-file.ts'
import { isOutOfDescriptors, type OpenResult, openPath } from './system-calls.ts'

/** Once descriptors ran out, this part of what was open then may be: stores and servers need some as well. */
const ourShare = 0.75

type NotOpened = Exclude<OpenResult, { kind: 'file' }>

export class Descriptors {
  readonly #files: ReadonlyMap<string, FollowedFile>
  /** How many files may be open, as far as is known. */
  #limit = Number.POSITIVE_INFINITY
  /** At most as many are open. */
  #open = 0

  /** `files`: all that may be open. */
  constructor(files: ReadonlyMap<string, FollowedFile>) {
    this.#files = files
  }

  openPath(path: string): OpenResult {
    if (this.#open >= this.#limit) this.#makeRoom()
    this.#open += 1
    const result = openPath(path)
    if (result.kind !== 'refused' || !isOutOfDescriptors(result.code)) return result
    this.#limit = Math.floor(this.#count() * ourShare)
    this.#makeRoom()
    return openPath(path)
  }

  /** Sees to it that the file is open; what is said otherwise is why not. `none`: no path leads to it any more. */
  open(file: FollowedFile): { readonly kind: 'open'; readonly fd: number } | NotOpened {
    if (file.fd !== null) return { kind: 'open', fd: file.fd }
    let last: NotOpened = { kind: 'none' }
    for (const path of file.places) {
      const result = this.openPath(path)
      if (result.kind !== 'file') {
        last = result
      } else if (file.isSame(result.stats)) {
        file.fd = result.fd
        return { kind: 'open', fd: result.fd }
      } else {
        closeSync(result.fd)
      }
    }
    return last
  }

  #count(): number {
    let count = 0
    for (const file of this.#files.values()) if (file.fd !== null) count += 1
    return count
  }

  /** Closes a half: those with everything read first, and never one that could not be found again, or is in use. */
  #makeRoom(): void {
    this.#open = this.#count()
    for (const isIdle of [true, false]) {
      for (const file of this.#files.values()) {
        if (this.#open <= this.#limit / 2) return
        const isNeeded = file.places.size === 0 || file.isUnpacking || file.isInUse
        if (file.fd === null || isNeeded || (isIdle && file.unread > 0)) continue
        file.close()
        this.#open -= 1
      }
    }
  }
}
