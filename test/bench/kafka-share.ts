// What one worker, and two of one group, take for the same rows with a ClickHouse server behind them. They have divided the partitions
// and are warm before it counts; the rows that do are seen all at once, at the end of a transaction.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { createTopic, partitionOf } from '../app/kafka/fill-topic.ts'
import { WorkerProcess } from '../app/worker/worker-process.ts'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { type KafkaStage, partitions } from './kafka-stage.ts'

/** From the moment that the rows are there until the group knows that all are stored. */
export interface ShareRun {
  readonly wallMs: number
  /** Of all workers, user and system. */
  readonly cpuMs: number
}

const messagesAtOnce = 1500
/** Waits are bounded: what hangs must end the bench. */
const waitMs = 120_000
const pollMs = 50
/** In `/proc`: a hundredth of a second. */
const tickMs = 10

/** Runs so many workers on so many rows, the first `warmUp` of which do not count. `name` is that of a new topic. */
export async function runShare(
  stage: KafkaStage,
  run: { readonly name: string; readonly workers: number; readonly rows: readonly string[]; readonly warmUp: number },
): Promise<ShareRun> {
  const { name, workers: count, rows, warmUp } = run
  const kafka = new Kafka({ brokers: [stage.broker.address], logLevel: logLevel.NOTHING })
  await createTopic(stage.topicOf(name))
  const server = new ClickHouseServer(stage.path(`server-${name}`))
  await server.start()
  const workers = Array.from({ length: count }, (_, number) => startWorker(stage, { name, number, url: server.url }))
  const admin = kafka.admin()
  await admin.connect()
  try {
    await until(() => workers.every(worker => hasShare(worker, count)))
    const store = async (part: readonly string[], total: number): Promise<ShareRun> => {
      const showRows = await hideRows(kafka, name, part)
      const cpuBefore = cpuMsOf(workers)
      const beganMs = performance.now()
      await showRows()
      await until(async () => isStored(await committedOf(admin, name), await endsOf(admin, name), total))
      return { wallMs: performance.now() - beganMs, cpuMs: cpuMsOf(workers) - cpuBefore }
    }
    await store(rows.slice(0, warmUp), warmUp)
    return await store(rows.slice(warmUp), rows.length)
  } finally {
    await admin.disconnect()
    await Promise.all(workers.map(worker => worker.stop()))
    await server.end()
  }
}

/** Rows that nobody sees before the promise of what is returned is there. */
async function hideRows(kafka: Kafka, topic: string, rows: readonly string[]): Promise<() => Promise<void>> {
  const transactionalId = randomUUID()
  const producer = kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 600_000,
  })
  await producer.connect()
  const transaction = await producer.transaction()
  for (let first = 0; first < rows.length; first += messagesAtOnce) {
    const part = rows.slice(first, first + messagesAtOnce)
    const messages = part.map(row => ({ value: row, partition: partitionOf(row, partitions) }))
    await transaction.send({ topic, acks: -1, messages })
  }
  return async () => {
    await transaction.commit()
    await producer.disconnect()
  }
}

function startWorker(stage: KafkaStage, worker: { name: string; number: number; url: string }): WorkerProcess {
  const { name, number, url } = worker
  const folder = stage.path(`worker-${name}-${number}`)
  mkdirSync(folder)
  const source = {
    type: 'kafka',
    brokers: [stage.broker.address],
    topics: [name],
    groupId: name,
    startAt: 'beginning',
  }
  const store = { type: 'clickhouse', url, database: 'fcscope' }
  writeFileSync(
    `${folder}/fcscope.yaml`,
    JSON.stringify({ sources: [source], store, metrics: { listen: '127.0.0.1:0' } }),
  )
  return new WorkerProcess({ folder, words: ['-c', 'fcscope.yaml'] })
}

/** What it was given last are as many partitions as the others have. */
function hasShare(worker: WorkerProcess, workers: number): boolean {
  if (worker.hasEnded) throw new Error(`a worker has ended:\n${worker.stderr}`)
  const last = worker.saw('partitionsAdopted').at(-1)
  return last !== undefined && String(last['partitions']).split(', ').length === partitions / workers
}

function cpuMsOf(workers: readonly WorkerProcess[]): number {
  return workers.reduce((sum, { child }) => {
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    // Behind the name in brackets: user and system time are the 12th and the 13th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return sum + (Number(fields[11]) + Number(fields[12])) * tickMs
  }, 0)
}

type Offsets = ReadonlyMap<number, number>

async function endsOf(admin: Admin, topic: string): Promise<Offsets> {
  const offsets = await admin.fetchTopicOffsets(topic)
  return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
}

async function committedOf(admin: Admin, topic: string): Promise<Offsets> {
  const [group] = await admin.fetchOffsets({ groupId: topic, topics: [topic] })
  return new Map((group?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]))
}

/**
 * All rows, which are so many, and each partition up to the last one; the end of a transaction is none. The end of the last one is not
 * seen at once.
 */
function isStored(committed: Offsets, ends: Offsets, rows: number): boolean {
  const offsets = [...ends.values()].reduce((sum, end) => sum + end, 0)
  if (offsets < rows) return false
  return [...ends].every(([partition, end]) => end === 0 || (committed.get(partition) ?? 0) >= end - 1)
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + waitMs
  while (!(await isTrue())) {
    if (performance.now() > untilMs) throw new Error(`not within ${waitMs / 1000} s`)
    await pause(pollMs)
  }
}
