// Functions that are invoked again and again: their rows go into the shards of a fake Logstore until somebody says stop.
import type { SlsFake } from '../../sources/sls/sls-fake.ts'
import { partitionOf } from '../kafka/fill-topic.ts'
import { loadRows } from '../sls/load-rows.ts'
import { pause } from '../worker/worker-process.ts'

export interface SentRow {
  /** Its shard, and its place there. */
  readonly id: string
  readonly requestId: string
  readonly kind: 'start' | 'line' | 'end'
}

export const linesPerInvocation = 4
const kinds = ['start', ...Array.from({ length: linesPerInvocation }, () => 'line' as const), 'end'] as const
const functions = Array.from({ length: 10 }, (_, n) => `fn-${n}`)
const rowsPerTurn = 2
const turnMs = 100
/** It ends by itself, should nobody end it. */
const maxTurns = 3000

export class EndlessTraffic {
  /** Of each shard, in their order there. A row is a LogGroup, so checkpoints count the same. */
  readonly sent: readonly SentRow[][]
  readonly #fake: SlsFake
  readonly #logstore: string
  readonly #ending = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(fake: SlsFake, logstore: string, shards: number) {
    this.#fake = fake
    this.#logstore = logstore
    this.sent = Array.from({ length: shards }, () => [])
  }

  start(): void {
    this.#running = this.#run()
    this.#running.catch(() => {})
  }

  /** Fails when sending had failed. */
  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const shards = this.sent.map((_, shard) => shard)
    for (let turn = 0; turn < maxTurns && !this.#ending.signal.aborted; turn += 1) {
      const steps = Array.from({ length: rowsPerTurn }, (_, n) => turn * rowsPerTurn + n)
      const lines = steps.flatMap(step => functions.map((name, n) => this.#row(name, n, step)))
      await loadRows(this.#fake, this.#logstore, { lines, shards, perGroup: 1 })
      await pause(turnMs)
    }
  }

  #row(functionName: string, n: number, step: number): string {
    const kind = kinds[step % kinds.length]!
    const invocation = Math.floor(step / kinds.length) * functions.length + n
    const requestId = `1-67876b00-${invocation.toString(16).padStart(24, '0')}`
    const nowMs = Date.now()
    const row = {
      __time__: String(Math.floor(nowMs / 1000)),
      __time_ns_part__: String((nowMs % 1000) * 1_000_000),
      __topic__: `FCLogs:${functionName}`,
      functionName,
      qualifier: 'LATEST',
      instanceID: `c-67876b00-${functionName.padEnd(20, '0')}`,
    }
    const shard = partitionOf(JSON.stringify(row), this.sent.length)
    const id = `${shard}-${this.sent[shard]!.length}`
    this.sent[shard]!.push({ id, requestId, kind })
    const line = `${new Date(nowMs).toISOString()}: ${requestId} [INFO]  row ${id}`
    const messages = {
      start: `FC Invoke Start RequestId: ${requestId}`,
      line,
      end: `FC Invoke End RequestId: ${requestId}`,
    }
    return JSON.stringify({ ...row, message: messages[kind], id })
  }
}
