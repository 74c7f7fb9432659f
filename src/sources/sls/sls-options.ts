// The options of the kind of source `sls`, and what must hold between them.
import { z } from 'zod'
import {
  type BrokenRule,
  choiceOption,
  described,
  flagOption,
  integerOption,
  secretOption,
  type Words,
  withRule,
} from '../../lib/option-schema.ts'
import { isProjectName, readEndpoint, regionOf } from './client/endpoint.ts'
import { consumerPattern } from './consumer-name.ts'

const mebibyte = 1024 * 1024
const milliseconds = { en: 'milliseconds', zh: '毫秒' }

const pattern = (shape: RegExp, text: Words, allowed: Words) => described(z.string().regex(shape), { text, allowed })

const shape = z.strictObject({
  endpoint: described(
    z
      .string()
      .max(300)
      .refine(text => readEndpoint(text) !== null),
    {
      text: { en: 'The address of the region, without the project.', zh: '地域的接入点，不含项目名称。' },
      allowed: {
        en: 'an address like https://cn-hangzhou.log.aliyuncs.com; https unless it says http',
        zh: '形如 https://cn-hangzhou.log.aliyuncs.com 的地址，未写明 http 时使用 https',
      },
    },
  ),
  project: described(z.string().max(63).refine(isProjectName), {
    text: { en: 'The project.', zh: '项目。' },
    allowed: {
      en: '3 to 63 lower-case letters, digits and hyphens',
      zh: '3 到 63 个小写字母、数字或连字符',
    },
  }),
  logstore: pattern(
    /^[a-z0-9_][a-z0-9_-]{1,62}$/,
    { en: 'The Logstore that Function Compute writes into.', zh: '函数计算写入的 Logstore。' },
    { en: '2 to 63 lower-case letters, digits, _ or -', zh: '2 到 63 个小写字母、数字、_ 或 -' },
  ),
  consumerGroup: pattern(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
    {
      en: 'The consumer group; workers with the same one share the shards. It is made when it is missing.',
      zh: '消费组；同一消费组的多个进程分担各 Shard。不存在时自动创建。',
    },
    { en: '1 to 128 letters, digits, _ or -', zh: '1 到 128 个字母、数字、_ 或 -' },
  ).default('fcscope'),
  consumerName: pattern(
    consumerPattern,
    {
      en: 'The name of this worker in the group, which no other may have; by default one that is kept with the state.',
      zh: '本进程在消费组中的名称，不得与其他进程相同；默认生成一个名称并随状态保存。',
    },
    { en: '1 to 128 letters, digits, _, . or -', zh: '1 到 128 个字母、数字、_、. 或 -' },
  ).optional(),
  startAt: described(z.string().max(40).refine(isStart), {
    text: {
      en: 'Where a group without any checkpoint begins; a time is the one at which logs were received.',
      zh: '消费组没有任何检查点时从何处开始；时间指日志的接收时间。',
    },
    allowed: {
      en: 'beginning, end, or a time like 2026-01-31T08:00:00+08:00',
      zh: 'beginning、end，或形如 2026-01-31T08:00:00+08:00 的时间',
    },
  }).default('beginning'),
  accessKeyId: secretOption({
    en: 'The AccessKey ID; without it credentials are looked for where Alibaba Cloud tools do.',
    zh: 'AccessKey ID；省略时按阿里云工具的默认凭证链查找。',
  }).optional(),
  accessKeySecret: secretOption({ en: 'The AccessKey secret.', zh: 'AccessKey ID 对应的密钥。' }).optional(),
  securityToken: secretOption({
    en: 'The token that belongs to a temporary key. It expires: better leave all three out.',
    zh: '临时密钥对应的安全令牌。令牌会过期，建议三项都省略。',
  }).optional(),
  signature: choiceOption(['v1', 'v4'], {
    en: 'How requests are signed; v4 where the account demands it.',
    zh: '请求签名版本；账号有要求时使用 v4。',
  }).default('v1'),
  region: pattern(
    /^[a-z0-9-]{2,40}$/,
    {
      en: 'The region for v4, where the endpoint does not name it.',
      zh: 'v4 签名使用的地域，endpoint 中没有地域时必填。',
    },
    { en: 'an id like cn-hangzhou', zh: '形如 cn-hangzhou 的地域 ID' },
  ).optional(),
  query: described(
    z
      .string()
      .max(4096)
      .regex(/^\*\s*\|/),
    {
      text: {
        en: 'SPL that the service filters with before it sends.',
        zh: '服务端在发送前用于过滤的 SPL 语句。',
      },
      allowed: {
        en: "a text that begins with * |, as * | where level='ERROR'",
        zh: "以 * | 开头的文本，例如 * | where level='ERROR'",
      },
    },
  ).optional(),
  heartbeatMs: integerOption(
    { min: 1000, max: 60_000, unit: milliseconds },
    { en: 'How often the group hears of this worker.', zh: '向消费组发送心跳的间隔。' },
  ).default(5000),
  groupTimeoutSeconds: integerOption(
    { min: 10, max: 3600, unit: { en: 'seconds', zh: '秒' } },
    {
      en: 'Without a heartbeat for so long, a worker loses its shards to others. It is set for the whole group.',
      zh: '超过该时长没有心跳的进程将失去其 Shard。该值对整个消费组生效。',
    },
  ).default(60),
  isOrdered: flagOption({
    en: 'Shards that came out of a split or merge wait until those they came from are read. It is set for the whole group.',
    zh: '分裂或合并产生的 Shard 等待原 Shard 读完后再读取。该值对整个消费组生效。',
  }).default(false),
  maxBufferedBytes: integerOption(
    { min: 32 * mebibyte, max: 8192 * mebibyte, unit: { en: 'bytes', zh: '字节' } },
    {
      en: 'So much may be pulled and not yet read, over all shards.',
      zh: '所有 Shard 已拉取但尚未处理的数据总量上限。',
    },
  ).default(128 * mebibyte),
})

export type SlsOptions = z.output<typeof shape>

export const slsOptions = withRule(shape, options => brokenRule(options))

function brokenRule(options: SlsOptions): BrokenRule | null {
  const { endpoint, project, accessKeyId, accessKeySecret, securityToken, signature, region } = options
  const address = readEndpoint(endpoint)
  if (address?.host.startsWith(`${project}.`)) return { path: ['endpoint'], text: projectText }
  if (accessKeyId !== undefined && accessKeySecret === undefined)
    return { path: ['accessKeySecret'], text: missingText }
  if (accessKeySecret !== undefined && accessKeyId === undefined) return { path: ['accessKeyId'], text: missingText }
  if (securityToken !== undefined && accessKeyId === undefined) return { path: ['accessKeyId'], text: missingText }
  const hasRegion = region !== undefined || address === null || regionOf(address) !== null
  if (signature === 'v4' && !hasRegion) return { path: ['region'], text: regionText }
  const isHurried = options.heartbeatMs * 3 > options.groupTimeoutSeconds * 1000
  return isHurried ? { path: ['groupTimeoutSeconds'], text: timeoutText } : null
}

const projectText: Words = {
  en: 'names the project, which has an option of its own; leave it out here',
  zh: '包含项目名称，而项目有单独的选项；请在此省略',
}
const missingText: Words = {
  en: 'missing; accessKeyId and accessKeySecret belong together, and securityToken to both',
  zh: '缺失；accessKeyId 与 accessKeySecret 须同时填写，securityToken 须与二者一起使用',
}
const regionText: Words = {
  en: 'missing; signature v4 needs it, and the endpoint does not name one',
  zh: '缺失；v4 签名需要地域，而 endpoint 中没有地域',
}
const timeoutText: Words = {
  en: 'must be three times heartbeatMs or more',
  zh: '不得小于 heartbeatMs 的三倍',
}

/** With its zone: without one it would be that of the machine, which nobody sees. */
const timeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/

/** Where reading begins; a time is unix seconds. Null for anything else, and for the 30th of February. */
export function readStart(text: string): 'beginning' | 'end' | number | null {
  if (text === 'beginning' || text === 'end') return text
  if (!timeShape.test(text)) return null
  const ms = Date.parse(text)
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? []
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return Number.isNaN(ms) || ms < 0 || Number(day) > days ? null : Math.floor(ms / 1000)
}

function isStart(text: string): boolean {
  return readStart(text) !== null
}
