// What is told when a topic cannot be written to as the program begins: what is wrong, where, and what to do.
import type { KafkaConnection } from '../../lib/kafka/connection-options.ts'
import { findKafkaFault, type KafkaFault, type KafkaFaultKind } from '../../lib/kafka/kafka-fault.ts'
import { type KafkaRemark, oneLine } from '../../lib/kafka/kafka-log.ts'
import { ExitStatus, FcscopeError, type Text } from '../../model/fcscope-error.ts'

export interface FailedTopic {
  /** The section of the configuration that names it. */
  readonly section: string
  readonly connection: KafkaConnection
  readonly topic: string
  /** What the names of our transactional ids and groups begin with. */
  readonly prefix: string
  /** How the topic is to be made where it is missing. */
  readonly making: Text
  /** What kafkajs said until then. */
  readonly remarks: readonly KafkaRemark[]
}

/** What the names of transactional ids and groups of the sinks of a section begin with. */
export const sinkPrefix = (section: string): string => `fcscope-${section}-`

/** A sink's topic. */
export const sinkTopic = (section: string, topic: string) => ({
  section,
  topic,
  prefix: sinkPrefix(section),
  making: { en: 'Make it; fcscope does not.', zh: '请先创建该主题；fcscope 不会创建主题。' },
})

/** The error for the user. What is one already stays as it is, and so does what is a bug of ours. */
export async function topicFailure(error: unknown, failed: FailedTopic): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof FcscopeError) return error
  if (error instanceof TypeError || error instanceof RangeError) return error
  const fault = await findKafkaFault(error, failed.connection, failed.remarks)
  const { en, zh } = texts[fault.kind]({
    failed,
    reason: oneLine(fault.reason),
    where: fault.broker ?? failed.connection.brokers.join(', '),
    isNamedByCluster: fault.broker !== null && !failed.connection.brokers.includes(fault.broker),
  })
  const { section } = failed
  return new FcscopeError(
    'FCS_OUTPUT_FAILED',
    { en: `${section}: ${en}`, zh: `${section}：${zh}` },
    { cause: error, exitStatus: ExitStatus.unreachable },
  )
}

/** A certificate or key that cannot be read, where the error says that it is that; else the error itself. */
export function unreadableFile(section: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error
  // What Node throws when a file cannot be read.
  const { path = '', code = '' } = error as NodeJS.ErrnoException
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: `${section}: ${path} cannot be read (${code}), and ssl names it.`,
    zh: `${section}：无法读取 ssl 指定的文件 ${path}（${code}）。`,
  })
}

interface Place {
  readonly failed: FailedTopic
  readonly reason: KafkaFault['reason']
  readonly where: string
  readonly isNamedByCluster: boolean
}

const other = ({ reason, failed: { topic } }: Place): Text => ({
  en: `the topic ${topic} cannot be written (${reason}). Check brokers and topic, and what this user may do.`,
  zh: `无法写入主题 ${topic}（${reason}）。请检查 brokers 和 topic，以及该用户的权限。`,
})

const unreachable = ({ reason, where, isNamedByCluster }: Place): Text =>
  isNamedByCluster
    ? {
        en: `the cluster says that it has a broker at ${where}, and that does not answer (${reason}). Set its advertised.listeners to an address that this machine can reach.`,
        zh: `集群告知的代理地址 ${where} 无法连接（${reason}）。请将其 advertised.listeners 设置为本机可访问的地址。`,
      }
    : {
        en: `no Kafka broker answers at ${where} (${reason}). Check brokers, and whether this machine may connect there.`,
        zh: `${where} 没有 Kafka 代理响应（${reason}）。请检查 brokers 以及本机能否连接到该地址。`,
      }

const denied = ({ failed: { topic, prefix } }: Place): Text => ({
  en: `this user may not write ${topic} in transactions. Allow it to WRITE, READ and DESCRIBE the topic, and, with the prefix ${prefix}, to WRITE and DESCRIBE transactional ids and to READ groups.`,
  zh: `该用户无权以事务方式写入 ${topic}。请授予该主题的 WRITE、READ 和 DESCRIBE 权限，以及以 ${prefix} 为前缀的事务 ID 的 WRITE 和 DESCRIBE 权限与消费组的 READ 权限。`,
})

const texts: Readonly<Record<KafkaFaultKind, (place: Place) => Text>> = {
  unreachable,
  speaksTls: ({ where, failed: { section } }) => ({
    en: `${where} wants TLS, and ${section} does not use it. Set ssl: true.`,
    zh: `${where} 要求 TLS，而 ${section} 未启用。请设置 ssl: true。`,
  }),
  speaksPlain: ({ where }) => ({
    en: `${where} does not speak TLS, and ssl is set. Remove ssl, or name the port for TLS.`,
    zh: `${where} 不支持 TLS，而配置中设置了 ssl。请去掉 ssl，或改用 TLS 端口。`,
  }),
  untrusted: ({ where, reason }) => ({
    en: `the certificate of ${where} is not accepted (${reason}). Name its issuer's certificate with ssl.ca; where brokers want certificates of their clients, ours with ssl.cert and ssl.key.`,
    zh: `${where} 的证书未通过验证（${reason}）。请用 ssl.ca 指定签发者证书；若代理要求客户端证书，请设置 ssl.cert 和 ssl.key。`,
  }),
  wantsSasl: ({ where }) => ({
    en: `${where} closes the connection before it answers, as listeners do that want a user or TLS. Set sasl, or ssl.`,
    zh: `${where} 在响应前关闭了连接，通常表示该监听器要求认证或 TLS。请设置 sasl 或 ssl。`,
  }),
  knowsNoSasl: ({ where }) => ({
    en: `${where} has no users: its listener does not speak SASL. Remove sasl, or name the port of a listener that does.`,
    zh: `${where} 的监听器不支持 SASL。请去掉 sasl，或改用支持 SASL 的端口。`,
  }),
  wrongMechanism: ({ where, failed: { connection } }) => ({
    en: `${where} does not know the SASL mechanism ${connection.sasl?.mechanism ?? ''}. Set sasl.mechanism to one that it has.`,
    zh: `${where} 不支持 SASL 机制 ${connection.sasl?.mechanism ?? ''}。请将 sasl.mechanism 改为代理支持的机制。`,
  }),
  wrongPassword: ({ where }) => ({
    en: `${where} refuses the user name or the password. Check sasl.username and sasl.password.`,
    zh: `${where} 拒绝了用户名或密码。请检查 sasl.username 和 sasl.password。`,
  }),
  noTopic: ({ where, failed: { topic, making } }) => ({
    en: `there is no topic ${topic} at ${where}, or this user may not see it. ${making.en}`,
    zh: `${where} 上不存在主题 ${topic}，或该用户无权查看。${making.zh}`,
  }),
  topicDenied: denied,
  groupDenied: denied,
  transactionDenied: denied,
  noCoordinator: other,
  sessionTimeout: other,
  other,
}
