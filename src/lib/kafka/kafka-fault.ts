// Why a Kafka cluster cannot be used, told from what kafkajs throws and from what the port answers.
import type { KafkaConnection } from './connection-options.ts'
import { type KafkaRemark, oneLine } from './kafka-log.ts'
import { probePort } from './probe-port.ts'

/**
 * What is wrong. `unreachable`: no broker answers. `speaksTls`: the port wants TLS and we do not use it; `speaksPlain`: the reverse.
 * `untrusted`: TLS, but no trusted certificate. `wantsSasl`: the connection is closed before anything is said, as listeners do that
 * want a user. `knowsNoSasl`: the listener has no users. `wrongMechanism`, `wrongPassword`; `noTopic`, `topicDenied`, `groupDenied`,
 * `transactionDenied`; `noCoordinator`: the cluster has nobody who looks after the group; `sessionTimeout`: the broker does not allow
 * ours. `other`: see the reason.
 */
export type KafkaFaultKind =
  | 'unreachable'
  | 'speaksTls'
  | 'speaksPlain'
  | 'untrusted'
  | 'wantsSasl'
  | 'knowsNoSasl'
  | 'wrongMechanism'
  | 'wrongPassword'
  | 'noTopic'
  | 'topicDenied'
  | 'groupDenied'
  | 'transactionDenied'
  | 'noCoordinator'
  | 'sessionTimeout'
  | 'other'

export interface KafkaFault {
  readonly kind: KafkaFaultKind
  /** HOST:PORT of the broker, where it is known which. */
  readonly broker: string | null
  /** What kafkajs said; one line without secrets. */
  readonly reason: string
}

/** Kinds by the types of protocol errors. */
const kindsByType: Readonly<Record<string, KafkaFaultKind>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'noTopic',
  INVALID_TOPIC_EXCEPTION: 'noTopic',
  TOPIC_AUTHORIZATION_FAILED: 'topicDenied',
  GROUP_AUTHORIZATION_FAILED: 'groupDenied',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'transactionDenied',
  CLUSTER_AUTHORIZATION_FAILED: 'transactionDenied',
  UNSUPPORTED_SASL_MECHANISM: 'wrongMechanism',
  ILLEGAL_SASL_STATE: 'knowsNoSasl',
  SASL_AUTHENTICATION_FAILED: 'wrongPassword',
  INVALID_SESSION_TIMEOUT: 'sessionTimeout',
}

/** What clusters answer while something moves, and for some seconds after they have come up. */
const passingTypes: ReadonlySet<string> = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REQUEST_TIMED_OUT',
])

/** Node's codes for certificates that are not trusted, or not ours to use. */
const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|SSLV3_ALERT|ALERT_/

/** The type of the first protocol error among an error and its causes; null when there is none. */
export function protocolErrorType(error: unknown): string | null {
  for (const each of causesOf(error)) {
    const { type } = each as Partial<{ type: unknown }>
    if (typeof type === 'string' && type !== '') return type
  }
  return null
}

/** True for an error that is over in a moment, though kafkajs has stopped to try again. */
export function mayPass(error: unknown, remarks: readonly KafkaRemark[]): boolean {
  const type = protocolErrorType(error)
  if (type !== null) return passingTypes.has(type)
  return hasNoCoordinator(causesOf(error)) && !isGroupDenied(remarks)
}

/** kafkajs asks every broker for the coordinator, and throws none of their answers. */
const hasNoCoordinator = (causes: readonly Error[]): boolean =>
  causes.some(({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')

const isGroupDenied = (remarks: readonly KafkaRemark[]): boolean =>
  remarks.some(({ text }) => /not authorized to access group/i.test(text))

/**
 * Looks into an error; where that does not tell, connects to a broker to see what its port speaks. Takes seconds at most. `remarks`:
 * what kafkajs said before it threw.
 */
export async function findKafkaFault(
  error: unknown,
  connection: KafkaConnection,
  remarks: readonly KafkaRemark[],
): Promise<KafkaFault> {
  const causes = causesOf(error)
  const reason = oneLine(causes[0]?.message ?? String(error))
  const broker = brokerOf(causes)
  const type = protocolErrorType(error)
  const kind = type === null ? undefined : kindsByType[type]
  if (kind !== undefined) return { kind, broker, reason }
  if (causes.some(({ name }) => name === 'KafkaJSSASLAuthenticationError')) {
    return { kind: /not supported/.test(reason) ? 'wrongMechanism' : 'wrongPassword', broker, reason }
  }
  if (hasNoCoordinator(causes))
    return { kind: isGroupDenied(remarks) ? 'groupDenied' : 'noCoordinator', broker, reason }
  if (type !== null || !causes.some(isOfConnection)) return { kind: 'other', broker, reason }
  return { kind: await connectionFault(causes, broker, connection), broker, reason }
}

async function connectionFault(
  causes: readonly Error[],
  broker: string | null,
  connection: KafkaConnection,
): Promise<KafkaFaultKind> {
  const code = codeOf(causes)
  if (connection.ssl !== false) {
    if (certificateCode.test(code)) return 'untrusted'
    if (/ERR_SSL_/.test(code)) return 'speaksPlain'
  }
  const address = broker ?? connection.brokers[0] ?? ''
  const spoken = await probePort(address, connection.connectionTimeoutMs)
  if (spoken === 'nothing') return 'unreachable'
  if (connection.ssl === false && spoken === 'tls') return 'speaksTls'
  if (connection.ssl !== false && spoken === 'plain') return 'speaksPlain'
  const isClosed = causes.some(({ name }) => name === 'KafkaJSConnectionClosedError')
  return isClosed && connection.sasl === undefined ? 'wantsSasl' : 'unreachable'
}

const isOfConnection = ({ name }: Error): boolean =>
  name === 'KafkaJSConnectionError' ||
  name === 'KafkaJSConnectionClosedError' ||
  name === 'KafkaJSRequestTimeoutError' ||
  name === 'KafkaJSNoBrokerAvailableError' ||
  name === 'KafkaJSBrokerNotFound'

/** The error and what it was made from, at most ten deep. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = []
  for (let each = error; each instanceof Error && causes.length < 10; each = each.cause) causes.push(each)
  return causes
}

function brokerOf(causes: readonly Error[]): string | null {
  for (const each of causes) {
    const { broker } = each as Partial<{ broker: unknown }>
    if (typeof broker === 'string' && broker !== '') return broker
  }
  return null
}

function codeOf(causes: readonly Error[]): string {
  for (const each of causes) {
    const { code } = each as Partial<{ code: unknown }>
    if (typeof code === 'string' && code !== '') return code
  }
  return ''
}
