// The kind of source `kafka`: its options, and how one is made.
import { z } from 'zod'
import { connectionShape, isLogService, topicName } from '../../lib/kafka/connection-options.ts'
import { choiceOption, described, flagOption, integerOption, textOption, type Words } from '../../lib/option-schema.ts'
import { type InputFormat, inputFormats } from '../../model/batch-options.ts'
import { defineSource } from '../shared/source-definition.ts'
import { checkTopics } from './check-topics.ts'
import { KafkaReader } from './kafka-reader.ts'
import type { RenderOptions } from './render-message.ts'

const mebibyte = 1024 * 1024
const bytes: Words = { en: 'bytes', zh: '字节' }
const milliseconds: Words = { en: 'milliseconds', zh: '毫秒' }

const fetchMaxWaitMs = 100
/** Each fetch is a request that counts against the Logstore's limits. */
const logServiceFetchMaxWaitMs = 500

const defaultSessionMs = 30_000
/** Recommended for Simple Log Service, whose endpoint is slower (facts/sls-protocol §6). */
const logServiceSessionMs = 120_000

const options = z.strictObject({
  ...connectionShape,
  topics: described(z.array(z.string().regex(topicName)).min(1).max(1000), {
    text: {
      en: 'Topics to read. At Simple Log Service a topic is a Logstore.',
      zh: '要读取的主题。在日志服务中，主题即 Logstore。',
    },
    allowed: { en: 'a list of names of letters, digits, . _ and -', zh: '名称列表，仅含字母、数字、. _ 和 -' },
  }),
  groupId: textOption({
    en: 'The consumer group; workers of one group divide the partitions among them.',
    zh: '消费组；同组的 worker 分担各分区。',
  }),
  startAt: choiceOption(['beginning', 'end'], {
    en: 'Where to begin with a partition of which neither the group nor the store knows anything.',
    zh: '当消费组和存储中均无分区进度时，从何处开始读取。',
  }).default('beginning'),
  format: choiceOption(inputFormats, {
    en: 'How lines are told apart; auto decides for each line.',
    zh: '日志行的格式，auto 表示逐行判断。',
  }).default('auto'),
  sls: flagOption({
    en: 'Messages come from the Kafka endpoint of Simple Log Service: each is a row, and its time is the message’s. By default, when a broker’s name ends in .log.aliyuncs.com.',
    zh: '消息来自日志服务的 Kafka 接入点：每条消息是一行日志，时间取自消息。默认根据代理地址是否以 .log.aliyuncs.com 结尾判断。',
  }).optional(),
  sessionTimeoutMs: integerOption(
    { min: 6000, max: 1_800_000, unit: milliseconds },
    {
      en: 'How long the group waits for a worker that is not heard of before it gives its partitions to others; by default 30000, at Simple Log Service 120000.',
      zh: 'worker 失联多久后消费组将其分区分配给其他 worker；默认 30000，日志服务默认 120000。',
    },
  ).optional(),
  rebalanceTimeoutMs: integerOption(
    { min: 10_000, max: 1_800_000, unit: milliseconds },
    {
      en: 'How long a worker may take to deliver what it read before its partitions go to others.',
      zh: '分区转交前，worker 完成已读数据投递的最长时间。',
    },
  ).default(60_000),
  metadataMaxAgeMs: integerOption(
    { min: 1000, max: 3_600_000, unit: milliseconds },
    { en: 'How often new partitions are looked for.', zh: '检查新增分区的间隔。' },
  ).default(60_000),
  fetchMaxBytes: integerOption(
    { min: 1024, max: 512 * mebibyte, unit: bytes },
    { en: 'How much a broker sends at a time.', zh: '代理单次返回的最大数据量。' },
  ).default(16 * mebibyte),
  fetchMaxBytesPerPartition: integerOption(
    { min: 1024, max: 512 * mebibyte, unit: bytes },
    { en: 'The same for one partition.', zh: '单个分区单次返回的最大数据量。' },
  ).default(4 * mebibyte),
  maxBufferedBytes: integerOption(
    { min: mebibyte, max: 4096 * mebibyte, unit: bytes },
    {
      en: 'When so much was fetched and not yet read, no more is fetched; each message counts 400 bytes more than it has.',
      zh: '已拉取但未读取的数据达到该值时停止拉取；每条消息按实际大小加 400 字节计算。',
    },
  ).default(32 * mebibyte),
})

export const kafkaSource = defineSource({
  type: 'kafka',
  options,
  create: (chosen, deps) => {
    const { brokers, sasl, ssl, clientId, connectionTimeoutMs, format, sls, sessionTimeoutMs, ...rest } = chosen
    const isSls = sls ?? isLogService(brokers)
    return new KafkaReader(
      {
        ...rest,
        format,
        connection: { brokers, sasl, ssl, clientId, connectionTimeoutMs },
        sessionTimeoutMs: sessionOf(sessionTimeoutMs, isSls),
        fetchMaxWaitMs: isSls ? logServiceFetchMaxWaitMs : fetchMaxWaitMs,
        rendering: renderingOf(format, isSls),
        countsOffsets: !isSls,
      },
      deps,
    )
  },
  check: ({ brokers, sasl, ssl, clientId, connectionTimeoutMs, groupId, topics, sessionTimeoutMs, sls }, { source }) =>
    checkTopics({
      source,
      connection: { brokers, sasl, ssl, clientId, connectionTimeoutMs },
      groupId,
      topics,
      sessionTimeoutMs: sessionOf(sessionTimeoutMs, sls ?? isLogService(brokers)),
    }),
})

const sessionOf = (sessionTimeoutMs: number | undefined, isSls: boolean): number =>
  sessionTimeoutMs ?? (isSls ? logServiceSessionMs : defaultSessionMs)

function renderingOf(format: InputFormat, isSls: boolean): RenderOptions {
  if (format === 'text') return { timed: 'none', keysAreFields: false }
  return { timed: isSls || format === 'sls' ? 'objects' : 'rows', keysAreFields: isSls }
}
