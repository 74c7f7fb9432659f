// Where workers note how far their partitions are: in the store, which they share.
import type { Handover, PartitionNote } from '../model/handover.ts'
import { isPartitioned } from '../model/partitioned-source.ts'
import type { Source, StoredStream } from '../model/source.ts'
import type { StoreWriter } from '../model/store-connection.ts'
import type { ClickHouseSink } from '../sinks/clickhouse/clickhouse-sink.ts'
import type { DeliveryQueue } from '../sinks/shared/delivery-queue.ts'
import type { WorkerState } from '../state/worker-state.ts'
import { readPartitionNotes, writePartitionNotes } from '../store/partition-notes.ts'
import type { StoredLines } from './stored-lines.ts'

export interface StoreHandoverParts {
  readonly worker: number
  readonly generation: number
  readonly store: StoreWriter
  readonly state: WorkerState
  readonly sink: ClickHouseSink
  readonly stored: StoredLines
  readonly queues: readonly DeliveryQueue[]
}

/** See {@link Handover}. */
export class StoreHandover implements Handover {
  readonly worker: number
  readonly #parts: StoreHandoverParts
  #generation: number

  constructor(parts: StoreHandoverParts) {
    this.worker = parts.worker
    this.#parts = parts
    this.#generation = parts.generation
  }

  read(group: string): Promise<ReadonlyMap<string, PartitionNote>> {
    return readPartitionNotes(this.#parts.store, group)
  }

  write(group: string, notes: readonly Omit<PartitionNote, 'worker' | 'generation'>[]): Promise<void> {
    const { worker } = this
    const generation = this.#generation
    return writePartitionNotes(
      this.#parts.store,
      group,
      notes.map(note => ({ ...note, worker, generation })),
    )
  }

  takeOver(generation: number): void {
    this.#generation = Math.max(this.#generation, generation) + 1
    this.#parts.state.setMeta('generation', String(this.#generation))
    this.#parts.sink.generation = this.#generation
  }

  expectStored(streamIds: readonly string[]): void {
    this.#parts.stored.expect(streamIds)
  }

  exclude(streamIds: readonly string[]): void {
    for (const queue of this.#parts.queues) queue.exclude(streamIds)
  }
}

/** How far a worker had come with a partition, out of its own state. */
export interface OwnPlace {
  readonly taken: number
  readonly streamIds: readonly string[]
}

/** Places of all partitions that the state knows, by home. */
export function ownPlaces(
  sources: readonly Source[],
  streams: ReadonlyMap<string, readonly StoredStream[]>,
): Map<string, OwnPlace> {
  const places = sources.filter(isPartitioned).flatMap(({ name }) =>
    (streams.get(name) ?? []).map(({ position, memo }): [string, OwnPlace] => {
      // Written by `Partitions.positions`.
      const { home, streamIds } = JSON.parse(memo) as { home: string; streamIds: string[] }
      return [home, { taken: position, streamIds }]
    }),
  )
  return new Map(places)
}

/** The streams of all partitions: what waits of them from an earlier run is read again, by whomever. */
export const streamIdsOf = (places: ReadonlyMap<string, OwnPlace>): readonly string[] =>
  [...places.values()].flatMap(({ streamIds }) => streamIds)
