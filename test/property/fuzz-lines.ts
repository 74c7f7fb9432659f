// Lines that no program expects, as many as asked for: real lines with bytes changed, noise, broken JSON, very long ones.
import { readFileSync } from 'node:fs'
import { Random } from '../../src/lib/random.ts'

const corpus = readFileSync(new URL('../golden/fc-lines.tsv', import.meta.url))
  .toString('latin1')
  .split('\n')
  .slice(1, -1)
  .map(line => Buffer.from(line.split('\t')[3] ?? '', 'latin1'))

const jsonPieces = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"message"',
  '"__topic__"',
  '"__time__"',
  '"__proto__"',
  '"constructor"',
  '"requestId"',
  '"durationMs"',
  '"FCLogs:f"',
  '"FCRequestMetrics:/f"',
  '"FC Invoke Start RequestId: a"',
  '"1736942400"',
  '1e999',
  '-0',
  'null',
  '"\\ud800"',
  '"\\u0000"',
  '"\\',
  '{"__proto__":{"a":1}}',
].map(text => Buffer.from(text))

/** A very long line now and then: up to 6 MiB, half as much again as is taken in. */
const maxHugeBytes = 6 * 1024 * 1024
const linesPerHuge = 25_000

/** Makes lines with their line ends; `\n` stands nowhere else in them, so that they can be counted. */
export class FuzzLines {
  readonly #random: Random
  #made = 0

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  /** About `bytes` of whole lines, `maxLines` at most. */
  next(bytes: number, maxLines: number): { readonly chunk: Buffer; readonly lines: number } {
    const parts: Buffer[] = []
    let length = 0
    let lines = 0
    while (length < bytes && lines < maxLines) {
      const line = this.#line()
      for (let at = 0; at < line.length - 1; at++) if (line[at] === 0x0a) line[at] = 0x20
      line[line.length - 1] = 0x0a
      parts.push(line)
      length += line.length
      lines++
    }
    return { chunk: Buffer.concat(parts), lines }
  }

  /** A line with room for its line end. */
  #line(): Buffer {
    const random = this.#random
    this.#made++
    if (this.#made % linesPerHuge === 0) return this.#huge()
    const kind = random.below(10)
    if (kind === 0) return Buffer.from(Array.from({ length: 1 + random.below(200) }, () => random.below(256)))
    if (kind === 1) return this.#glued(jsonPieces, 12)
    if (kind === 2) return this.#glued(corpus, 3)
    const line = Buffer.concat([this.#pick(corpus), Buffer.from('\n')])
    if (kind < 7) this.#mutate(line)
    return kind === 9 ? this.#asRow(line) : line
  }

  #huge(): Buffer {
    const line = Buffer.alloc(1 + this.#random.below(maxHugeBytes), this.#pick(corpus))
    return Buffer.concat([line, Buffer.from('\n')])
  }

  #pick(from: readonly Buffer[]): Buffer {
    return from[this.#random.below(from.length)] ?? Buffer.from('x')
  }

  #glued(from: readonly Buffer[], maxPieces: number): Buffer {
    const pieces = Array.from({ length: 1 + this.#random.below(maxPieces) }, () => this.#pick(from))
    return Buffer.concat([...pieces, Buffer.from('\n')])
  }

  /** Changes a few bytes, mostly to ASCII: what is not UTF-8 is buried before anybody looks at it. */
  #mutate(line: Buffer): void {
    const random = this.#random
    for (let count = random.below(4); count > 0; count--) {
      line[random.below(line.length)] = random.chance(0.9) ? 0x20 + random.below(95) : random.below(256)
    }
  }

  #asRow(line: Buffer): Buffer {
    const message = line.toString('latin1', 0, line.length - 1)
    const instanceID = `c-${this.#random.below(1000)}`
    const row = { __time__: '1736942400', __topic__: 'FCLogs:f', functionName: 'f', instanceID, message }
    return Buffer.from(`${JSON.stringify(row)}\n`)
  }
}
