// The segment files of one write-ahead log, in order. Each is named by the offset in the log at which it begins.
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One file: the bytes of the log from `begin` to `end`. */
export interface Segment {
  readonly begin: number
  /** Behind the last byte that readers may see. What is being written, or could not be, lies behind it. */
  end: number
  readonly path: string
}

const namePattern = /^(\d{16})\.log$/
const nameOf = (begin: number): string => `${String(begin).padStart(16, '0')}.log`

/** Sorted by `begin`. Between two of them there may be a hole: offsets that were given up, or a segment that is not needed any more. */
export class Segments {
  readonly #folder: string
  readonly #list: Segment[]

  /** Finds the files that are there. */
  constructor(folder: string) {
    this.#folder = folder
    const names = readdirSync(folder).filter(name => namePattern.test(name))
    this.#list = names.toSorted().map(name => {
      const begin = Number(namePattern.exec(name)?.[1])
      const path = join(folder, name)
      return { begin, end: begin + statSync(path).size, path }
    })
    // Bytes that could not be cut off after a fault may reach into the next segment's range: there they do not count.
    this.#list.forEach((segment, i) => {
      segment.end = Math.min(segment.end, this.#list[i + 1]?.begin ?? segment.end)
    })
  }

  get first(): Segment | null {
    return this.#list[0] ?? null
  }

  get last(): Segment | null {
    return this.#list.at(-1) ?? null
  }

  /** A new one at the end. Its file is the caller's to make. */
  add(begin: number): Segment {
    const segment = { begin, end: begin, path: join(this.#folder, nameOf(begin)) }
    this.#list.push(segment)
    return segment
  }

  /** The segment with this byte of the log, or else the first one behind it that holds anything. */
  at(offset: number): Segment | null {
    return this.#list.find(segment => segment.end > offset) ?? null
  }

  /** Deletes files that are not needed. The last one stays: it is being written. Fails where the system will not; nothing is lost then. */
  deleteFree(isNeeded: (from: number, to: number) => boolean): void {
    for (const segment of this.#list.slice(0, -1)) {
      if (isNeeded(segment.begin, segment.end)) continue
      rmSync(segment.path, { force: true })
      this.#list.splice(this.#list.indexOf(segment), 1)
    }
  }
}
