// A log that is written and rotated in every way, by a schedule: what happens on the disk, and what the worker does meanwhile.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { Stage } from './follow-stage.ts'

type Step =
  | { readonly kind: 'write'; readonly log: string; readonly lines: number; readonly half: boolean }
  | { readonly kind: 'rename'; readonly log: string; readonly late: number; readonly create: boolean }
  | { readonly kind: 'copy'; readonly log: string; readonly looks: number }
  | { readonly kind: 'compress'; readonly log: string; readonly generation: number }
  | { readonly kind: 'look'; readonly ms: number }
  | { readonly kind: 'read'; readonly chunks: number }
  | { readonly kind: 'commit' | 'restart' | 'down' | 'quiet' }

const log = fc.constantFrom('a.log', 'b.log')
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      log,
      lines: fc.oneof(fc.nat(3), fc.nat(60)),
      half: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('rename' as const), log, late: fc.nat(2), create: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('copy' as const), log, looks: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('compress' as const), log, generation: fc.integer({ min: 2, max: 4 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('look' as const), ms: fc.constantFrom(100, 600, 1100) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), chunks: fc.integer({ min: 1, max: 20 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('commit' as const, 'restart' as const, 'down' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('quiet' as const) }) },
)

const endings = ['', '.gz']

/** Plays steps, and knows every line that was written. */
class Schedule {
  readonly stage: Stage
  readonly expected: string[] = []
  /** The half line at each log's end. */
  readonly #halves = new Map<string, string>()
  #count = 0
  #isDown = false

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** Both logs are there and known, as a worker knows them that has committed once. */
  async begin(): Promise<void> {
    for (const name of ['a.log', 'b.log']) this.#write(name, 1, false)
    await this.stage.start()
    await this.stage.drain()
    this.stage.commit()
  }

  async play(step: Step): Promise<void> {
    const { stage } = this
    switch (step.kind) {
      case 'write':
        return this.#write(step.log, step.lines, step.half)
      case 'rename':
        return this.#rename(step)
      case 'copy':
        return this.#copy(step)
      case 'compress':
        return this.#compress(`${step.log}.${step.generation}`)
      case 'down':
        await stage.source.stop()
        this.#isDown = true
        return
      case 'restart':
        this.#isDown = false
        return stage.restart()
    }
    if (this.#isDown) return
    if (step.kind === 'look') stage.pass(step.ms)
    if (step.kind === 'read') await stage.drain(step.chunks)
    if (step.kind === 'commit') stage.commit()
    if (step.kind === 'quiet') await stage.settle()
  }

  /** Everything is completed, and read: by a source that follows, or by one that reads to the present end. */
  async end(once: boolean): Promise<void> {
    const { stage } = this
    if (this.#isDown && !once) await stage.restart()
    for (const name of ['a.log', 'b.log']) this.#write(name, 1, false)
    if (once) {
      await stage.restart({ once })
      await stage.drain()
      assert.ok(stage.source.isDone())
    } else {
      await stage.settle()
      await stage.settle()
    }
    stage.commit()
    await stage.restart()
    await stage.settle()
  }

  #line(): string {
    this.#count += 1
    return `${this.#count} ${((this.#count * 2654435761) >>> 0).toString(16)}`
  }

  #write(name: string, count: number, isHalf: boolean): void {
    let text = ''
    for (let i = 0; i < count; i += 1) {
      const line = (i === 0 ? (this.#halves.get(name) ?? '') : '') + this.#line()
      text += i === 0 ? line.slice((this.#halves.get(name) ?? '').length) : line
      text += '\n'
      this.expected.push(line)
    }
    if (count > 0) this.#halves.delete(name)
    if (isHalf) {
      const half = this.#line()
      this.#halves.set(name, (this.#halves.get(name) ?? '') + half)
      text += half
    }
    this.stage.append(name, text)
  }

  /** What was half a line stays one. */
  #endHalf(name: string): void {
    const half = this.#halves.get(name)
    if (half !== undefined) this.expected.push(half)
    this.#halves.delete(name)
  }

  #rename({ log: name, late, create }: { log: string; late: number; create: boolean }): void {
    if (!existsSync(this.stage.path(name))) return
    const hasHalf = this.#halves.has(name)
    this.#endHalf(name)
    this.#shift(name)
    this.stage.rename(name, `${name}.1`)
    if (create) this.stage.write(name, '')
    if (late === 0 || hasHalf) return
    if (!this.#isDown) this.stage.pass(100)
    this.#write(`${name}.1`, late, false)
  }

  async #copy({ log: name, looks }: { log: string; looks: number }): Promise<void> {
    if (!existsSync(this.stage.path(name))) return
    this.#endHalf(name)
    this.#shift(name)
    this.stage.copy(name, `${name}.1`)
    for (let i = 0; i < looks && !this.#isDown; i += 1) {
      this.stage.pass(600)
      await this.stage.drain(2)
    }
    this.stage.truncate(name)
  }

  #shift(name: string): void {
    for (let generation = 30; generation >= 1; generation -= 1) {
      for (const ending of endings) {
        const from = `${name}.${generation}${ending}`
        if (existsSync(this.stage.path(from))) this.stage.rename(from, `${name}.${generation + 1}${ending}`)
      }
    }
  }

  #compress(name: string): void {
    if (existsSync(this.stage.path(name))) this.stage.compress(name, `${name}.gz`, bytes => gzipSync(bytes))
  }
}

const patterns = fc.constantFrom('*.log*', '*.log')
const windows = fc.constantFrom(64, 1000, 65_536)

/** Whatever happens to the files and to the worker: every line that was written comes once, and nothing is said to be missing. */
export const everyLineComesOnce = fc.asyncProperty(
  fc.array(steps, { maxLength: 60, size: 'max' }),
  patterns,
  windows,
  fc.boolean(),
  async (played, pattern, windowBytes, once) => {
    const schedule = new Schedule(new Stage({ paths: [pattern], windowBytes, tuning: { stallMs: 5000 } }))
    await schedule.begin()
    for (const step of played) await schedule.play(step)
    await schedule.end(once)
    await schedule.stage.source.stop()
    assert.deepEqual(schedule.stage.texts.toSorted(), schedule.expected.toSorted())
    assert.deepEqual(schedule.stage.saw('contentLost'), [])
  },
)
