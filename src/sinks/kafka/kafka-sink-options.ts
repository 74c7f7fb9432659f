// What may be said about a Kafka topic that something is delivered to.
import { z } from 'zod'
import { connectionShape, type KafkaConnection, topicName } from '../../lib/kafka/connection-options.ts'
import { choiceOption, described } from '../../lib/option-schema.ts'

/** Ways of compressing that Node has built in. */
const compressions = ['none', 'gzip', 'zstd'] as const

export interface KafkaSinkOptions {
  readonly connection: KafkaConnection
  readonly topic: string
  readonly compression: (typeof compressions)[number]
}

/** The schema of a part of the configuration. */
export const kafkaSinkSchema = z.strictObject({
  ...connectionShape,
  topic: described(z.string().regex(topicName), {
    text: { en: 'The topic; it must be there.', zh: '主题，必须已存在。' },
    allowed: { en: 'a name of letters, digits, . _ and -', zh: '仅含字母、数字、. _ 和 - 的名称' },
  }),
  compression: choiceOption(compressions, {
    en: 'How messages are compressed; every client can read gzip.',
    zh: '消息的压缩方式；gzip 可被所有客户端读取。',
  }).default('gzip'),
})

/** What came out of the schema, as {@link KafkaSinkOptions}. */
export function kafkaSinkOptions({
  topic,
  compression,
  ...connection
}: z.output<typeof kafkaSinkSchema>): KafkaSinkOptions {
  return { connection, topic, compression }
}
