// What is told when a topic cannot be written to as the program begins: what is wrong, where, and what to do.
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
  const { section, connection, remarks } = failed
  const fault = await findKafkaFault(error, connection, remarks)
  const { en, zh } = texts[fault.kind]({ ...failed, fault, who: { en: section, zh: ` ${section} ` } })
  return new FcscopeError(
    'FCS_OUTPUT_FAILED',
    { en: `${section}: ${en}`, zh: `${section}：${zh}` },
    { cause: error, exitStatus: ExitStatus.unreachable },
  )
}

/** A certificate or key that cannot be read, where the error says that it is that; else the error itself. */
export function unreadableFile(section: string, error: unknown): unknown {
  const text = unreadableFileText(error)
  if (text === null) return error
  return new FcscopeError('FCS_CONFIG_INVALID', { en: `${section}: ${text.en}`, zh: `${section}：${text.zh}` })
}

type Place = FailedTopic & FailedConnection

const other = ({ topic, fault: { reason } }: Place): Text => ({
  en: `the topic ${topic} cannot be written (${reason}). Check brokers and topic, and what this user may do.`,
  zh: `无法写入主题 ${topic}（${reason}）。请检查 brokers 和 topic，以及该用户的权限。`,
})

const denied = ({ topic, prefix }: Place): Text => ({
  en: `this user may not write ${topic} in transactions. Allow it to WRITE, READ and DESCRIBE the topic, and, with the prefix ${prefix}, to WRITE and DESCRIBE transactional ids and to READ groups.`,
  zh: `该用户无权以事务方式写入 ${topic}。请授予该主题的 WRITE、READ 和 DESCRIBE 权限，以及以 ${prefix} 为前缀的事务 ID 的 WRITE 和 DESCRIBE 权限与消费组的 READ 权限。`,
})

const texts: Readonly<Record<KafkaFaultKind, (place: Place) => Text>> = {
  ...connectionTexts,
  noTopic: place => ({
    en: `there is no topic ${place.topic} at ${whereOf(place)}, or this user may not see it. ${place.making.en}`,
    zh: `${whereOf(place)} 上不存在主题 ${place.topic}，或该用户无权查看。${place.making.zh}`,
  }),
  topicDenied: denied,
  groupDenied: denied,
  transactionDenied: denied,
  noCoordinator: other,
  sessionTimeout: other,
  other,
}
