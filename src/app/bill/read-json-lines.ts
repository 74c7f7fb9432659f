// Inputs of JSON lines: each line as what it says, with its place for messages.
import { FcscopeError } from '../../model/fcscope-error.ts'
import type { Input } from '../../model/input.ts'
import { openInput } from '../../sources/file/open-input.ts'

/** Longest line, in bytes. */
const maxLineBytes = 16 * 1024 * 1024
const firstBytes = 1024 * 1024
const lineFeed = 10

export interface JsonLine {
  readonly value: unknown
  /** `attempts.jsonl:12`. */
  readonly place: string
}

/** Calls `take` for every line that is not empty. Fails with `FCS_INPUT_CORRUPT` for one that is no JSON. */
export async function readJsonLines(name: string, take: (line: JsonLine) => void): Promise<void> {
  const input = await openInput(name)
  try {
    await new LineReading(input, take).run()
  } finally {
    await input.close()
  }
}

class LineReading {
  readonly #input: Input
  readonly #take: (line: JsonLine) => void
  #buffer = Buffer.allocUnsafe(firstBytes)
  /** Bytes of a line whose end is not there yet, at the front. */
  #kept = 0
  #line = 0

  constructor(input: Input, take: (line: JsonLine) => void) {
    this.#input = input
    this.#take = take
  }

  async run(): Promise<void> {
    for (;;) {
      if (this.#kept === this.#buffer.length) this.#grow()
      const read = await this.#input.readInto(this.#buffer, this.#kept, this.#buffer.length - this.#kept)
      if (read === 0) break
      this.#cut(this.#kept + read)
    }
    if (this.#kept > 0) this.#give(0, this.#kept)
  }

  #cut(filled: number): void {
    let start = 0
    for (;;) {
      const end = this.#buffer.indexOf(lineFeed, start)
      if (end === -1 || end >= filled) break
      this.#give(start, end)
      start = end + 1
    }
    this.#buffer.copyWithin(0, start, filled)
    this.#kept = filled - start
  }

  #give(start: number, end: number): void {
    this.#line += 1
    const text = this.#buffer.toString('utf8', start, end).trim()
    if (text === '') return
    const place = `${this.#input.name}:${this.#line}`
    this.#take({ value: parseJson(text, place), place })
  }

  #grow(): void {
    const size = this.#buffer.length * 2
    if (size > maxLineBytes) throw brokenLine(`${this.#input.name}:${this.#line + 1}`, tooLong)
    const larger = Buffer.allocUnsafe(size)
    this.#buffer.copy(larger, 0, 0, this.#kept)
    this.#buffer = larger
  }
}

const tooLong = { en: 'the line is longer than 16 MiB', zh: '该行超过 16 MiB' }

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw brokenLine(place, { en: 'the line is no JSON', zh: '该行不是 JSON' })
  }
}

/** `what` without a full stop. */
export const brokenLine = (place: string, what: { en: string; zh: string }): FcscopeError =>
  new FcscopeError('FCS_INPUT_CORRUPT', { en: `${place}: ${what.en}.`, zh: `${place}：${what.zh}。` })
