// The topic that records go to: which partition a key belongs to, and how much the brokers take at a time.
import type { Admin, PartitionMetadata } from 'kafkajs'
import { type KafkaClient, loadKafkajs } from '../../lib/kafka/kafka-client.ts'
import type { KeyedRecord } from './keyed-record.ts'

/** What brokers allow where nobody says otherwise (`message.max.bytes`). */
const usualMaxBytes = 1_048_588
/** Of a batch of records, whatever is in it. */
const batchOverhead = 256
/** Of a record beside its key and value: lengths, differences of times and offsets. */
const recordOverhead = 64
/** kafkajs takes more than twice as long for twice as many. */
const maxSendRecords = 250

export interface TargetTopic {
  readonly name: string
  /** Of the records that are sent to a partition at a time. */
  readonly maxSendBytes: number
  readonly partitionOf: (key: Uint8Array) => number
}

/** A record that has its partition. */
export interface PlacedRecord extends KeyedRecord {
  readonly partition: number
}

/** What counts against {@link TargetTopic.maxSendBytes}. */
export const sendBytesOf = ({ key, value }: KeyedRecord): number => key.length + value.length + recordOverhead

/** Asks the cluster. Rejects with kafkajs's error when there is no such topic, or nobody answers. */
export async function findTargetTopic(client: KafkaClient, name: string): Promise<TargetTopic> {
  const admin = client.kafka.admin()
  try {
    await admin.connect()
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
    const partitions = topics[0]?.partitions.length ?? 0
    const maxBytes = await findMaxBytes(admin, name)
    return { name, maxSendBytes: maxBytes - batchOverhead, partitionOf: await partitioner(name, partitions) }
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

/** Not everybody may ask for it. */
async function findMaxBytes(admin: Admin, name: string): Promise<number> {
  const { ConfigResourceTypes } = await loadKafkajs()
  const query = { type: ConfigResourceTypes.TOPIC, name, configNames: ['max.message.bytes'] }
  try {
    const { resources } = await admin.describeConfigs({ resources: [query], includeSynonyms: false })
    const value = Number(resources[0]?.configEntries[0]?.configValue)
    return value > 0 ? value : usualMaxBytes
  } catch {
    return usualMaxBytes
  }
}

/** Keys go to partitions as Kafka's own clients send them there. */
async function partitioner(topic: string, partitions: number): Promise<(key: Uint8Array) => number> {
  const { Partitioners } = await loadKafkajs()
  const choose = Partitioners.DefaultPartitioner()
  const partitionMetadata = Array.from(
    { length: partitions },
    (_, partitionId): PartitionMetadata => ({ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] }),
  )
  return key => choose({ topic, partitionMetadata, message: { key: Buffer.from(key), value: null } })
}

/** Divides records into what is sent at a time; those of a partition stay in order. */
export function sendsOf(records: readonly PlacedRecord[], maxBytes: number): readonly (readonly PlacedRecord[])[] {
  const sends: PlacedRecord[][] = []
  /** Where each partition is. */
  const filling = new Map<number, { send: number; bytes: number; records: number }>()
  for (const record of records) {
    const bytes = sendBytesOf(record)
    const place = filling.get(record.partition) ?? { send: 0, bytes: 0, records: 0 }
    filling.set(record.partition, place)
    if (place.records > 0 && (place.records === maxSendRecords || place.bytes + bytes > maxBytes)) {
      place.send += 1
      place.bytes = place.records = 0
    }
    place.bytes += bytes
    place.records += 1
    const send = sends[place.send]
    if (send === undefined) sends.push([record])
    else send.push(record)
  }
  return sends
}
