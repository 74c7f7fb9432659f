// What may be said about a backend that spans are sent to.
import { z } from 'zod'
import {
  type BrokenRule,
  choiceOption,
  described,
  flagOption,
  groupOption,
  integerOption,
  pathOption,
  urlOption,
  type Words,
  withRule,
} from '../../lib/option-schema.ts'

const milliseconds: Words = { en: 'milliseconds', zh: '毫秒' }
const bytes: Words = { en: 'bytes', zh: '字节' }

export const otlpProtocols = ['http/protobuf', 'http/json', 'grpc'] as const

/** Names that say how the body is written are ours. */
const headerName =
  /^(?!(?:content-(?:type|encoding|length)|host|connection|te|transfer-encoding|grpc-.*|.*-bin)$)[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/i
const headerValue = /^[\x20-\x7e]{1,8192}$/
const maxHeaders = 50

const headers = described(
  z
    .record(z.string().regex(headerName), z.string().regex(headerValue))
    .refine(map => Object.keys(map).length <= maxHeaders),
  {
    text: {
      en: 'Headers of every request (metadata with gRPC), as for signing in; their values are never shown.',
      zh: '每个请求附带的头（gRPC 为元数据），例如用于认证；其值不会显示。',
    },
    allowed: {
      en: 'a mapping of up to 50 header names to texts of printable ASCII; not those that say how the body is written',
      zh: '最多 50 个请求头名称到可打印 ASCII 文本的映射；不含描述请求体的头',
    },
    isSecret: true,
  },
)

const tls = groupOption(
  {
    caFile: pathOption({
      en: 'File with the certificates (PEM) that are trusted instead of the usual ones.',
      zh: '受信任的 CA 证书文件（PEM），替代默认证书。',
    }).optional(),
    certFile: pathOption({ en: 'File with our certificate (PEM).', zh: '客户端证书文件（PEM）。' }).optional(),
    keyFile: pathOption({
      en: 'File with the key of our certificate (PEM).',
      zh: '客户端私钥文件（PEM）。',
    }).optional(),
    insecure: flagOption({
      en: 'Talk to anybody, whatever their certificate; anybody in between can read along.',
      zh: '不校验服务端证书；中间人可以窃听。',
    }).default(false),
  },
  { en: 'Which certificates count, with an https:// address.', zh: '证书设置，仅用于 https:// 地址。' },
)

/** How a backend is reached; what is sent is the caller's to say. */
const connection = {
  protocol: choiceOption(otlpProtocols, {
    en: 'How requests are written and sent.',
    zh: '请求的编码与传输方式。',
  }).default('http/protobuf'),
  headers: headers.optional(),
  compression: choiceOption(['gzip', 'none'], {
    en: 'How requests are compressed.',
    zh: '请求的压缩方式。',
  }).default('gzip'),
  timeoutMs: integerOption(
    { min: 100, max: 120_000, unit: milliseconds },
    { en: 'How long a request may take.', zh: '单个请求的最长时间。' },
  ).default(10_000),
  tls: tls.optional(),
} as const

interface Connection {
  readonly url: string
  readonly protocol: (typeof otlpProtocols)[number]
  readonly tls?: z.output<typeof tls> | undefined
}

/** What does not go together. */
function brokenRule({ url, protocol, tls: chosen }: Connection): BrokenRule | null {
  const address = URL.parse(url)
  if (address === null) return null
  if (chosen !== undefined && address.protocol !== 'https:')
    return {
      path: ['tls'],
      text: {
        en: 'found a mapping beside an http:// address; allowed: an https:// address, or leave the key out',
        zh: '地址为 http:// 时不能设置；请改用 https:// 地址，或删除该键',
      },
    }
  if (protocol === 'grpc' && `${address.pathname}${address.search}` !== '/')
    return {
      path: ['url'],
      text: {
        en: 'found an address with a path; allowed with gRPC: http://HOST:PORT or https://HOST:PORT',
        zh: '地址含有路径；gRPC 应为 http://HOST:PORT 或 https://HOST:PORT',
      },
    }
  if ((chosen?.certFile === undefined) !== (chosen?.keyFile === undefined))
    return {
      path: ['tls', chosen?.certFile === undefined ? 'certFile' : 'keyFile'],
      text: {
        en: 'found nothing; allowed: a path, because a certificate and its key belong together',
        zh: '实际为空；证书与私钥必须同时设置',
      },
    }
  return null
}

/** The section `traces`. */
export const otlpOptions = withRule(
  groupOption(
    {
      type: choiceOption(['otlp'], { en: 'Its kind.', zh: '种类。' }),
      url: urlOption({
        en: 'Where spans go; without a path `/v1/traces` is added, with gRPC there is none.',
        zh: 'span 的接收地址；没有路径时追加 `/v1/traces`，gRPC 不带路径。',
      }),
      ...connection,
      maxRequestBytes: integerOption(
        { min: 16_384, max: 16 * 1024 ** 2, unit: bytes },
        {
          en: 'Largest request, as protobuf and not compressed; a collector takes 4 MiB over gRPC.',
          zh: '单个请求的上限（按未压缩的 protobuf 计）；collector 的 gRPC 上限为 4 MiB。',
        },
      ).default(2 * 1024 ** 2),
      waitMs: integerOption(
        { min: 0, max: 600_000, unit: milliseconds },
        {
          en: 'How long an attempt that is over waits for its metrics row until its spans are sent without it.',
          zh: '已结束的尝试在多长时间内等待其指标行；超时后不带指标行发送 span。',
        },
      ).default(30_000),
      errorLines: flagOption({
        en: 'Lines of level error and fatal are sent as events of their span.',
        zh: '将 error 与 fatal 级别的日志行作为 span 事件发送。',
      }).default(true),
    },
    {
      en: 'Where spans of attempts go ([traces.md](traces.md)); left out, they go nowhere.',
      zh: '尝试的 span 发往何处（[traces.md](traces.md)）；省略则不发送。',
    },
  ),
  brokenRule,
)

/** `metrics.otlp`. */
export const otlpMetricsOptions = withRule(
  groupOption(
    {
      url: urlOption({
        en: 'Where metrics go; without a path `/v1/metrics` is added, with gRPC there is none.',
        zh: '指标的接收地址；没有路径时追加 `/v1/metrics`，gRPC 不带路径。',
      }),
      ...connection,
      everyMs: integerOption(
        { min: 1000, max: 3_600_000, unit: milliseconds },
        { en: 'How often they are sent.', zh: '发送间隔。' },
      ).default(15_000),
    },
    {
      en: 'Sends what /metrics shows to an OpenTelemetry backend as well ([metrics.md](metrics.md#over-otlp)).',
      zh: '将 /metrics 的内容同时发送到 OpenTelemetry 后端（[metrics.md](metrics.md#over-otlp)）。',
    },
  ),
  brokenRule,
)

export type OtlpOptions = Readonly<z.output<typeof otlpOptions>>
export type OtlpMetricsOptions = Readonly<z.output<typeof otlpMetricsOptions>>

/** What a transport needs to know of either. */
export type OtlpConnection = Pick<OtlpOptions, 'url' | 'protocol' | 'headers' | 'compression' | 'timeoutMs' | 'tls'>
