// Where reading goes on when the messages that should have come next are not in the partition.
import { kafkaLogIsShorter, kafkaRecordsGone } from '../../telemetry/events/kafka-source.ts'
import type { Log } from '../../telemetry/log.ts'
import type { HeldPartition } from './held-partition.ts'

/** Returns the record to go on at, and tells what is missing. `low` and `high` are those of the partition now. */
export function findLostPlace(
  partition: HeldPartition,
  { low, high }: { readonly low: number; readonly high: number },
  { source, log }: { readonly source: string; readonly log: Log },
): number {
  const { name, fetchedTo } = partition
  if (fetchedTo < low) {
    kafkaRecordsGone(log, { source, partition: name, from: fetchedTo, to: low, records: low - fetchedTo })
    return low
  }
  if (fetchedTo <= high) return fetchedTo
  kafkaLogIsShorter(log, { source, partition: name, position: fetchedTo, end: high })
  return high
}
