// kafkajs 2.2.4 gives out records of aborted transactions where several overlap: it takes the list of them to be sorted, which brokers
// sort by their ends, and steps into one of them per record. So what was aborted is found here, when a response has been decoded, and
// marked as what kafkajs does not give out: control records.
import { createRequire } from 'node:module'

/** A record as kafkajs decodes it, as far as it is read here. */
export interface FetchedRecord {
  readonly offset: string
  readonly key: Uint8Array | null
  isControlRecord: boolean
  /** Not there in formats that know no transactions. */
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean }
}

export interface FetchedPartition {
  readonly messages: readonly FetchedRecord[]
  /** In any order; a producer may have several. */
  abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[] | null
}

/** The key of a control record: two bytes of version, then its kind; 0 is an abort. */
const isAbort = ({ isControlRecord, key }: FetchedRecord): boolean =>
  isControlRecord && key !== null && key.length >= 4 && key[2] === 0 && key[3] === 0

/** Marks the records of aborted transactions as control records. */
export function hideAborted(partition: FetchedPartition): void {
  const { abortedTransactions, messages } = partition
  if (abortedTransactions === null || abortedTransactions.length === 0) return
  const begun = abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) }))
    .sort((a, b) => a.firstOffset - b.firstOffset)
  const aborted = new Set<string>()
  let at = 0
  for (const record of messages) {
    for (; at < begun.length && begun[at]!.firstOffset <= Number(record.offset); at += 1)
      aborted.add(begun[at]!.producerId)
    const { batchContext } = record
    if (batchContext === undefined) continue
    if (isAbort(record)) aborted.delete(batchContext.producerId)
    else if (batchContext.inTransaction && aborted.has(batchContext.producerId)) record.isControlRecord = true
  }
  // Nothing is left for kafkajs to find.
  partition.abortedTransactions = []
}

interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[]
}
interface ResponseModule {
  decode(raw: unknown): Promise<FetchResponse>
}

/** Versions of the fetch protocol that know of transactions, and that kafkajs speaks. */
const versions = [4, 5, 6, 7, 8, 9, 10, 11] as const
let isInstalled = false

/** From now on kafkajs finds aborted records in this way. */
export function installAbortedRecords(): void {
  if (isInstalled) return
  isInstalled = true
  const load = createRequire(import.meta.url)
  for (const version of versions) {
    const response: ResponseModule = load(`kafkajs/src/protocol/requests/fetch/v${version}/response`)
    const { decode } = response
    response.decode = async raw => {
      const decoded = await decode(raw)
      for (const { partitions } of decoded.responses) for (const partition of partitions) hideAborted(partition)
      return decoded
    }
  }
}
