// What the section `route` of a configuration may hold: the topic that is written, and how.

import { z } from 'zod'
import { connectionShape, topicName } from '../lib/kafka/connection-options.ts'
import { choiceOption, described, groupOption, integerOption, type Words } from '../lib/option-schema.ts'
import { routeKinds } from '../model/route.ts'

const mebibyte = 1024 * 1024
const bytes: Words = { en: 'bytes', zh: '字节' }
const milliseconds: Words = { en: 'milliseconds', zh: '毫秒' }

/** How messages can be compressed; kafkajs's names in lower case. */
export const routeCompressions = ['none', 'gzip', 'zstd'] as const

export const routeOptions = groupOption(
  {
    ...connectionShape,
    topic: described(z.string().regex(topicName), {
      text: {
        en: 'The topic that is written. It must be there, and its number of partitions must stay.',
        zh: '写入的主题。主题必须已存在，且分区数不得变更。',
      },
      allowed: { en: 'a name of letters, digits, . _ and -', zh: '名称，仅含字母、数字、. _ 和 -' },
    }),
    key: choiceOption(routeKinds, {
      en: 'What goes to one partition together: everything of a function, or only of an instance.',
      zh: '归入同一分区的范围：同一函数的全部数据，或仅同一实例的数据。',
    }).default('function'),
    compression: choiceOption(routeCompressions, {
      en: 'How messages are compressed; zstd needs Kafka 2.1 and readers that know it.',
      zh: '消息的压缩方式；zstd 需要 Kafka 2.1 及支持它的消费者。',
    }).default('none'),
    lingerMs: integerOption(
      { min: 0, max: 60_000, unit: milliseconds },
      { en: 'How long rows wait for others before they are written.', zh: '数据行在写入前等待合并的时间。' },
    ).default(200),
    maxMessageBytes: integerOption(
      { min: 1024, max: 16 * mebibyte, unit: bytes },
      {
        en: 'Rows of one key go together into a message of at most so much; a longer row has one of its own.',
        zh: '同一键的数据行合并为一条消息的大小上限；超过该值的单行独占一条消息。',
      },
    ).default(64 * 1024),
    maxBufferedBytes: integerOption(
      { min: 8 * mebibyte, max: 4096 * mebibyte, unit: bytes },
      {
        en: 'When so much was read of partitions and is not written yet, no more is read.',
        zh: '从分区读取但尚未写入的数据达到该值时停止读取。',
      },
    ).default(64 * mebibyte),
  },
  {
    en: 'Where [fcscope route](route.md) writes; fcscope run has no use for it.',
    zh: '[fcscope route](route.md) 的写入目标；fcscope run 不使用该节。',
  },
)

export type RouteOptions = z.output<typeof routeOptions>
