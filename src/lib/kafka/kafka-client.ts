// Makes clients of a Kafka cluster.
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { Kafka, RetryOptions, SASLOptions } from 'kafkajs'
import { installAbortedRecords } from './aborted-records.ts'
import { registerCodecs } from './codecs/register-codecs.ts'
import type { KafkaConnection } from './connection-options.ts'
import { type KafkaRemark, remarkTo } from './kafka-log.ts'
import { OpenSockets } from './open-sockets.ts'

/** A client, and its way out when a broker does not answer any more. */
export interface KafkaClient {
  readonly kafka: Kafka
  readonly sockets: OpenSockets
}

/** How a client behaves beyond its {@link KafkaConnection}. */
export interface KafkaClientOptions {
  readonly hear: (remark: KafkaRemark) => void
  readonly retry: RetryOptions
  readonly requestTimeoutMs: number
}

/** Connects to nothing yet. Fails with the file system's error when a certificate cannot be read. */
export async function makeKafkaClient(connection: KafkaConnection, options: KafkaClientOptions): Promise<KafkaClient> {
  // Read first: a wrong path is told before anything is loaded.
  const ssl = tlsOf(connection)
  const { Kafka, CompressionCodecs, CompressionTypes } = await loadKafkajs()
  registerCodecs(CompressionCodecs, CompressionTypes)
  useUpTimeoutWarning()
  const { brokers, sasl, clientId, connectionTimeoutMs } = connection
  const sockets = new OpenSockets()
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: connectionTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    retry: options.retry,
    logCreator: remarkTo(options.hear),
    socketFactory: sockets.open,
    ...(ssl === null ? {} : { ssl }),
    // The three mechanisms have the same options; kafkajs's type names them one by one.
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
  })
  return { kafka, sockets }
}

/** Null without encryption. */
export function tlsOf({ ssl }: KafkaConnection): ConnectionOptions | null {
  if (ssl === false) return null
  if (ssl === true) return {}
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = ssl
  return {
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername === undefined ? {} : { servername }),
  }
}

/** Only when it is needed: it takes a while. Of its exports Node sees some only as members of the whole. */
export const loadKafkajs = async () => {
  installAbortedRecords()
  return (await import('kafkajs')).default
}

let isUsedUp = false

/**
 * kafkajs 2.2.4 sets a timer with a negative time, and Node warns of the first such timer of a process on standard error. This
 * sets the first one itself, while nobody listens.
 */
function useUpTimeoutWarning(): void {
  if (isUsedUp) return
  isUsedUp = true
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    clearTimeout(setTimeout(() => {}, -1))
  } finally {
    process.emitWarning = emitWarning
  }
}
