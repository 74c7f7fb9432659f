// Rows of a file as LogGroups of the larger fake: those of a function always into one shard, as it is at that time.
import type { SlsFake } from '../../sources/sls/sls-fake.ts'
import { partitionOf } from '../kafka/fill-topic.ts'

/** Sends rows; `shards`: where each slot of functions goes. */
export async function loadRows(
  fake: SlsFake,
  logstore: string,
  rows: { readonly lines: readonly string[]; readonly shards: readonly number[]; readonly perGroup: number },
): Promise<void> {
  const { lines, shards, perGroup } = rows
  const body = lines.map(line => {
    const { __time__, __time_ns_part__, __topic__, __source__, ...rest }: Record<string, unknown> = JSON.parse(line)
    const isTag = ([name]: [string, unknown]): boolean => name.startsWith('__tag__:')
    const members = Object.entries(rest)
    return JSON.stringify({
      time: Number(__time__),
      ...(__time_ns_part__ === undefined ? {} : { ns: Number(__time_ns_part__) }),
      topic: __topic__ ?? '',
      source: __source__ ?? '',
      tags: Object.fromEntries(members.filter(isTag).map(([name, value]) => [name.slice('__tag__:'.length), value])),
      fields: members.filter(member => !isTag(member)),
      shard: shards[partitionOf(line, shards.length)],
    })
  })
  await fake.admin('POST', `load?logstore=${logstore}&perGroup=${perGroup}`, body.join('\n'))
}
