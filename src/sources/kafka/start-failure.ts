// What is told when a Kafka source cannot begin: what is wrong, where, and what to do.
import type { KafkaConnection } from '../../lib/kafka/connection-options.ts'
import { findKafkaFault, type KafkaFault, type KafkaFaultKind } from '../../lib/kafka/kafka-fault.ts'
import type { KafkaRemark } from '../../lib/kafka/kafka-log.ts'
import { ExitStatus, FcscopeError, type Text } from '../../model/fcscope-error.ts'
import { JoinTimeout } from './group-member.ts'
import { TopicError } from './group-places.ts'

export interface FailedStart {
  readonly source: string
  readonly connection: KafkaConnection
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  /** What kafkajs said until then. */
  readonly remarks: readonly KafkaRemark[]
}

/** The error for the user. What is one already stays as it is, and so does what is a bug of ours. */
export async function startFailure(error: unknown, start: FailedStart): Promise<unknown> {
  if (error instanceof FcscopeError || !isOfKafka(error)) return error
  const fault = await findKafkaFault(error, start.connection, start.remarks)
  const place = {
    start,
    fault,
    where: whereOf(fault, start.connection),
    topic: error instanceof TopicError ? error.topic : start.topics.join(', '),
  }
  const text = error instanceof JoinTimeout ? joinTimeoutText(place) : texts[fault.kind](place)
  const { en, zh } = text
  const { source } = start
  return new FcscopeError(
    'FCS_SOURCE_UNAVAILABLE',
    { en: `source ${source}: ${en}`, zh: `数据源 ${source}：${zh}` },
    { cause: error, exitStatus: ExitStatus.unreachable },
  )
}

const isOfKafka = (error: unknown): boolean =>
  error instanceof TopicError ||
  error instanceof JoinTimeout ||
  (error instanceof Error && error.name.startsWith('KafkaJS'))

/** A certificate or key that cannot be read. */
export function unreadableFile(source: string, { path = '', code = '' }: NodeJS.ErrnoException): FcscopeError {
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: `source ${source}: ${path} cannot be read (${code}), and ssl names it.`,
    zh: `数据源 ${source}：无法读取 ssl 指定的文件 ${path}（${code}）。`,
  })
}

interface FailedPlace {
  readonly start: FailedStart
  readonly fault: KafkaFault
  readonly where: string
  readonly topic: string
}

/** The broker that failed; all that are known when it is not known which. */
const whereOf = ({ broker }: KafkaFault, { brokers }: KafkaConnection): string => broker ?? brokers.join(', ')

/** A broker that the configuration does not name: the cluster did. */
const isNamedByCluster = ({ start, fault }: FailedPlace): boolean =>
  fault.broker !== null && !start.connection.brokers.includes(fault.broker)

const texts: Readonly<Record<KafkaFaultKind, (place: FailedPlace) => Text>> = {
  unreachable: place =>
    isNamedByCluster(place)
      ? {
          en: `the cluster says that it has a broker at ${place.where}, and that does not answer (${place.fault.reason}). Set its advertised.listeners to an address that this machine can reach.`,
          zh: `集群告知的代理地址 ${place.where} 无法连接（${place.fault.reason}）。请将其 advertised.listeners 设置为本机可访问的地址。`,
        }
      : {
          en: `no Kafka broker answers at ${place.where} (${place.fault.reason}). Check brokers, and whether this machine may connect there.`,
          zh: `${place.where} 没有 Kafka 代理响应（${place.fault.reason}）。请检查 brokers 以及本机能否连接到该地址。`,
        },
  speaksTls: ({ where }) => ({
    en: `${where} wants TLS, and the source does not use it. Set ssl: true.`,
    zh: `${where} 要求 TLS，而数据源未启用。请设置 ssl: true。`,
  }),
  speaksPlain: ({ where }) => ({
    en: `${where} does not speak TLS, and ssl is set. Remove ssl, or name the port for TLS.`,
    zh: `${where} 不支持 TLS，而配置中设置了 ssl。请去掉 ssl，或改用 TLS 端口。`,
  }),
  untrusted: ({ where, fault }) => ({
    en: `the certificate of ${where} is not accepted (${fault.reason}). Name its issuer's certificate with ssl.ca; where brokers want certificates of their clients, ours with ssl.cert and ssl.key.`,
    zh: `${where} 的证书未通过验证（${fault.reason}）。请用 ssl.ca 指定签发者证书；若代理要求客户端证书，请设置 ssl.cert 和 ssl.key。`,
  }),
  wantsSasl: ({ where }) => ({
    en: `${where} closes the connection before it answers, as listeners do that want a user or TLS. Set sasl, or ssl.`,
    zh: `${where} 在响应前关闭了连接，通常表示该监听器要求认证或 TLS。请设置 sasl 或 ssl。`,
  }),
  knowsNoSasl: ({ where }) => ({
    en: `${where} has no users: its listener does not speak SASL. Remove sasl, or name the port of a listener that does.`,
    zh: `${where} 的监听器不支持 SASL。请去掉 sasl，或改用支持 SASL 的端口。`,
  }),
  wrongMechanism: ({ where, start }) => ({
    en: `${where} does not know the SASL mechanism ${start.connection.sasl?.mechanism ?? ''}. Set sasl.mechanism to one that it has.`,
    zh: `${where} 不支持 SASL 机制 ${start.connection.sasl?.mechanism ?? ''}。请将 sasl.mechanism 改为代理支持的机制。`,
  }),
  wrongPassword: ({ where }) => ({
    en: `${where} refuses the user name or the password. Check sasl.username and sasl.password.`,
    zh: `${where} 拒绝了用户名或密码。请检查 sasl.username 和 sasl.password。`,
  }),
  noTopic: ({ topic, where }) => ({
    en: `there is no topic ${topic} at ${where}, or this user may not see it. Check topics; it is not made by fcscope.`,
    zh: `${where} 上不存在主题 ${topic}，或该用户无权查看。请检查 topics；fcscope 不会创建主题。`,
  }),
  topicDenied: ({ topic }) => ({
    en: `this user may not read the topic ${topic}. Allow it to READ and DESCRIBE the topic.`,
    zh: `该用户无权读取主题 ${topic}。请授予该主题的 READ 和 DESCRIBE 权限。`,
  }),
  groupDenied: ({ start }) => ({
    en: `this user may not join the group ${start.groupId}. Allow it to READ the group.`,
    zh: `该用户无权加入消费组 ${start.groupId}。请授予该消费组的 READ 权限。`,
  }),
  noCoordinator: ({ start }) => ({
    en: `the cluster has no coordinator for the group ${start.groupId}. Look whether its topic __consumer_offsets is in order.`,
    zh: `集群没有消费组 ${start.groupId} 的协调者。请检查主题 __consumer_offsets 是否正常。`,
  }),
  transactionDenied: ({ fault }) => otherText(fault.reason),
  sessionTimeout: ({ start }) => ({
    en: `the brokers do not allow sessionTimeoutMs ${start.sessionTimeoutMs}. Choose one within group.min.session.timeout.ms and group.max.session.timeout.ms.`,
    zh: `代理不允许 sessionTimeoutMs 为 ${start.sessionTimeoutMs}。请在 group.min.session.timeout.ms 与 group.max.session.timeout.ms 之间取值。`,
  }),
  other: ({ fault }) => otherText(fault.reason),
}

const otherText = (reason: string): Text => ({
  en: `the Kafka cluster refuses (${reason}). Check brokers, topics and groupId, and what this user may do.`,
  zh: `Kafka 集群拒绝了请求（${reason}）。请检查 brokers、topics 和 groupId，以及该用户的权限。`,
})

const joinTimeoutText = ({ start, fault }: FailedPlace): Text => ({
  en: `${fault.reason}: the members of ${start.groupId} do not come together. Look for members that other programs have in it, and give the source a groupId of its own.`,
  zh: `消费组 ${start.groupId} 的成员未能在时限内完成加入（${fault.reason}）。请检查是否有其他程序占用该消费组，并为数据源设置独立的 groupId。`,
})
