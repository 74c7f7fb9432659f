// Kafka sources in tests: made with options as a configuration has them, and driven by small workers.
import type { z } from 'zod'
import type { PartitionedSource } from '../../../src/model/partitioned-source.ts'
import { isPartitioned } from '../../../src/model/partitioned-source.ts'
import { kafkaSource } from '../../../src/sources/kafka/kafka-source.ts'
import { SourceWorld } from '../shared/source-world.ts'
import { LineStore, PartitionWorker, type WorkerOptions } from './partition-worker.ts'

export type KafkaOptions = z.input<typeof kafkaSource.options>

/** Sessions as short as a broker allows. */
const shortSession = { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 20_000 } as const

export class KafkaRig {
  readonly world = new SourceWorld()
  readonly #workers: { worker: PartitionWorker; running: Promise<void> }[] = []

  constructor() {
    this.world.nowMs = Number.NaN
  }

  /** A source that was not started; its clock is the real one. */
  make(options: KafkaOptions, once = false): PartitionedSource {
    const checked = kafkaSource.options.parse({ ...shortSession, ...options })
    const source = kafkaSource.create(checked, { ...this.world.deps(once, 'kafka'), nowMs: () => Date.now() })
    if (!isPartitioned(source)) throw new TypeError('no partitions')
    return source
  }

  /** Starts a source, and a worker that runs until it is stopped. */
  async run(options: KafkaOptions, worker: Partial<WorkerOptions> & { once?: boolean } = {}): Promise<RunningWorker> {
    const source = this.make(options, worker.once ?? false)
    const small = new PartitionWorker(source, { store: new LineStore(), ...worker })
    await source.start([])
    const running = small.run()
    running.catch(() => {})
    this.#workers.push({ worker: small, running })
    return {
      worker: small,
      ended: running,
      stop: async () => {
        small.stop()
        await running
      },
    }
  }

  async close(): Promise<void> {
    for (const { worker } of this.#workers) worker.stop()
    await Promise.allSettled(this.#workers.map(({ running }) => running))
    this.world.remove()
  }
}

export interface RunningWorker {
  readonly worker: PartitionWorker
  /** Settled when it has ended by itself, or was stopped. */
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/** Looks until something holds; fails after a minute. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
