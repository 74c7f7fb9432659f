// Hot path: writes a log at a steady pace, some 50 invocations interleaved, and remembers when the End of each was written.
// Everything is prepared per invocation, so that writing takes little of a processor that the worker needs.
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { Random } from '../../src/lib/random.ts'

/** Between two writes. */
const tickMs = 10
const concurrency = 50
const appLines = 4
/** Start, application lines, End. */
const linesPerInvocation = appLines + 2
const text = 'order accepted, items checked against the stock list, carrier picked by weight, reference '

interface Open {
  readonly id: string
  written: number
}

export interface PacedLogOptions {
  readonly path: string
  readonly linesPerSecond: number
  /** The log is renamed when it has this size, and all but the newest of those files are deleted; never when left out. */
  readonly rotateBytes?: number
  /** Rotated files that are kept. */
  readonly keep?: number
  /** Called for each End that was written. */
  readonly onEnd?: (id: string) => void
}

export class PacedLog {
  lines = 0
  bytes = 0
  /** Invocations that have ended. */
  ends = 0
  /** Invocations that have begun. */
  starts = 0
  rotations = 0
  /** Most lines that the pace was behind its plan. */
  mostBehind = 0
  readonly #options: PacedLogOptions
  readonly #random = new Random(29)
  readonly #open: Open[] = []
  #fd: number
  #size = 0
  #isStopped = false

  constructor(options: PacedLogOptions) {
    this.#options = options
    this.#fd = openSync(options.path, 'a')
  }

  /** Writes for so long, then ends what is open. */
  async run(durationMs: number): Promise<void> {
    const { linesPerSecond } = this.#options
    const beganMs = performance.now()
    for (;;) {
      const passedMs = performance.now() - beganMs
      if (passedMs >= durationMs || this.#isStopped) break
      const due = Math.floor((passedMs * linesPerSecond) / 1000) - this.lines
      this.mostBehind = Math.max(this.mostBehind, due)
      if (due > 0) this.#write(due)
      await new Promise(resolve => setTimeout(resolve, tickMs))
    }
    while (this.#open.length > 0) this.#write(1, false)
    closeSync(this.#fd)
  }

  stop(): void {
    this.#isStopped = true
  }

  #write(count: number, mayBegin = true): void {
    const ended: string[] = []
    const now = new Date().toISOString()
    let part = ''
    for (let n = 0; n < count; n += 1) part += this.#nextLine(now, ended, mayBegin)
    const written = writeSync(this.#fd, part)
    this.lines += count
    this.bytes += written
    this.#size += written
    for (const id of ended) {
      this.#options.onEnd?.(id)
      this.ends += 1
    }
    const { rotateBytes } = this.#options
    if (rotateBytes !== undefined && this.#size >= rotateBytes) this.#rotate()
  }

  #nextLine(now: string, ended: string[], mayBegin: boolean): string {
    if (mayBegin && this.#open.length < concurrency) {
      const one = { id: this.#id(), written: 1 }
      this.#open.push(one)
      this.starts += 1
      return `FC Invoke Start RequestId: ${one.id}\n`
    }
    const place = this.#random.below(this.#open.length)
    const one = this.#open[place]!
    one.written += 1
    if (one.written < linesPerInvocation) return `${now} ${one.id} [INFO] ${text}${this.#random.below(1_000_000)}\n`
    this.#open.splice(place, 1)
    ended.push(one.id)
    return `FC Invoke End RequestId: ${one.id}\n`
  }

  #id(): string {
    return `1-${this.#random.hex(8)}-${this.#random.hex(12)}-${this.#random.hex(12)}`
  }

  #rotate(): void {
    const { path, keep = 2 } = this.#options
    closeSync(this.#fd)
    this.rotations += 1
    for (let number = keep; number >= 1; number -= 1) {
      const from = number === 1 ? path : `${path}.${number - 1}`
      if (number === keep) rmSync(`${path}.${keep}`, { force: true })
      if (number > 1 && this.rotations < number) continue
      renameSync(from, `${path}.${number}`)
    }
    this.#fd = openSync(path, 'a')
    this.#size = 0
  }
}
