// Events of the Kafka source.
import type { Log } from '../log.ts'

/** The group gave this worker nothing: there are as many workers as partitions, or more. */
export const kafkaNothingAssigned = (log: Log, fields: { source: string; group: string }): void =>
  log.write(
    'info',
    'kafkaNothingAssigned',
    {
      en: 'The group has no partition for this worker: others read them all. It stands by.',
      zh: '消费组没有为本 worker 分配分区：所有分区已由其他 worker 读取，本 worker 待命。',
    },
    fields,
  )

/** Told once per trouble, when it has lasted for some seconds. */
export const kafkaTroubled = (log: Log, fields: { source: string; reason: string }): void =>
  log.write(
    'warn',
    'kafkaTroubled',
    {
      en: 'The Kafka cluster does not do what it is asked for; it is tried again until it does.',
      zh: 'Kafka 集群未能正常响应，将持续重试直至恢复。',
    },
    fields,
  )

export const kafkaRecovered = (log: Log, fields: { source: string; afterMs: number }): void =>
  log.write(
    'info',
    'kafkaRecovered',
    { en: 'The Kafka cluster answers again.', zh: 'Kafka 集群已恢复响应。' },
    { ...fields, afterMs: Math.round(fields.afterMs) },
  )

/** The member was thrown out, or left by itself after an error that kafkajs does not get over. */
export const kafkaMembershipLost = (log: Log, fields: { source: string; group: string; reason: string }): void =>
  log.write(
    'warn',
    'kafkaMembershipLost',
    {
      en: 'The group counts this worker out; it joins again. When this comes often, sessionTimeoutMs is too short for this machine or network.',
      zh: '消费组已将本 worker 移出，将重新加入。若频繁出现，说明 sessionTimeoutMs 对本机或网络而言过短。',
    },
    fields,
  )

/** The consumer ended with an error that does not pass by itself, like a right that was taken away; told once until it is in order. */
export const kafkaRestarting = (log: Log, fields: { source: string; reason: string; nextTryMs: number }): void =>
  log.write(
    'error',
    'kafkaRestarting',
    {
      en: 'Reading from Kafka ended with an error; it is tried again, with half a minute in between at most.',
      zh: '从 Kafka 读取时出错终止，将以不超过半分钟的间隔重试。',
    },
    { ...fields, nextTryMs: Math.round(fields.nextTryMs) },
  )

/** `records`: offsets from where reading should have gone on to the oldest message that is left. */
export const kafkaRecordsGone = (
  log: Log,
  fields: { source: string; partition: string; from: number; to: number; records: number },
): void =>
  log.write(
    'error',
    'kafkaRecordsGone',
    {
      en: 'Messages were removed from the topic before they were read: its retention is shorter than the time this worker was behind.',
      zh: '部分消息在读取之前已被主题删除：主题的保留时间短于本 worker 的滞后时间。',
    },
    fields,
  )

/** The log is shorter than it was: it lost its end, or the topic was made anew. */
export const kafkaLogIsShorter = (
  log: Log,
  fields: { source: string; partition: string; position: number; end: number },
): void =>
  log.write(
    'error',
    'kafkaLogIsShorter',
    {
      en: 'A partition ends before the place where reading was: it lost messages, or the topic was made anew. Reading goes on at its end; give the source another name to read a new topic from its beginning.',
      zh: '分区的末尾早于读取位置：消息已丢失，或主题已重建。将从其末尾继续读取；若要从头读取新主题，请更改数据源名称。',
    },
    fields,
  )

/** Told when offsets could not be committed for a while; what was read is safe, a restart reads some of it again. */
export const kafkaCommitFailed = (log: Log, fields: { source: string; group: string; reason: string }): void =>
  log.write(
    'warn',
    'kafkaCommitFailed',
    {
      en: 'The group was not told how far reading came; it is told again later.',
      zh: '未能向消费组提交读取进度，稍后重试。',
    },
    fields,
  )
