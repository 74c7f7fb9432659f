// Plays the worker's engine in this process: bytes in pieces, time that goes on, attempts given out early, and, if a test likes,
// an engine that is saved and goes on in another one.
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import type { LedgerReport } from '../../src/model/ledger.ts'
import type { GivenRow } from '../../src/pipeline/emission.ts'
import { AttemptJsonWriter } from '../../src/sinks/stdout/attempt-json.ts'
import type { AttemptJson } from './run-batch.ts'
import { usualEngine } from './usual-engine.ts'

/** What happens next. */
export type FollowStep =
  | { readonly kind: 'take'; readonly bytes: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The engine is saved, and another one goes on. */
  | { readonly kind: 'restart' }
  /** The log goes on in another file. */
  | { readonly kind: 'rotate' }

export interface Followed {
  /** The newest revision of every attempt that was not withdrawn. */
  readonly attempts: readonly AttemptJson[]
  readonly ledger: LedgerReport
  /** How often each identity was given out, withdrawals included. */
  readonly revisions: ReadonlyMap<string, number>
  /** Request ids of lines: kept when they came, or told later. */
  readonly lineOwners: readonly string[]
}

/** The rows of a store that keeps the newest revision. */
class NewestRows {
  readonly newest = new Map<string, { revision: number; json: AttemptJson | null }>()
  readonly counts = new Map<string, number>()
  rows = 0
  readonly #writer = new AttemptJsonWriter()

  add(attempt: Attempt, { position, revision }: GivenRow): void {
    const { json } = this.#writer
    this.#writer.write(attempt)
    const text = json.bytes.toString('utf8', 0, json.length)
    json.clear()
    this.#put(keyOf(attempt, position), revision, JSON.parse(text))
  }

  withdraw(withdrawn: {
    requestId: string | null
    phase: string
    attempt: number
    position: string
    revision: number
  }): void {
    this.#put(keyOf(withdrawn, withdrawn.position), withdrawn.revision, null)
  }

  #put(key: string, revision: number, json: AttemptJson | null): void {
    this.rows += 1
    const known = this.newest.get(key)?.revision ?? 0
    if (revision <= known) throw new Error(`${key}: revision ${revision} comes after ${known}`)
    this.newest.set(key, { revision, json })
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }
}

const keyOf = (of: { requestId: string | null; phase: string; attempt: number }, position: string): string =>
  JSON.stringify([of.requestId, of.phase, of.attempt, position])

const streamId = (file: number): string => `f${file}`.padStart(16, '0')

function createEngine(attemptRows: NewestRows): WorkerEngine {
  return new WorkerEngine({
    ...usualEngine,
    maxOpen: 2_000,
    maxRows: 5_000,
    attemptRows,
    attemptCounter: { take: () => true, measure: () => {}, passOver: () => true },
  })
}

/** Goes through `bytes` step by step, takes the rest at once, and gives everything out at the end. */
export function follow(bytes: Buffer, steps: readonly FollowStep[]): Followed {
  const rows = new NewestRows()
  const owners: string[] = []
  let engine = createEngine(rows)
  let nowMs = Date.UTC(2026, 0, 1)
  let position = 0
  let file = 1
  let fileBegan = 0
  engine.setTime(nowMs)

  const take = (count: number): void => {
    const until = Math.min(bytes.length, position + count)
    while (position < until) {
      const length = bytes.copy(engine.window, 0, position, Math.min(until, position + engine.chunkBytes))
      const isLast = position + length === bytes.length
      const stream = { id: streamId(file), label: 'file' }
      const taken = engine.take({ stream, position: position - fileBegan, length, isLast }, 'auto', 'file')
      position += taken
      // The beginning of a line waits for its rest.
      if (taken === 0) break
    }
  }
  const close = (): void => {
    owners.push(...engine.rows().owners.map(({ requestId }) => requestId ?? ''))
    engine.clearRows()
  }
  for (const step of steps) {
    if (step.kind === 'take') take(step.bytes)
    else if (step.kind === 'wait') {
      nowMs += step.ms
      engine.setTime(nowMs)
      engine.giveDue()
    } else if (step.kind === 'rotate') {
      // Nothing goes on from a file of which nothing was read.
      if (position === fileBegan) continue
      if (!engine.goOn(streamId(file), streamId(file + 1))) throw new Error(`file ${file} is not known`)
      file += 1
      fileBegan = position
    } else {
      close()
      const saved = engine.save()
      engine = createEngine(rows)
      engine.load(saved)
    }
  }
  take(bytes.length)
  engine.giveAll()
  close()
  return {
    attempts: [...rows.newest.values()].flatMap(({ json }) => (json === null ? [] : [json])),
    ledger: engine.ledger.report(),
    revisions: rows.counts,
    lineOwners: owners,
  }
}
