// Why a topic took nothing, in a sentence for the log.
import type { KafkaConnection } from '../../lib/kafka/connection-options.ts'
import { findKafkaFault, type KafkaFaultKind, protocolErrorType } from '../../lib/kafka/kafka-fault.ts'
import { type KafkaRemark, oneLine } from '../../lib/kafka/kafka-log.ts'

export interface FailedDelivery {
  readonly connection: KafkaConnection
  readonly topic: string
  readonly identity: string
  readonly remarks: readonly KafkaRemark[]
}

/** The error for the queue. What does not come from kafkajs stays as it is. */
export async function deliveryFailure(error: unknown, delivery: FailedDelivery): Promise<unknown> {
  if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) return error
  const { connection, topic, identity, remarks } = delivery
  const type = protocolErrorType(error)
  if (type === 'INVALID_PRODUCER_EPOCH' || type === 'PRODUCER_FENCED')
    return new Error(
      `the transaction of ${identity} was ended by the cluster: it took too long, or a worker with a copy of this state writes there as well`,
      { cause: error },
    )
  if (type === 'MESSAGE_TOO_LARGE') return new Error(`the topic ${topic} takes no batch that large`, { cause: error })
  const { kind, broker, reason } = await findKafkaFault(error, connection, remarks)
  const where = broker ?? connection.brokers.join(', ')
  return new Error(oneLine(`${what[kind]({ where, topic, identity })} (${reason})`), { cause: error })
}

interface Place {
  readonly where: string
  readonly topic: string
  readonly identity: string
}

const what: Readonly<Record<KafkaFaultKind, (place: Place) => string>> = {
  unreachable: ({ where }) => `no Kafka broker answers at ${where}`,
  speaksTls: ({ where }) => `${where} wants TLS: set ssl`,
  speaksPlain: ({ where }) => `${where} does not speak TLS: remove ssl`,
  untrusted: ({ where }) => `the certificate of ${where} is not accepted: set ssl.ca`,
  wantsSasl: ({ where }) => `${where} closes the connection before it answers: set sasl, or ssl`,
  knowsNoSasl: ({ where }) => `${where} does not speak SASL: remove sasl`,
  wrongMechanism: ({ where }) => `${where} does not know this SASL mechanism`,
  wrongPassword: ({ where }) => `${where} refuses the user name or the password`,
  noTopic: ({ topic }) => `there is no topic ${topic}: it is not made by fcscope`,
  topicDenied: ({ topic }) => `this user may not WRITE, DESCRIBE and READ the topic ${topic}`,
  groupDenied: ({ identity }) => `this user may not READ the groups ${identity} and ${identity}.mark`,
  transactionDenied: ({ identity }) => `this user may not WRITE the transactional id ${identity}`,
  noCoordinator: ({ identity }) => `the cluster has no coordinator for ${identity}`,
  sessionTimeout: ({ topic }) => `the cluster refuses to write to ${topic}`,
  other: ({ topic }) => `the cluster refuses to write to ${topic}`,
}
