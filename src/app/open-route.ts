// Opens the topic of `fcscope route`: a client of its cluster, what the topic is like, and whether we may write it in transactions.
import { setTimeout as pause } from 'node:timers/promises'
import { type KafkaClient, loadKafkajs, makeKafkaClient } from '../lib/kafka/kafka-client.ts'
import { protocolErrorType } from '../lib/kafka/kafka-fault.ts'
import type { KafkaRemark } from '../lib/kafka/kafka-log.ts'
import type { KafkaSinkOptions } from '../sinks/kafka/kafka-sink-options.ts'
import type { NumberedTransactionsParts } from '../sinks/kafka/numbered-transactions.ts'
import { findTargetTopic, type TargetTopic } from '../sinks/kafka/target-topic.ts'
import { unreadableFile } from '../sinks/kafka/topic-failure.ts'
import { TransactionEnds } from '../sinks/kafka/transaction-ends.ts'
import { routeFailure } from './route-failure.ts'
import type { RouteOptions } from './route-options.ts'
import { KafkaRouteTransactions } from './route-transactions.ts'

const requestTimeoutMs = 30_000
const maxRemarks = 20
/** A cluster that has just come up takes no transactions for a moment. */
const tryMs = 15_000
const tryAgainMs = 250

/** Everything that writes the topic. */
export interface OpenRoute {
  readonly topic: TargetTopic
  /** For a sink of its own. */
  readonly sink: KafkaSinkOptions
  /** Transactions of the writer of this name; `name` is told from others by what it reads. */
  transactionsOf(name: string): KafkaRouteTransactions
  /** Ends what still talks to the cluster. */
  close(): void
}

/** Fails with an `FcscopeError` when the topic cannot be written. */
export async function openRoute(
  options: RouteOptions,
  world: { readonly random: () => number; readonly nowMs: () => number },
): Promise<OpenRoute> {
  let remarks: KafkaRemark[] = []
  const { brokers, sasl, ssl, clientId, connectionTimeoutMs, topic: name, compression } = options
  const connection = { brokers, sasl, ssl, clientId, connectionTimeoutMs }
  const client = await makeKafkaClient(connection, {
    hear: remark => {
      remarks = [...remarks.slice(-maxRemarks), remark]
    },
    retry: { retries: 4, initialRetryTime: 100, factor: 0, multiplier: 2, maxRetryTime: 1000 },
    requestTimeoutMs,
  }).catch((error: unknown) => {
    throw unreadableFile('route', error)
  })
  try {
    const topic = await findTargetTopic(client, name)
    const type = await compressionType(compression)
    const ends = new TransactionEnds(client)
    const end: NumberedTransactionsParts['end'] = (ending, told) => ends.run(ending, told)
    const transactionsOf = (reader: string): KafkaRouteTransactions => {
      const identity = `${name}.route.${reader}`
      return new KafkaRouteTransactions({ client, topic, identity, compression: type, end, ...world })
    }
    await tryTransactions(transactionsOf('start'))
    const sink = { connection, topic: name, compression }
    return { topic, sink, transactionsOf, close: () => closeClient(client) }
  } catch (error) {
    const failure = await routeFailure(error, { connection, topic: name, remarks })
    closeClient(client)
    throw failure
  }
}

const closeClient = ({ sockets }: KafkaClient): void => sockets.destroy()

async function compressionType(compression: RouteOptions['compression']) {
  const { CompressionTypes } = await loadKafkajs()
  return { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, zstd: CompressionTypes.ZSTD }[compression]
}

/** Another process that starts at the same time may shut us out: then it is tried again. */
async function tryTransactions(transactions: KafkaRouteTransactions): Promise<void> {
  const untilMs = performance.now() + tryMs
  try {
    for (;;) {
      try {
        await transactions.open()
        return
      } catch (error) {
        const isDenied = /AUTHORIZATION_FAILED/.test(protocolErrorType(error) ?? '')
        if (isDenied || performance.now() > untilMs) throw error
        await pause(tryAgainMs)
      }
    }
  } finally {
    await transactions.close()
  }
}
