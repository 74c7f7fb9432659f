// A worker of a group, in this process: its own state, a store that it shares.
import { join } from 'node:path'
import { z } from 'zod'
import { runWorker } from '../../../src/app/run-worker.ts'
import { defaultWorkerConfig } from '../../../src/app/worker-config.ts'
import { defineSource } from '../../../src/sources/shared/source-definition.ts'
import type { Log, LogFields } from '../../../src/telemetry/log.ts'
import { MetricsPage } from '../worker/metrics-page.ts'
import { type MemoryGroup, MemorySource } from './memory-group.ts'

export interface MemberOptions {
  readonly folder: string
  /** Tells it, and its state, from others. */
  readonly name: string
  readonly group: MemoryGroup
  readonly storeUrl: string
  readonly once?: boolean
}

/** One run of a worker. */
export class Member {
  readonly name: string
  readonly events: (readonly [string, LogFields])[] = []
  readonly ended: Promise<unknown>
  readonly started: Promise<void>
  readonly #group: MemoryGroup
  #source: MemorySource | null = null
  #stop: () => void = () => {}
  #metricsUrl = ''

  constructor(options: MemberOptions) {
    this.name = options.name
    this.#group = options.group
    const started = Promise.withResolvers<void>()
    this.started = started.promise
    this.ended = runWorker({
      config: this.#config(options),
      once: options.once ?? false,
      lang: 'en',
      version: 'test',
      log: this.#log(),
      nowMs: Date.now,
      random: Math.random,
      onStoppable: stop => {
        this.#stop = stop
      },
      onStarted: () => started.resolve(),
      onProgress: null,
    }).catch((error: unknown) => error)
    void this.ended.then(() => started.resolve())
  }

  #config({ folder, name, storeUrl }: MemberOptions): Parameters<typeof runWorker>[0]['config'] {
    const config = defaultWorkerConfig(join(folder, name), {
      store: { type: 'clickhouse', url: storeUrl },
      metrics: { listen: '127.0.0.1:0' },
      batch: { lingerMs: 20 },
      reconstruct: { settleAfterMs: 50 },
    })
    const definition = defineSource({
      type: 'memory',
      options: z.strictObject({}),
      create: (_options, deps) => {
        this.#source = new MemorySource(this.#group, deps)
        return this.#source
      },
    })
    const source = { type: 'memory', name: 'memory', definition, options: {} }
    return { ...config, settings: { ...config.settings, sources: [source] } }
  }

  #log(): Log {
    return {
      write: (_severity, event, _text, fields = {}) => {
        this.events.push([event, fields])
        if (event === 'workerStarted') this.#metricsUrl = String(fields['metrics'])
      },
    }
  }

  metrics(): Promise<MetricsPage> {
    return MetricsPage.read(this.#metricsUrl)
  }

  /** What it had is gone from memory; what is on its way to the store may arrive. The group is not told. */
  async kill(): Promise<void> {
    if (this.#source !== null) this.#source.isDead = true
    await this.ended
  }

  /** The group noticed. */
  expel(): void {
    if (this.#source !== null) this.#group.expel(this.#source)
  }

  async stop(): Promise<void> {
    this.#stop()
    const error = await this.ended
    if (error instanceof Error) throw error
  }
}
