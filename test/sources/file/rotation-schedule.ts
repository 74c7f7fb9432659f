// One log that is copied and truncated again and again, while the worker looks in between at any moment: in order, and once.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { Stage } from './follow-stage.ts'

type Look = 'poll' | 'scan' | 'read' | 'drain' | 'wait' | 'commit' | 'restart'

interface Write {
  readonly lines: number
  /** Bytes of the last line that come with the next write only. */
  readonly held: number
  readonly looks: readonly Look[]
}

interface Round {
  readonly writes: readonly Write[]
  readonly beforeShift: readonly Look[]
  readonly beforeCopy: readonly Look[]
  /** The share of the copy that is there when the worker looks; null for a copy that is made at once. */
  readonly copied: { readonly share: number; readonly looks: readonly Look[] } | null
  readonly beforeTruncate: readonly Look[]
  readonly beforeWrite: readonly Look[]
}

const looks = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Look>('poll', 'scan', 'read', 'drain', 'wait') },
    { weight: 1, arbitrary: fc.constantFrom<Look>('commit', 'restart') },
  ),
  { maxLength: 4, size: 'max' },
)
const rounds = fc.array(
  fc.record<Round>({
    writes: fc.array(fc.record({ lines: fc.integer({ min: 1, max: 30 }), held: fc.nat(30), looks }), {
      minLength: 1,
      maxLength: 5,
      size: 'max',
    }),
    beforeShift: looks,
    beforeCopy: looks,
    copied: fc.option(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), looks })),
    beforeTruncate: looks,
    beforeWrite: looks,
  }),
  { minLength: 2, maxLength: 12, size: 'max' },
)

/** Copiers write blocks; of fewer bytes nobody can tell whose copy they are. */
const leastCopied = 1024
const name = 'app.log'
const generations = 20

class Rotation {
  readonly stage: Stage
  readonly #padding: string
  readonly expected: string[] = []
  #held = ''

  constructor(windowBytes: number, padding: number) {
    this.stage = new Stage({ options: { pollMs: 20, scanMs: 100 }, windowBytes })
    this.#padding = 'x'.repeat(padding)
  }

  async play(round: Round): Promise<void> {
    const { stage } = this
    for (const each of round.writes) {
      this.write(each.lines, each.held)
      await this.#look(each.looks)
    }
    this.write(0, 0)
    await this.#look(round.beforeShift)
    this.#shift()
    await this.#look(round.beforeCopy)
    const bytes = stage.bytes(name)
    const part = round.copied === null ? 0 : leastCopied + Math.floor(bytes.length * round.copied.share)
    stage.write(`${name}.1`, bytes.subarray(0, part))
    if (round.copied !== null) await this.#look(round.copied.looks)
    stage.append(`${name}.1`, bytes.subarray(part))
    await this.#look(round.beforeTruncate)
    stage.truncate(name)
    await this.#look(round.beforeWrite)
  }

  /** What was held of the line before comes first. */
  write(count: number, held: number): void {
    let text = this.#held
    for (let i = 0; i < count; i += 1) {
      const line = `${this.expected.length} ${this.#padding}`
      this.expected.push(line)
      text += `${line}\n`
    }
    const end = count === 0 ? text.length : Math.max(1, text.length - held)
    this.#held = text.slice(end)
    this.stage.append(name, text.slice(0, end))
  }

  async #look(todo: readonly Look[]): Promise<void> {
    const { stage } = this
    for (const look of todo) {
      if (look === 'poll') stage.pass(20)
      if (look === 'scan') stage.pass(110)
      if (look === 'read') await stage.readChunk()
      if (look === 'drain') await stage.drain()
      if (look === 'wait') await stage.source.prepared
      if (look === 'commit') stage.commit()
      if (look === 'restart') await stage.restart()
    }
  }

  /** As logrotate does it with `delaycompress`: the second generation is an archive. */
  #shift(): void {
    const { stage } = this
    for (let generation = generations; generation >= 1; generation -= 1) {
      for (const ending of ['', '.gz']) {
        const from = `${name}.${generation}${ending}`
        if (existsSync(stage.path(from))) stage.rename(from, `${name}.${generation + 1}${ending}`)
      }
    }
    const older = `${name}.2`
    if (existsSync(stage.path(older))) stage.compress(older, `${older}.gz`, bytes => gzipSync(bytes))
  }
}

/** Whenever the worker looks: the lines of a log come once, in the order in which they were written. */
export const everyLineComesInOrder = fc.asyncProperty(
  rounds,
  fc.constantFrom(512, 4096, 65_536),
  fc.constantFrom(40, 300),
  async (played, windowBytes, padding) => {
    const rotation = new Rotation(windowBytes, padding)
    const { stage } = rotation
    rotation.write(1, 0)
    await stage.start()
    await stage.drain()
    stage.commit()
    for (const round of played) await rotation.play(round)
    rotation.write(1, 0)
    await stage.settle()
    await stage.settle()
    await stage.source.stop()
    assert.deepEqual(stage.texts, rotation.expected)
    assert.deepEqual(stage.saw('contentLost'), [])
  },
)
