// Reads a partitioned source until so much came, as a process of its own: `drain-source.ts TASK [GROUP]` (TASK is JSON). What comes is
// dropped, or goes through the loop and the engine of the worker, without a store. Says in one line of JSON what that took; fails when a
// row is missing or unaccounted for.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceDefinitions } from '../../src/app/source-definitions.ts'
import {
  type ChunkRecords,
  hasRecords,
  isPartitioned,
  type PartitionedSource,
} from '../../src/model/partitioned-source.ts'
import { quietLog, RowlessWorker } from './rowless-worker.ts'
import { SourceDrop } from './source-drop.ts'

/** What is to be done. */
export interface DrainTask {
  /** As in a configuration. */
  readonly source: Readonly<Record<string, unknown>> & { readonly type: string }
  /** `drop`: what comes is dropped. `engine`: it becomes attempts, whose rows are dropped. */
  readonly take: 'drop' | 'engine'
  /** It is over after so many rows, or so many records of the source, LogGroups or messages, where rows are not counted. */
  readonly rows: number
  readonly records: number
}

/** What is compiled, allocated and filled only once counts in the first part of a run. */
const warmShare = 0.4

/** Since the start of the source, and what is in use by then; megabytes of 1,000,000 bytes. */
export interface DrainState {
  /** Of the rows, 0 to 1. */
  readonly share: number
  readonly wallMs: number
  /** User and system time of the process, all of its threads. */
  readonly cpuMs: number
  /** JavaScript heap, after it was collected; without that, where that is not allowed: it throws compiled code away. */
  readonly heapMB: number
  /** Buffers outside the heap. */
  readonly buffersMB: number
}

export interface Drained {
  readonly warm: DrainState
  readonly end: DrainState
  readonly rows: number
  /** Of the source. */
  readonly records: number
  /** Given out; 0 where rows were dropped. */
  readonly attempts: number
  readonly peakResidentMB: number
}

const lookMs = 20

async function drain(task: DrainTask): Promise<Drained> {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-drain-'))
  try {
    return await drainIn(folder, task)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function drainIn(folder: string, task: DrainTask): Promise<Drained> {
  let wake = (): void => {}
  const source = createSource(task, folder, () => wake())
  const taken = countTaken(source)
  const taker = task.take === 'drop' ? new SourceDrop(source, { ...task, taken }) : new RowlessWorker(source, task)
  wake = () => taker.wake()
  const clock = new DrainClock(() => taker.rows / task.rows)
  let warm: DrainState | null = null
  const timer = setInterval(() => {
    if (warm === null && clock.share >= warmShare) warm = clock.look()
  }, lookMs)
  await source.start([])
  await taker.run()
  const end = clock.look()
  clearInterval(timer)
  await source.stop()
  const { rows, attempts, unaccounted } = taker
  if (rows !== task.rows || unaccounted !== 0)
    throw new Error(`${task.rows} rows were expected, ${rows} came, ${unaccounted} are unaccounted for`)
  const peakResidentMB = (process.resourceUsage().maxRSS * 1024) / 1e6
  return { warm: warm ?? end, end, rows, records: taken(), attempts, peakResidentMB }
}

/** How many records were taken whole. */
function countTaken(source: PartitionedSource): () => number {
  let taken = 0
  const advance = source.advance.bind(source)
  source.advance = (chunk, bytes) => {
    if (hasRecords(chunk)) taken += wholeIn(chunk.records, bytes)
    advance(chunk, bytes)
  }
  return () => taken
}

function wholeIn({ ends, count, isCut }: ChunkRecords, bytes: number): number {
  const last = isCut ? count - 1 : count
  let whole = 0
  while (whole < last && ends[whole]! <= bytes) whole += 1
  return whole
}

class DrainClock {
  readonly #beganMs = performance.now()
  readonly #cpuBefore = process.cpuUsage()
  readonly #share: () => number

  constructor(share: () => number) {
    this.#share = share
  }

  get share(): number {
    return this.#share()
  }

  look(): DrainState {
    const { user, system } = process.cpuUsage(this.#cpuBefore)
    const wallMs = performance.now() - this.#beganMs
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    const cpuMs = (user + system) / 1000
    return { share: this.share, wallMs, cpuMs, heapMB: heapUsed / 1e6, buffersMB: external / 1e6 }
  }
}

function createSource({ source }: DrainTask, folder: string, wake: () => void): PartitionedSource {
  const { type, ...options } = source
  const definition = sourceDefinitions.find(each => each.type === type)
  if (definition === undefined) throw new Error(`no kind of source ${type}`)
  const deps = { name: type, once: false, folder, log: quietLog, nowMs: Date.now, wake }
  const created = definition.create(definition.options.parse(options), deps)
  if (!isPartitioned(created)) throw new Error(`${type} has no partitions`)
  return created
}

const [text = '{}', groupId] = process.argv.slice(2)
// Another bench wrote it.
const task: DrainTask = JSON.parse(text)
const source = groupId === undefined ? task.source : { ...task.source, groupId }
process.stdout.write(`${JSON.stringify(await drain({ ...task, source }))}\n`)
