// How a Kafka cluster is reached: the options that sources and sinks share.
import { z } from 'zod'
import {
  choiceOption,
  described,
  flagOption,
  groupOption,
  integerOption,
  pathOption,
  readListen,
  secretOption,
  textOption,
} from '../option-schema.ts'

const milliseconds = { en: 'milliseconds', zh: '毫秒' }

/** As Kafka names them, in lower case. */
export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

const sasl = groupOption(
  {
    mechanism: choiceOption(saslMechanisms, { en: 'How the password is shown to the broker.', zh: '认证机制。' }),
    username: textOption({ en: 'Who signs in.', zh: '用户名。' }),
    password: secretOption({ en: 'The password of that user.', zh: '该用户的密码。' }),
  },
  { en: 'How to sign in; left out, nobody does.', zh: '登录方式；省略则不认证。' },
)

const tls = z.strictObject({
  ca: pathOption({
    en: 'File with the certificates (PEM) that are trusted instead of the usual ones.',
    zh: '受信任的 CA 证书文件（PEM），替代默认证书。',
  }).optional(),
  cert: pathOption({ en: 'File with our certificate (PEM).', zh: '客户端证书文件（PEM）。' }).optional(),
  key: pathOption({ en: 'File with the key of our certificate (PEM).', zh: '客户端私钥文件（PEM）。' }).optional(),
  passphrase: secretOption({ en: 'What the key is encrypted with.', zh: '私钥的密码。' }).optional(),
  servername: textOption({
    en: 'Name that the brokers’ certificates must have instead of their hosts’.',
    zh: '代理证书必须匹配的名称，替代主机名。',
  }).optional(),
  rejectUnauthorized: flagOption({
    en: 'Talk only to brokers with a trusted certificate; false lets anybody in between read along.',
    zh: '只信任证书有效的代理；false 会允许中间人窃听。',
  }).default(true),
})

const ssl = described(z.union([z.boolean(), tls]), {
  text: {
    en: 'Encrypt the connection (TLS). A mapping says which certificates to use.',
    zh: '加密连接（TLS）。映射形式可指定证书。',
  },
  allowed: {
    en: `true, false, or a mapping with the keys ${Object.keys(tls.shape).join(', ')}`,
    zh: `true、false，或含有键 ${Object.keys(tls.shape).join('、')} 的映射`,
  },
})

const brokers = described(z.array(z.string().max(300).refine(isBroker)).min(1).max(100), {
  text: {
    en: 'Some brokers of the cluster; they name the others.',
    zh: '集群中的部分代理地址，其余由它们告知。',
  },
  allowed: { en: 'a list of HOST:PORT', zh: 'HOST:PORT 列表' },
})

/** kafkajs takes what is behind the first colon for the port. */
function isBroker(address: string): boolean {
  const place = readListen(address)
  return place !== null && place.port > 0 && !address.includes('[')
}

/** The keys of a mapping of options. */
export const connectionShape = {
  brokers,
  sasl: sasl.optional(),
  ssl: ssl.default(false),
  clientId: textOption({
    en: 'What this program is called in the logs and quotas of the brokers.',
    zh: '在代理的日志和配额中显示的客户端名称。',
  }).default('fcscope'),
  connectionTimeoutMs: integerOption(
    { min: 100, max: 120_000, unit: milliseconds },
    { en: 'How long a connection may take to come about.', zh: '建立连接的最长时间。' },
  ).default(10_000),
} as const

const connection = z.strictObject(connectionShape)

/** How a cluster is reached. */
export type KafkaConnection = z.output<typeof connection>

export type TlsOptions = z.output<typeof tls>

/** A topic's name, as brokers allow it. */
export const topicName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/

/** Simple Log Service's own Kafka endpoint (facts/sls-protocol §6). */
export const isLogService = (brokers: readonly string[]): boolean =>
  brokers.some(broker => /\.log\.aliyuncs\.com(:\d+)?$/i.test(broker))
