// What is told when the topic of `fcscope route` cannot be used: what is wrong, where, and what to do.
import type { KafkaConnection } from '../lib/kafka/connection-options.ts'
import { findKafkaFault, type KafkaFault, type KafkaFaultKind } from '../lib/kafka/kafka-fault.ts'
import { type KafkaRemark, oneLine } from '../lib/kafka/kafka-log.ts'
import { ExitStatus, FcscopeError, type Text } from '../model/fcscope-error.ts'

export interface FailedRoute {
  readonly connection: KafkaConnection
  readonly topic: string
  /** What kafkajs said until then. */
  readonly remarks: readonly KafkaRemark[]
}

/** The error for the user. What is one already stays as it is, and so does what is a bug of ours. */
export async function routeFailure(error: unknown, route: FailedRoute): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof FcscopeError || !error.name.startsWith('KafkaJS')) return error
  const fault = await findKafkaFault(error, route.connection, route.remarks)
  const { en, zh } = texts[fault.kind]({ route, fault, where: fault.broker ?? route.connection.brokers.join(', ') })
  return new FcscopeError(
    'FCS_OUTPUT_FAILED',
    { en: `route: ${en}`, zh: `route：${zh}` },
    { cause: error, exitStatus: ExitStatus.unreachable },
  )
}

/** A certificate or key that cannot be read. */
export const unreadableRouteFile = ({ path = '', code = '' }: NodeJS.ErrnoException): FcscopeError =>
  new FcscopeError('FCS_CONFIG_INVALID', {
    en: `route.ssl: ${path} cannot be read (${code}).`,
    zh: `route.ssl：无法读取文件 ${path}（${code}）。`,
  })

/** Nobody answered for too long at the end of the input. */
export const undeliveredRoute = (topic: string): FcscopeError =>
  new FcscopeError(
    'FCS_OUTPUT_FAILED',
    {
      en: `route: the topic ${topic} took nothing for too long. What was read and is not there is written by the next run.`,
      zh: `route：主题 ${topic} 长时间无法写入。已读取但尚未写入的数据将在下次运行时写入。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

/** What was saved of the streams is not there any more, or not what it was. */
export const damagedRouteState = (folder: string): FcscopeError =>
  new FcscopeError(
    'FCS_STATE_UNUSABLE',
    {
      en: `${folder}: the saved state is missing or damaged. Move this folder away and start again: everything that the sources still have is routed once more.`,
      zh: `${folder}：已存状态缺失或损坏。请移走该目录后重新启动：数据源中仍有的数据将再次路由。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

interface Place {
  readonly route: FailedRoute
  readonly fault: KafkaFault
  readonly where: string
}

const other = ({ fault, route }: Place): Text => ({
  en: `the topic ${route.topic} cannot be written (${oneLine(fault.reason)}). Check brokers and topic, and what this user may do.`,
  zh: `无法写入主题 ${route.topic}（${oneLine(fault.reason)}）。请检查 brokers 和 topic，以及该用户的权限。`,
})

const unreachable = ({ fault, where }: Place): Text => ({
  en: `no Kafka broker answers at ${where} (${oneLine(fault.reason)}). Check brokers, whether this machine may connect there, and the brokers’ advertised.listeners.`,
  zh: `${where} 没有 Kafka 代理响应（${oneLine(fault.reason)}）。请检查 brokers、本机能否连接，以及代理的 advertised.listeners。`,
})

const denied = ({ route }: Place): Text => ({
  en: `this user may not write ${route.topic} in transactions. Allow it to WRITE, READ and DESCRIBE the topic, to WRITE and DESCRIBE transactional ids and to READ groups that begin with ${route.topic}.route.`,
  zh: `该用户无权以事务方式写入 ${route.topic}。请授予该主题的 WRITE、READ 和 DESCRIBE 权限，以及以 ${route.topic}.route. 开头的事务 ID 的 WRITE 和 DESCRIBE 权限与消费组的 READ 权限。`,
})

const texts: Readonly<Record<KafkaFaultKind, (place: Place) => Text>> = {
  unreachable,
  speaksTls: ({ where }) => ({
    en: `${where} wants TLS, and route does not use it. Set route.ssl: true.`,
    zh: `${where} 要求 TLS，而 route 未启用。请设置 route.ssl: true。`,
  }),
  speaksPlain: ({ where }) => ({
    en: `${where} does not speak TLS, and route.ssl is set. Remove it, or name the port for TLS.`,
    zh: `${where} 不支持 TLS，而配置中设置了 route.ssl。请去掉该项，或改用 TLS 端口。`,
  }),
  untrusted: ({ where, fault }) => ({
    en: `the certificate of ${where} is not accepted (${oneLine(fault.reason)}). Name its issuer's certificate with route.ssl.ca; where brokers want certificates of their clients, ours with cert and key.`,
    zh: `${where} 的证书未通过验证（${oneLine(fault.reason)}）。请用 route.ssl.ca 指定签发者证书；若代理要求客户端证书，请设置 cert 和 key。`,
  }),
  wantsSasl: ({ where }) => ({
    en: `${where} closes the connection before it answers, as listeners do that want a user or TLS. Set route.sasl, or route.ssl.`,
    zh: `${where} 在响应前关闭了连接，通常表示该监听器要求认证或 TLS。请设置 route.sasl 或 route.ssl。`,
  }),
  knowsNoSasl: ({ where }) => ({
    en: `${where} has no users: its listener does not speak SASL. Remove route.sasl, or name the port of a listener that does.`,
    zh: `${where} 的监听器不支持 SASL。请去掉 route.sasl，或改用支持 SASL 的端口。`,
  }),
  wrongMechanism: ({ where, route }) => ({
    en: `${where} does not know the SASL mechanism ${route.connection.sasl?.mechanism ?? ''}. Set route.sasl.mechanism to one that it has.`,
    zh: `${where} 不支持 SASL 机制 ${route.connection.sasl?.mechanism ?? ''}。请将 route.sasl.mechanism 改为代理支持的机制。`,
  }),
  wrongPassword: ({ where }) => ({
    en: `${where} refuses the user name or the password. Check route.sasl.username and route.sasl.password.`,
    zh: `${where} 拒绝了用户名或密码。请检查 route.sasl.username 和 route.sasl.password。`,
  }),
  noTopic: ({ route, where }) => ({
    en: `there is no topic ${route.topic} at ${where}, or this user may not see it. Make it with as many partitions as there may be workers; fcscope does not.`,
    zh: `${where} 上不存在主题 ${route.topic}，或该用户无权查看。请先创建该主题，分区数不少于计划的 worker 数；fcscope 不会创建主题。`,
  }),
  topicDenied: denied,
  groupDenied: denied,
  transactionDenied: denied,
  noCoordinator: other,
  sessionTimeout: other,
  other,
}
