// What is in a routed topic, read with kafkajs alone as a reader of committed messages, and what must be true of it.
import assert from 'node:assert/strict'
import kafkajs from 'kafkajs'
import { plainClient } from '../../services/kafka-topics.ts'

/** A message as it stands in the topic. */
export interface Routed {
  readonly partition: number
  readonly key: string
  readonly lines: readonly string[]
}

const endKey = 'the end of a test'

/** Everything that is committed by now, in the order of each partition. */
export async function readRouted(address: string, topic: string): Promise<readonly Routed[]> {
  const kafka = plainClient(address)
  const partitions = await markEnds(kafka, topic)
  const consumer = kafka.consumer({ groupId: `reader of ${topic} ${performance.now()}` })
  const found: Routed[] = []
  const atEnd = new Set<number>()
  /** The offset that is read next: what a consumer could not tell its group comes again. */
  const next = new Map<number, number>()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const end = Promise.withResolvers<void>()
  await consumer.run({
    eachBatch: async ({ batch: { partition, messages } }) => {
      for (const { key, value, offset } of messages) {
        if (Number(offset) < (next.get(partition) ?? 0)) continue
        next.set(partition, Number(offset) + 1)
        if (key?.toString() === endKey) atEnd.add(partition)
        else found.push({ partition, key: String(key), lines: String(value).split(/(?<=\n)/) })
      }
      if (atEnd.size === partitions) end.resolve()
    },
  })
  await end.promise
  await consumer.disconnect()
  return found
}

/** Behind everything else; a transaction that is still open would keep the reader from it. */
async function markEnds(kafka: kafkajs.Kafka, topic: string): Promise<number> {
  const admin = kafka.admin()
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await admin.connect()
  await producer.connect()
  const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition }) => partition)
  await producer.send({ topic, messages: partitions.map(partition => ({ partition, key: endKey, value: '' })) })
  await producer.disconnect()
  await admin.disconnect()
  return partitions.length
}

/** Rows that tell themselves apart: their place in what they came from. */
export const rowOf = (from: string, serial: number, functionName: string): string =>
  `${JSON.stringify({ __time__: 1_705_136_031, functionName, instanceID: `c-${functionName}`, message: `${from} ${serial}` })}\n`

/** Every row is there once; rows of a key are in one partition, and those that came from one place in their order. */
export function mustBeRouted(routed: readonly Routed[], rows: ReadonlyMap<string, readonly string[]>): void {
  const byKey = new Map<string, { partitions: Set<number>; lines: string[] }>()
  for (const { partition, key, lines } of routed) {
    const held = byKey.get(key) ?? { partitions: new Set(), lines: [] }
    byKey.set(key, held)
    held.partitions.add(partition)
    for (const line of lines) held.lines.push(line)
  }
  for (const [key, { partitions }] of byKey) assert.equal(partitions.size, 1, `${key} is in several partitions`)
  const wanted = new Map<string, string[]>()
  for (const [from, list] of rows) {
    for (const row of list) {
      const place = `/${JSON.parse(row).functionName} from ${from}`
      const ofPlace = wanted.get(place) ?? []
      wanted.set(place, ofPlace)
      ofPlace.push(row)
    }
  }
  const got = new Map<string, string[]>([...wanted.keys()].map(place => [place, []]))
  for (const [key, { lines }] of byKey) {
    for (const line of lines) got.get(`${key} from ${/"message":"(\S+) /.exec(line)?.[1]}`)?.push(line)
  }
  for (const [place, list] of wanted) {
    const there = got.get(place) ?? []
    assert.equal(new Set(there).size, there.length, `${place}: a row twice`)
    assert.equal(there.length, list.length, `${place}: rows`)
    assert.ok(
      there.every((line, at) => line === list[at]),
      `${place}: the order`,
    )
  }
  const count = routed.reduce((sum, { lines }) => sum + lines.length, 0)
  assert.equal(
    count,
    [...rows.values()].reduce((sum, list) => sum + list.length, 0),
    'other rows',
  )
}
