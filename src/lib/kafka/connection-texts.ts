// What is told when there is no connection to a Kafka cluster: what is wrong, where, and what to do. Options are named as they are called
// in whatever part of the configuration has them.
import type { Words } from '../option-schema.ts'
import type { KafkaConnection } from './connection-options.ts'
import type { KafkaFault, KafkaFaultKind } from './kafka-fault.ts'

export interface FailedConnection {
  readonly connection: KafkaConnection
  readonly fault: KafkaFault
  /** Who wanted it, within a sentence. */
  readonly who: Words
}

/** What can be wrong before the cluster knows what is wanted of it. */
type ConnectionFaultKind = Exclude<
  KafkaFaultKind,
  'noTopic' | 'topicDenied' | 'groupDenied' | 'transactionDenied' | 'noCoordinator' | 'sessionTimeout' | 'other'
>

/** The broker that failed; all that are known when it is not known which. */
export const whereOf = ({ fault, connection }: Pick<FailedConnection, 'fault' | 'connection'>): string =>
  fault.broker ?? connection.brokers.join(', ')

/** A broker that the configuration does not name: the cluster did. */
const isNamedByCluster = ({ connection, fault }: FailedConnection): boolean =>
  fault.broker !== null && !connection.brokers.includes(fault.broker)

const unreachable = (failed: FailedConnection): Words => {
  const where = whereOf(failed)
  const { reason } = failed.fault
  return isNamedByCluster(failed)
    ? {
        en: `the cluster says that it has a broker at ${where}, and that does not answer (${reason}). Set its advertised.listeners to an address that this machine can reach.`,
        zh: `集群告知的代理地址 ${where} 无法连接（${reason}）。请将其 advertised.listeners 设置为本机可访问的地址。`,
      }
    : {
        en: `no Kafka broker answers at ${where} (${reason}). Check brokers, and whether this machine may connect there.`,
        zh: `${where} 没有 Kafka 代理响应（${reason}）。请检查 brokers 以及本机能否连接到该地址。`,
      }
}

export const connectionTexts: Readonly<Record<ConnectionFaultKind, (failed: FailedConnection) => Words>> = {
  unreachable,
  speaksTls: failed => ({
    en: `${whereOf(failed)} wants TLS, and ${failed.who.en} does not use it. Set ssl: true.`,
    zh: `${whereOf(failed)} 要求 TLS，而${failed.who.zh}未启用。请设置 ssl: true。`,
  }),
  speaksPlain: failed => ({
    en: `${whereOf(failed)} does not speak TLS, and ssl is set. Remove ssl, or name the port for TLS.`,
    zh: `${whereOf(failed)} 不支持 TLS，而配置中设置了 ssl。请去掉 ssl，或改用 TLS 端口。`,
  }),
  untrusted: failed => ({
    en: `the certificate of ${whereOf(failed)} is not accepted (${failed.fault.reason}). Name its issuer's certificate with ssl.ca; where brokers want certificates of their clients, ours with ssl.cert and ssl.key.`,
    zh: `${whereOf(failed)} 的证书未通过验证（${failed.fault.reason}）。请用 ssl.ca 指定签发者证书；若代理要求客户端证书，请设置 ssl.cert 和 ssl.key。`,
  }),
  wantsSasl: failed => ({
    en: `${whereOf(failed)} closes the connection before it answers, as listeners do that want a user or TLS. Set sasl, or ssl.`,
    zh: `${whereOf(failed)} 在响应前关闭了连接，通常表示该监听器要求认证或 TLS。请设置 sasl 或 ssl。`,
  }),
  knowsNoSasl: failed => ({
    en: `${whereOf(failed)} has no users: its listener does not speak SASL. Remove sasl, or name the port of a listener that does.`,
    zh: `${whereOf(failed)} 的监听器不支持 SASL。请去掉 sasl，或改用支持 SASL 的端口。`,
  }),
  wrongMechanism: failed => ({
    en: `${whereOf(failed)} does not know the SASL mechanism ${failed.connection.sasl?.mechanism ?? ''}. Set sasl.mechanism to one that it has.`,
    zh: `${whereOf(failed)} 不支持 SASL 机制 ${failed.connection.sasl?.mechanism ?? ''}。请将 sasl.mechanism 改为代理支持的机制。`,
  }),
  wrongPassword: failed => ({
    en: `${whereOf(failed)} refuses the user name or the password. Check sasl.username and sasl.password.`,
    zh: `${whereOf(failed)} 拒绝了用户名或密码。请检查 sasl.username 和 sasl.password。`,
  }),
}

/** A certificate or key that cannot be read, where the error says that it is that; else null. */
export function unreadableFileText(error: unknown): Words | null {
  if (!(error instanceof Error) || !('syscall' in error)) return null
  // What Node throws when a file cannot be read.
  const { path = '', code = '' } = error as NodeJS.ErrnoException
  return {
    en: `${path} cannot be read (${code}), and ssl names it.`,
    zh: `无法读取 ssl 指定的文件 ${path}（${code}）。`,
  }
}
