// A queue on a sink whose deliveries a test ends by hand, in a time that a test moves.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, type TestContext } from 'node:test'
import type { Delivery, DeliverySink } from '../../../src/model/delivery.ts'
import { DeliveryQueue } from '../../../src/sinks/shared/delivery-queue.ts'
import type { LogFields } from '../../../src/telemetry/log.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-queue-'))
after(() => rmSync(folder, { recursive: true }))
export const handTime = (): void =>
  beforeEach(t => (t as TestContext).mock.timers.enable({ apis: ['setTimeout', 'Date'] }))

/** Promises that are settled have their say. */
export const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

interface Visit {
  readonly delivery: Delivery
  readonly mayBeThere: boolean
  readonly signal: AbortSignal
  ok(): Promise<void>
  fail(why?: string): Promise<void>
}

/** A sink whose deliveries a test ends by hand. */
class HandSink implements DeliverySink {
  readonly name: string
  readonly maxConcurrent: number
  readonly visits: Visit[] = []

  constructor(maxConcurrent = 1, name = 'store') {
    this.name = name
    this.maxConcurrent = maxConcurrent
  }

  comesBehindOthers({ part }: Delivery): boolean {
    return part === 'last'
  }

  deliver(delivery: Delivery, { mayBeThere, signal }: { mayBeThere: boolean; signal: AbortSignal }): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const ok = (): Promise<void> => {
      resolve()
      return turn()
    }
    const fail = (why = 'down'): Promise<void> => {
      reject(new Error(why))
      return turn()
    }
    signal.addEventListener('abort', () => reject(new Error('aborted')))
    this.visits.push({ delivery, mayBeThere, signal, ok, fail })
    return promise
  }

  /** Batches of all visits so far. */
  get batches(): number[] {
    return this.visits.map(({ delivery }) => delivery.batch)
  }

  get last(): Visit {
    return this.visits.at(-1)!
  }
}

/** A queue with what it told; waits have their full length unless `random` says so. */
export class Rig {
  readonly sink: HandSink
  readonly queue: DeliveryQueue
  readonly delivered: number[] = []
  readonly tries: { ok: boolean; seconds: number }[] = []
  readonly events: [string, LogFields][] = []
  onDelivered: () => void = () => {}

  constructor(options: { maxConcurrent?: number; maxBytes?: number; random?: () => number; name?: string } = {}) {
    this.sink = new HandSink(options.maxConcurrent, options.name)
    this.queue = new DeliveryQueue({
      sink: this.sink,
      maxBytes: options.maxBytes ?? 1000,
      onDelivered: ({ batch, file }) => {
        assert.ok(existsSync(file), 'it is noted before the file goes')
        this.onDelivered()
        this.delivered.push(batch)
      },
      onTry: result => this.tries.push(result),
      log: { write: (_, event, __, fields = {}) => this.events.push([event, fields]) },
      nowMs: () => Date.now(),
      random: options.random ?? (() => 1),
    })
  }

  add(batch: number, options: { mayBeThere?: boolean; bytes?: number; part?: string } = {}): Delivery {
    const file = join(folder, `${this.sink.name}-${batch}`)
    writeFileSync(file, '')
    const { bytes = 10, mayBeThere = false, part = 'lines' } = options
    const delivery = { sink: this.sink.name, batch, part, file, rows: 1, bytes, storedMs: 0 }
    this.queue.add([delivery], { mayBeThere })
    return delivery
  }

  named(event: string): LogFields[] {
    return this.events.filter(([name]) => name === event).map(([, fields]) => fields)
  }
}
