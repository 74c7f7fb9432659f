// What may be said about a Kafka topic that something is delivered to.
import { z } from 'zod'
import { connectionShape, isLogService, type KafkaConnection, topicName } from '../../lib/kafka/connection-options.ts'
import { choiceOption, described, textOption } from '../../lib/option-schema.ts'

/** Ways of compressing that Node has built in. */
const compressions = ['none', 'gzip', 'zstd'] as const

export interface KafkaSinkOptions {
  readonly connection: KafkaConnection
  readonly topic: string
  readonly compression: (typeof compressions)[number]
}

/** The keys of a part of the configuration. Without `brokers` the connection is somebody else's. */
export const kafkaSinkShape = {
  topic: described(z.string().regex(topicName), {
    text: { en: 'The topic; it must be there.', zh: '主题，必须已存在。' },
    allowed: { en: 'a name of letters, digits, . _ and -', zh: '仅含字母、数字、. _ 和 - 的名称' },
  }),
  compression: choiceOption(compressions, {
    en: 'How messages are compressed; every client can read gzip.',
    zh: '消息的压缩方式；gzip 可被所有客户端读取。',
  }).default('gzip'),
  brokers: described(connectionShape.brokers.min(1), {
    text: {
      en: 'Some brokers of the cluster; left out, the connection is that of the only Kafka source.',
      zh: '集群中的部分代理地址；省略时使用唯一 Kafka 数据源的连接。',
    },
    allowed: { en: 'a list of HOST:PORT', zh: 'HOST:PORT 列表' },
  }).optional(),
  sasl: connectionShape.sasl,
  // Without the defaults: what is not said of a connection that is somebody else's must not change it.
  ssl: connectionShape.ssl.unwrap().optional(),
  clientId: textOption({
    en: 'What this program is called in the logs and quotas of the brokers; by default fcscope, or as the source says.',
    zh: '在代理的日志和配额中显示的客户端名称；默认为 fcscope，或与数据源相同。',
  }).optional(),
  connectionTimeoutMs: described(connectionShape.connectionTimeoutMs.unwrap().min(100), {
    text: {
      en: 'How long a connection may take to come about; by default 10000, or as the source says.',
      zh: '建立连接的最长时间；默认 10000，或与数据源相同。',
    },
    allowed: { en: 'a whole number of milliseconds from 100 to 120000', zh: '100 到 120000 的整数（毫秒）' },
  }).optional(),
} as const

const sinkSchema = z.object(kafkaSinkShape)
const connectionSchema = z.object(connectionShape)

/** What is said about a topic. */
export type KafkaSinkSettings = z.output<typeof sinkSchema>

/** The connection in the options of a source that has one; null where it is none, or one to which nothing can be written so. */
export function lendableConnection(options: unknown): KafkaConnection | null {
  const { data } = connectionSchema.safeParse(options)
  // Simple Log Service knows no transactions (facts/sls-protocol §6).
  return data === undefined || isLogService(data.brokers) ? null : data
}

/** `lent`: the connection where the settings name no brokers. Null when there is none at all. */
export function kafkaSinkOptions(settings: KafkaSinkSettings, lent: KafkaConnection | null): KafkaSinkOptions | null {
  const { topic, compression, brokers, sasl, ssl, clientId, connectionTimeoutMs } = settings
  const own = { sasl, ssl, clientId, connectionTimeoutMs }
  if (brokers !== undefined) return { connection: connectionSchema.parse({ brokers, ...own }), topic, compression }
  if (lent === null) return null
  const connection = {
    ...lent,
    clientId: clientId ?? lent.clientId,
    connectionTimeoutMs: connectionTimeoutMs ?? lent.connectionTimeoutMs,
  }
  return { connection, topic, compression }
}
