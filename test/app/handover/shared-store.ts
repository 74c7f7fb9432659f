// The store that workers share, as its tables keep rows: attempts by version, lines by place, owners of lines that waited.
import type { Attempt } from '../../../src/model/attempt.ts'
import type { Handover, PartitionNote } from '../../../src/model/handover.ts'
import type { BatchRows } from '../../../src/pipeline/engine.ts'
import { AttemptJsonWriter } from '../../../src/sinks/stdout/attempt-json.ts'
import { readBlock } from '../../reconstruct/kept-lines.ts'
import type { AttemptJson } from '../run-batch.ts'

export interface AttemptKey {
  readonly requestId: string | null
  readonly phase: string
  readonly attempt: number
  readonly position: string
}

/** A row of the table of attempts; `json` is null when it takes an earlier one away. */
export interface AttemptRow {
  readonly key: string
  readonly generation: number
  readonly revision: number
  readonly json: AttemptJson | null
}

/** What one batch brings to the store. */
export interface StoredBatch {
  readonly attempts: readonly AttemptRow[]
  readonly lines: readonly LineRow[]
  readonly owners: readonly (readonly [place: string, requestId: string])[]
}

interface LineRow {
  readonly place: string
  readonly requestId: string
  readonly isWaiting: boolean
}

export const keyOf = ({ requestId, phase, attempt, position }: AttemptKey): string =>
  JSON.stringify([requestId, phase, attempt, position])

const writer = new AttemptJsonWriter()

/** An attempt as it is given out; the object may be filled again. */
export function attemptJson(attempt: Attempt): AttemptJson {
  const { json } = writer
  writer.write(attempt)
  const text = json.bytes.toString('utf8', 0, json.length)
  json.clear()
  return JSON.parse(text) as AttemptJson
}

/** Lines and owners of the batch at hand. */
export function lineRows({ lines, owners }: BatchRows): Pick<StoredBatch, 'lines' | 'owners'> {
  return {
    lines: readBlock(lines).map(({ stream, position, requestId, isWaiting }) => {
      return { place: `${stream} ${position}`, requestId, isWaiting }
    }),
    owners: owners.map(({ place: [stream, position], requestId }) => [`${stream} ${position}`, requestId ?? '']),
  }
}

/** One store. */
export class SharedStore {
  readonly #attempts = new Map<string, AttemptRow>()
  readonly #lines = new Map<string, LineRow>()
  readonly #owners = new Map<string, string>()
  readonly #notes = new Map<string, PartitionNote>()

  insert({ attempts, lines, owners }: StoredBatch): void {
    for (const row of attempts) {
      const known = this.#attempts.get(row.key)
      if (known === undefined || isNewer(row, known)) this.#attempts.set(row.key, row)
    }
    // Whoever writes a line asks before whether it is there.
    for (const line of lines) if (!this.#lines.has(line.place)) this.#lines.set(line.place, line)
    for (const [place, requestId] of owners) this.#owners.set(place, requestId)
  }

  get attempts(): readonly AttemptJson[] {
    return [...this.#attempts.values()].flatMap(({ json }) => (json === null ? [] : [json]))
  }

  /** The request of every line, by its place. */
  get lineOwners(): readonly string[] {
    return [...this.#lines.values()]
      .map(({ place, requestId, isWaiting }) => `${place} ${isWaiting ? (this.#owners.get(place) ?? '') : requestId}`)
      .sort()
  }

  note(partition: string): PartitionNote | null {
    return this.#notes.get(partition) ?? null
  }

  get generation(): number {
    return Math.max(0, ...[...this.#notes.values()].map(({ generation }) => generation))
  }

  /** The notes, as the worker with this number writes them. */
  handoverOf(worker: number, generation: { value: number }): Handover {
    return {
      worker,
      read: async () => new Map(this.#notes),
      write: async (_, notes) => {
        for (const note of notes) {
          const known = this.#notes.get(note.partition)
          if (known === undefined || known.epoch <= note.epoch)
            this.#notes.set(note.partition, { ...note, worker, generation: generation.value })
        }
      },
      takeOver: other => {
        generation.value = Math.max(generation.value, other) + 1
      },
      expectStored: () => {},
      exclude: () => {},
    }
  }
}

const isNewer = (row: AttemptRow, known: AttemptRow): boolean =>
  row.generation === known.generation ? row.revision >= known.revision : row.generation > known.generation
