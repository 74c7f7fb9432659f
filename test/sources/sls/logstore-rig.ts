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

/** A source that is not started yet; it is stopped at the end of the test. */
export function openLogstore(t: TestContext, options: OpenOptions & { readonly endpoint: string }): Opened {
  const { once = false, query, name = 'a', endpoint, ...own } = options
  const world = new SourceWorld()
  const hasQuery = query !== undefined
  const chosen: LogstoreSettings = { ...settings, consumerName: name, endpoint, hasQuery, ...own }
  const { project, logstore } = chosen
  const credentials = staticCredentials({ accessKeyId: 'test-ak', accessKeySecret: 'test-sk', securityToken: null })
  const signing = { credentials, signature: 'v1', region: null } as const
  const source = new LogstoreSource(chosen, {
    ...world.deps(once, 'logs'),
    nowMs: Date.now,
    host: 'here',
    monotonicMs: () => performance.now(),
    random: () => 0,
    connect: () => createSlsClient({ endpoint, project, logstore, ...signing, query: query ?? null, nowMs: Date.now }),
  })
  t.after(async () => {
    await source.stop()
    world.remove()
  })
  return { source, world }
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

  open(options: OpenOptions = {}): Opened {
    return openLogstore(this.#t, { endpoint: this.service.endpoint, ...options })
  }

  /** A started source with a worker that reads it. */
  async work(
    options: OpenOptions = {},
    how: Partial<Omit<TinyWorkerOptions, 'source'>> = {},
  ): Promise<Opened & { worker: TinyWorker }> {
    return startWorker(this.#t, this.open(options), { store: this.store, ...how })
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

/** Starts the source, and a worker that reads it. */
export async function startWorker(
  t: TestContext,
  opened: Opened,
  how: Omit<TinyWorkerOptions, 'source'>,
): Promise<Opened & { worker: TinyWorker }> {
  await opened.source.start()
  const worker = new TinyWorker({ source: opened.source, ...how })
  t.after(() => worker.die())
  return { ...opened, worker }
}

const maxWaitMs = 30_000

/** Fails when it does not happen. */
export async function waitFor(holds: () => boolean, what: string): Promise<void> {
  const untilMs = performance.now() + maxWaitMs
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`did not happen: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
