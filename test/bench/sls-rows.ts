// Rows of a file as what the larger fake of Simple Log Service loads: LogGroups of one topic each, a function always in one shard.

import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { partitionOf } from '../app/kafka/fill-topic.ts'

/** Logs of one LogGroup: an agent sends what it has every few seconds. */
export const logsPerGroup = 50

const instance = /"instanceID":"c-[0-9a-f]{8}-[0-9a-f]{18}/
const fewInstances = `"instanceID":"c-67876b00-${'0'.repeat(18)}`

/**
 * Writes the file that the fake loads. Rows of one topic stay in their order; those of others come between LogGroups. Instances of a
 * function are no more than 256: generated ones are gone after some dozens of requests, and what is known of so many would still grow.
 */
export async function writeLoad(rows: string, load: string, shards: number): Promise<void> {
  const output = createWriteStream(load)
  const waiting = new Map<string, Group>()
  const flush = async ({ logs }: Group): Promise<void> => {
    if (!output.write(`${logs.join('\n')}\n`)) await once(output, 'drain')
  }
  let serial = 0
  for await (const line of createInterface({ input: createReadStream(rows) })) {
    const row: Row = JSON.parse(line.replace(instance, fewInstances))
    const topic = row['__topic__'] ?? ''
    let group = waiting.get(topic)
    if (group === undefined) {
      serial += 1
      group = { tags: tagsOf(row, serial), shard: partitionOf(line, shards), logs: [] }
      waiting.set(topic, group)
    }
    group.logs.push(logOf(row, group))
    if (group.logs.length < logsPerGroup) continue
    waiting.delete(topic)
    await flush(group)
  }
  for (const group of waiting.values()) await flush(group)
  output.end()
  await once(output, 'finish')
}

type Row = Readonly<Record<string, string>>

interface Group {
  readonly tags: Row
  readonly shard: number
  readonly logs: string[]
}

/** What the service adds: it is different in every LogGroup. */
const tagsOf = ({ __time__: time = '' }: Row, serial: number): Row => ({
  __receive_time__: time,
  __pack_id__: `5BD1A6FF3D5C1B3F-${serial.toString(16).toUpperCase()}`,
})

function logOf(row: Row, { tags, shard }: Group): string {
  const { __time__, __time_ns_part__, __topic__, __source__, ...fields } = row
  return JSON.stringify({
    time: Number(__time__),
    ...(__time_ns_part__ === undefined ? {} : { ns: Number(__time_ns_part__) }),
    topic: __topic__ ?? '',
    source: __source__ ?? '',
    tags,
    fields,
    shard,
  })
}
