// What is told when a Kafka source cannot begin: what is wrong, where, and what to do.
import type { KafkaConnection } from '../../lib/kafka/connection-options.ts'
import {
  connectionTexts,
  type FailedConnection,
  unreadableFileText,
  whereOf,
} from '../../lib/kafka/connection-texts.ts'
import { findKafkaFault, type KafkaFaultKind } from '../../lib/kafka/kafka-fault.ts'
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
    ...start,
    fault,
    who: { en: 'the source', zh: '数据源' },
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

/** A certificate or key that cannot be read, where the error says that it is that; else the error itself. */
export function unreadableFile(source: string, error: unknown): unknown {
  const text = unreadableFileText(error)
  if (text === null) return error
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: `source ${source}: ${text.en}`,
    zh: `数据源 ${source}：${text.zh}`,
  })
}

interface FailedPlace extends FailedStart, FailedConnection {
  readonly connection: KafkaConnection
  readonly topic: string
}

const texts: Readonly<Record<KafkaFaultKind, (place: FailedPlace) => Text>> = {
  ...connectionTexts,
  noTopic: place => ({
    en: `there is no topic ${place.topic} at ${whereOf(place)}, or this user may not see it. Check topics; it is not made by fcscope.`,
    zh: `${whereOf(place)} 上不存在主题 ${place.topic}，或该用户无权查看。请检查 topics；fcscope 不会创建主题。`,
  }),
  topicDenied: ({ topic }) => ({
    en: `this user may not read the topic ${topic}. Allow it to READ and DESCRIBE the topic.`,
    zh: `该用户无权读取主题 ${topic}。请授予该主题的 READ 和 DESCRIBE 权限。`,
  }),
  groupDenied: ({ groupId }) => ({
    en: `this user may not join the group ${groupId}. Allow it to READ the group.`,
    zh: `该用户无权加入消费组 ${groupId}。请授予该消费组的 READ 权限。`,
  }),
  noCoordinator: ({ groupId }) => ({
    en: `the cluster has no coordinator for the group ${groupId}. Look whether its topic __consumer_offsets is in order.`,
    zh: `集群没有消费组 ${groupId} 的协调者。请检查主题 __consumer_offsets 是否正常。`,
  }),
  transactionDenied: ({ fault }) => otherText(fault.reason),
  sessionTimeout: ({ sessionTimeoutMs }) => ({
    en: `the brokers do not allow sessionTimeoutMs ${sessionTimeoutMs}. Choose one within group.min.session.timeout.ms and group.max.session.timeout.ms.`,
    zh: `代理不允许 sessionTimeoutMs 为 ${sessionTimeoutMs}。请在 group.min.session.timeout.ms 与 group.max.session.timeout.ms 之间取值。`,
  }),
  other: ({ fault }) => otherText(fault.reason),
}

const otherText = (reason: string): Text => ({
  en: `the Kafka cluster refuses (${reason}). Check brokers, topics and groupId, and what this user may do.`,
  zh: `Kafka 集群拒绝了请求（${reason}）。请检查 brokers、topics 和 groupId，以及该用户的权限。`,
})

const joinTimeoutText = ({ groupId, fault }: FailedPlace): Text => ({
  en: `${fault.reason}: the members of ${groupId} do not come together. Look for members that other programs have in it, and give the source a groupId of its own.`,
  zh: `消费组 ${groupId} 的成员未能在时限内完成加入（${fault.reason}）。请检查是否有其他程序占用该消费组，并为数据源设置独立的 groupId。`,
})
