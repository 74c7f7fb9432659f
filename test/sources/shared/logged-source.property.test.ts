// Whatever happens in whatever order: every acknowledged byte is committed once, in order, and can be read again until it is released.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { StoredStream } from '../../../src/model/source.ts'
import { LoggedSource } from '../../../src/sources/shared/logged-source.ts'
import { assertAlways, fewRuns } from '../../property/property-runs.ts'
import { FaultyFiles } from './faulty-files.ts'
import { HandIntake } from './hand-intake.ts'
import { commit, SmallWorker, type TakenPart } from './small-worker.ts'
import { SourceWorld } from './source-world.ts'

type Step =
  | { readonly kind: 'put'; readonly stream: string; readonly lines: readonly string[] }
  | { readonly kind: 'read'; readonly chunks: number; readonly windowBytes: number }
  | { readonly kind: 'commit' }
  | { readonly kind: 'release' }
  | { readonly kind: 'restart'; readonly isKill: boolean }
  | { readonly kind: 'disk'; readonly freeBytes: number }

const stepArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      stream: fc.constantFrom('a', 'b', 'c'),
      lines: fc.array(fc.string({ maxLength: 40, unit: 'binary-ascii' }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      chunks: fc.integer({ min: 1, max: 4 }),
      windowBytes: fc.constantFrom(20, 50, 200, 5000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), isKill: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('disk' as const), freeBytes: fc.constantFrom(0, 60, 200, 1e9) }),
  },
)

/** A worker's life with a source, and what must come of it. */
class Life {
  readonly world = new SourceWorld()
  readonly #files = new FaultyFiles()
  #intake = new HandIntake()
  #source = this.#newSource()
  readonly #killed: LoggedSource[] = []
  #puts = 0
  #stored: readonly StoredStream[] = []
  /** Acknowledged text of each stream, by its label. */
  readonly #acknowledged = new Map<string, string>()
  readonly #labels = new Map<string, string>()
  #taken: TakenPart[] = []
  /** Parts of each batch that was committed and not released. */
  #batches: (readonly TakenPart[])[] = []
  readonly #committed = new Map<string, string>()
  readonly #ends = new Map<string, number>()

  #newSource(): LoggedSource {
    this.#intake = new HandIntake()
    const options = { format: 'text', fsync: true, maxBacklogBytes: 1e9, segmentBytes: 400 } as const
    return new LoggedSource({ ...options, openFile: this.#files.open }, this.world.deps(), this.#intake)
  }

  async begin(): Promise<void> {
    await this.#source.start(this.#stored)
  }

  async do(step: Step): Promise<void> {
    if (step.kind === 'put') return this.#put(step.stream, `${step.lines.join('\n')}\n`)
    if (step.kind === 'read') return this.#read(step.chunks, step.windowBytes)
    if (step.kind === 'commit') return this.#commit()
    if (step.kind === 'release') return this.#release()
    if (step.kind === 'restart') return this.#restart(step.isKill)
    this.#files.freeBytes = step.freeBytes
  }

  async end(): Promise<void> {
    await this.#read(Number.POSITIVE_INFINITY, 5000)
    this.#commit()
    this.#checkBatches()
    const labelled = [...this.#committed].map(([id, text]) => [this.#labels.get(id), text])
    assert.deepEqual(labelled.toSorted(), [...this.#acknowledged].toSorted())
    assert.deepEqual(this.world.events('damagedFramesSkipped'), [])
    for (const source of [this.#source, ...this.#killed]) await source.stop()
    this.world.remove()
  }

  async #put(stream: string, text: string): Promise<void> {
    // Every other one has a key: then segments begin with the keys of those before.
    this.#puts += 1
    const key = this.#puts % 2 === 0 ? `k${this.#puts}` : null
    const result = await this.#intake.inlet.append({ stream, payload: [Buffer.from(text, 'latin1')], key })
    const label = `label of ${stream}`
    if (result.kind === 'written') this.#acknowledged.set(label, (this.#acknowledged.get(label) ?? '') + text)
  }

  async #read(chunks: number, windowBytes: number): Promise<void> {
    const worker = new SmallWorker(this.#source, windowBytes)
    await worker.drain(chunks)
    for (const { stream } of worker.chunks) this.#labels.set(stream.id, stream.label)
    this.#taken.push(...worker.taken)
  }

  #commit(): void {
    this.#stored = commit(this.#stored, this.#source)
    for (const { streamId, position, text } of this.#taken) {
      assert.ok(position >= (this.#ends.get(streamId) ?? 0), 'positions never go back')
      this.#ends.set(streamId, position + text.length)
      this.#committed.set(streamId, (this.#committed.get(streamId) ?? '') + text)
    }
    if (this.#taken.length > 0) this.#batches.push(this.#taken)
    this.#taken = []
  }

  #release(): void {
    for (const { streamId, position, text } of this.#batches.shift() ?? []) {
      this.#source.release(streamId, position + text.length)
    }
  }

  async #restart(isKill: boolean): Promise<void> {
    if (isKill) this.#killed.push(this.#source)
    else await this.#source.stop()
    this.#taken = []
    this.#source = this.#newSource()
    await this.begin()
    this.#checkBatches()
  }

  #checkBatches(): void {
    for (const { streamId, position, text } of this.#batches.flat()) {
      const window = new Uint8Array(text.length)
      assert.equal(this.#source.readAgain(streamId, position, window, text.length), text.length)
      assert.equal(Buffer.from(window).toString('latin1'), text)
    }
  }
}

test('every acknowledged line is committed once and in order, whatever happens', () =>
  assertAlways(
    fc.asyncProperty(fc.array(stepArb, { minLength: 5, maxLength: 60 }), async steps => {
      const life = new Life()
      await life.begin()
      for (const step of steps) await life.do(step)
      await life.do({ kind: 'disk', freeBytes: 1e9 })
      await life.end()
    }),
    fewRuns,
  ))
