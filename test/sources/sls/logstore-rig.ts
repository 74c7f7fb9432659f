// Sources of one fake Logstore, their worlds, and workers that use them; everything ends with the test.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { staticCredentials } from '../../../src/sources/sls/client/credentials.ts'
import { createSlsClient } from '../../../src/sources/sls/client/sls-client.ts'
import { type LogstoreSettings, LogstoreSource } from '../../../src/sources/sls/logstore-source.ts'
import { SourceWorld } from '../shared/source-world.ts'
import { FakeSls } from './fake-sls.ts'
import { TinyStore, TinyWorker, type TinyWorkerOptions } from './tiny-worker.ts'

export interface OpenOptions extends Partial<LogstoreSettings> {
  readonly once?: boolean
  readonly query?: string
  readonly name?: string
  readonly endpoint?: string
}

const settings = {
  project: 'fc-test',
  logstore: 'fc-logs',
  group: 'fcscope',
  startAt: 'beginning',
  heartbeatMs: 50,
  groupTimeoutSeconds: 1,
  isOrdered: false,
  maxBufferedBytes: 64 * 1024 * 1024,
  checkpointMs: 20,
  shardListMs: 50,
} as const

export interface Opened {
  readonly source: LogstoreSource
  readonly world: SourceWorld
}

export class LogstoreRig {
  readonly service: FakeSls
  readonly store = new TinyStore()
  readonly #t: TestContext
  #rows = 0

  static async start(t: TestContext, shards: number): Promise<LogstoreRig> {
    const rig = new LogstoreRig(t, shards)
    await rig.service.listen()
    t.after(() => rig.service.close())
    return rig
  }

  private constructor(t: TestContext, shards: number) {
    this.#t = t
    this.service = new FakeSls(shards, Date.now)
  }

  /** LogGroups of so many rows each. Their ids are `r000001` and so on, over all shards. */
  put(shard: number, groups: number, rows = 3): void {
    const place = this.service.logstore.shard(shard)
    for (let group = 0; group < groups; group += 1) {
      const logs = Array.from({ length: rows }, () => {
        this.#rows += 1
        const id = `r${String(this.#rows).padStart(6, '0')}`
        return { id, message: `line ${id}` }
      })
      place.put(logs)
    }
  }

  /** Ids of all rows that were put. */
  get ids(): readonly string[] {
    return Array.from({ length: this.#rows }, (_, i) => `r${String(i + 1).padStart(6, '0')}`)
  }

  open({ once = false, query, name = 'a', endpoint = this.service.endpoint, ...own }: OpenOptions = {}): Opened {
    const world = new SourceWorld()
    const { log, wake, folder } = world.deps()
    const hasQuery = query !== undefined
    const chosen: LogstoreSettings = { ...settings, consumerName: name, endpoint, hasQuery, ...own }
    const source = new LogstoreSource(chosen, {
      name: 'logs',
      once,
      folder,
      log,
      wake,
      nowMs: Date.now,
      host: 'here',
      monotonicMs: () => performance.now(),
      random: () => 0,
      connect: () =>
        createSlsClient({
          endpoint,
          project: chosen.project,
          logstore: chosen.logstore,
          credentials: staticCredentials({ accessKeyId: 'id', accessKeySecret: 'secret', securityToken: null }),
          signature: 'v1',
          region: null,
          query: query ?? null,
          nowMs: Date.now,
        }),
    })
    this.#t.after(async () => {
      await source.stop()
      world.remove()
    })
    return { source, world }
  }

  /** A started source with a worker that reads it. */
  async work(
    options: OpenOptions = {},
    how: Partial<TinyWorkerOptions> = {},
  ): Promise<Opened & { worker: TinyWorker }> {
    const opened = this.open(options)
    await opened.source.start()
    const worker = new TinyWorker({ source: opened.source, store: this.store, ...how })
    this.#t.after(() => worker.die())
    return { ...opened, worker }
  }

  /** Every row is stored once, under one place. */
  assertStored(): void {
    assert.deepEqual(this.store.ids, this.ids)
    assert.deepEqual(this.store.clashes, [])
  }

  /** Every row is stored. */
  allStored(): Promise<void> {
    return waitFor(() => this.store.lines.size >= this.#rows, `${this.#rows} rows`)
  }
}

const maxWaitMs = 20_000

/** Fails when it does not happen. */
export async function waitFor(holds: () => boolean, what: string): Promise<void> {
  const untilMs = performance.now() + maxWaitMs
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`did not happen: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
