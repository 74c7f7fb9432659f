// A consumer group of which fcscope and a consumer of an official SDK are members: both can be started and ended, and all that
// the SDK's was given is kept.
import type { TestContext } from 'node:test'
import { type ConsumedRow, SlsConsumer } from '../../services/sls-consumer.ts'
import { SlsFake } from '../../sources/sls/sls-fake.ts'
import { MetricsPage } from '../worker/metrics-page.ts'
import { WorkerStage } from '../worker/stage.ts'
import { until, type WorkerEvent, type WorkerProcess } from '../worker/worker-process.ts'
import { EndlessTraffic } from './endless-traffic.ts'

export type Member = 'fcscope' | 'sdk'

/** A member was killed: of this shard of its, rows from its checkpoint to the newest one may be consumed a second time. */
export interface Kill {
  readonly member: Member
  readonly shard: number
  readonly from: number
  readonly to: number
}

/** A shard as the group has it. */
interface ShardState {
  readonly state: string
  readonly owner: string
  readonly checkpointIndex?: number
  readonly checkpointBy: string
}

export const shards = 4
const logstore = 'shared'
const project = 'fc-test'
const groupName = 'both'
const heartbeatSeconds = 1
/** The least that fcscope takes. */
const timeoutSeconds = 10
const commitMs = 1000
const waitMs = 45_000

export class SharedGroup {
  readonly stage: WorkerStage
  readonly traffic: EndlessTraffic
  readonly kills: Kill[] = []
  readonly #fake: SlsFake
  readonly #command: readonly string[]
  readonly #workers: WorkerProcess[] = []
  readonly #consumers: SlsConsumer[] = []
  readonly #running = new Set<Member>()

  private constructor(fake: SlsFake, command: readonly string[], stage: WorkerStage) {
    this.#fake = fake
    this.#command = command
    this.stage = stage
    this.traffic = new EndlessTraffic(fake, logstore, shards)
  }

  /** On a fake of its own with these flags; `command`: the SDK's consumer. Everything ends with the test. */
  static async open(t: TestContext, command: readonly string[], flags: readonly string[]): Promise<SharedGroup> {
    const stage = new WorkerStage()
    t.diagnostic(stage.folder)
    const fake = await SlsFake.start(t, ...flags)
    await fake.makeLogstore(logstore, shards)
    const place = `endpoint: "${fake.endpoint}", project: ${project}, logstore: ${logstore}, startAt: beginning`
    const times = `heartbeatMs: ${heartbeatSeconds * 1000}, groupTimeoutSeconds: ${timeoutSeconds}`
    const keys = 'accessKeyId: test-ak, accessKeySecret: test-sk'
    stage.configure(
      `sources: [{type: sls, ${place}, consumerGroup: ${groupName}, consumerName: fcscope, ${times}, ${keys}}]\n`,
    )
    const group = new SharedGroup(fake, command, stage)
    t.after(() => group.#close())
    return group
  }

  async #close(): Promise<void> {
    await this.traffic.stop().catch(() => {})
    await Promise.all([...this.#consumers.map(consumer => consumer.end('SIGKILL')), this.stage.end()])
  }

  /** What the SDK's consumer was given, in all its runs. */
  get printed(): readonly ConsumedRow[] {
    return this.#consumers.flatMap(({ rows }) => rows)
  }

  /** What fcscope said in all its runs. */
  get events(): readonly WorkerEvent[] {
    return this.#workers.flatMap(({ events }) => events)
  }

  /** Of the worker that runs. */
  async metrics(): Promise<MetricsPage> {
    return MetricsPage.read((await this.#workers.at(-1)?.ready()) ?? '')
  }

  start(member: Member): void {
    this.#running.add(member)
    if (member === 'fcscope') {
      this.#workers.push(this.stage.start())
      return
    }
    const { endpoint } = this.#fake
    const place = { endpoint, project, logstore, group: groupName, name: member }
    const times = { heartbeatSeconds, timeoutSeconds, commitMs }
    const logFile = this.stage.path('sdk.log')
    this.#consumers.push(new SlsConsumer({ command: this.#command, ...place, ...times, logFile }))
  }

  /** As somebody would who stops it, or as a crash would. */
  async end(member: Member, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#running.delete(member)
    const ended = await (member === 'sdk' ? this.#consumers.at(-1)?.end(signal) : this.#endWorker(signal))
    const isRight = signal === 'SIGKILL' ? ended === signal : ended === 0
    if (!isRight) throw new Error(`${member} ended with ${ended} after ${signal}`)
    if (signal === 'SIGTERM') return
    for (const [shard, { owner, checkpointIndex = 0 }] of (await this.#states()).entries()) {
      const to = this.traffic.sent[shard]?.length ?? 0
      if (owner === member) this.kills.push({ member, shard, from: checkpointIndex, to })
    }
  }

  async #endWorker(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals | null | undefined> {
    const ended = await this.#workers.at(-1)?.stop(signal)
    return ended?.status ?? ended?.signal
  }

  /** Waits until the members have so many shards each, and none is on its way. Resolves with how long that took, in ms. */
  async divided(want: Readonly<Record<Member, number>>): Promise<number> {
    const beganMs = performance.now()
    await this.#until(`shards are divided ${JSON.stringify(want)}`, states => {
      const has = (member: Member): number => states.filter(({ owner }) => owner === member).length
      const isCalm = states.length === shards && states.every(({ state }) => state === 'already_alloc')
      return isCalm && has('fcscope') === want.fcscope && has('sdk') === want.sdk
    })
    return performance.now() - beganMs
  }

  /** Waits until whoever has the shards has consumed what was sent until now: fcscope tells the group when it has, the SDK prints it. */
  async consumed(): Promise<void> {
    const ends = this.traffic.sent.map(({ length }) => length)
    await this.#until(`consumed up to ${ends}`, states =>
      states.every(({ owner, checkpointBy, checkpointIndex = 0 }, shard) => {
        const end = ends[shard] ?? 0
        if (owner === 'fcscope') return checkpointBy === owner && checkpointIndex >= end
        return this.#consumers.at(-1)?.rows.some(({ id }) => id === `${shard}-${end - 1}`) === true
      }),
    )
  }

  async #until(what: string, isSo: (states: readonly ShardState[]) => boolean): Promise<void> {
    const ask = async (): Promise<boolean> => {
      const worker = this.#workers.at(-1)
      if (this.#running.has('fcscope') && worker?.hasEnded === true) throw new Error(`fcscope ended:\n${worker.stderr}`)
      return isSo(await this.#states())
    }
    await until(what, ask, { timeoutMs: waitMs })
  }

  /** By shard; none before the group is made. */
  async #states(): Promise<readonly ShardState[]> {
    // What the admin interface answers.
    const stats = (await this.#fake.admin('GET', 'stats')) as {
      byLogstore: Record<string, { groups: Record<string, { shards: Record<string, ShardState> }> }>
    }
    const states = stats.byLogstore[`${project}/${logstore}`]?.groups[groupName]?.shards ?? {}
    return Object.keys(states).map((_, shard) => states[shard]!)
  }
}
