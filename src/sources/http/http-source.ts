// The source for logs over HTTP: its options, and how one is made.
import { z } from 'zod'
import {
  choiceOption,
  flagOption,
  integerOption,
  isLoopback,
  listenOption,
  readListen,
  secretOption,
  type Words,
  withRule,
} from '../../lib/option-schema.ts'
import { inputFormats } from '../../model/batch-options.ts'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { LoggedSource } from '../shared/logged-source.ts'
import { defineSource } from '../shared/source-definition.ts'
import { HttpIntake } from './http-intake.ts'

const mebibyte = 1024 * 1024
const bytes = { en: 'bytes', zh: '字节' }

const options = withRule(
  z.strictObject({
    listen: listenOption({
      en: 'Where logs are accepted. A token is required unless the host is this machine itself.',
      zh: '接收日志的地址。除本机回环地址外，必须设置令牌。',
    }),
    token: secretOption({
      en: 'Senders must send it as a bearer token.',
      zh: '发送方须以 Bearer 令牌的形式提供该值。',
    }).optional(),
    format: choiceOption(inputFormats, {
      en: 'How lines are told apart; auto decides for each line.',
      zh: '日志行的格式，auto 表示逐行判断。',
    }).default('auto'),
    maxBodyBytes: integerOption(
      { min: 1024, max: 256 * mebibyte, unit: bytes },
      { en: 'The largest body, as it was sent and decompressed.', zh: '单个请求体的最大字节数，压缩前后均受此限制。' },
    ).default(16 * mebibyte),
    maxBacklogBytes: integerOption(
      { min: mebibyte, max: 1024 * 1024 * mebibyte, unit: bytes },
      {
        en: 'When so much was accepted and not yet delivered, senders are told to come again later (429).',
        zh: '已接收但尚未投递的数据达到该值时，要求发送方稍后重试（429）。',
      },
    ).default(256 * mebibyte),
    fsync: flagOption({
      en: 'Answer only when a body survives a loss of power; false: when it survives the end of the program.',
      zh: '为 true 时，数据可承受断电后才应答；为 false 时，可承受程序退出即应答。',
    }).default(true),
    requestTimeoutMs: integerOption(
      { min: 1000, max: 600_000, unit: { en: 'milliseconds', zh: '毫秒' } },
      { en: 'How long a request may take to arrive.', zh: '接收单个请求的最长时间。' },
    ).default(30_000),
    maxConnections: integerOption(
      { min: 1, max: 100_000 },
      { en: 'Connections beyond this number are closed at once.', zh: '超过该数量的连接会被立即关闭。' },
    ).default(1000),
  }),
  ({ listen, token }) => (isOpen(listen, token) ? { path: ['token'], text: openText } : null),
)

export const httpSource = defineSource({
  type: 'http',
  options,
  /** Fails with `FCS_CONFIG_INVALID` when anybody could send. */
  create: ({ listen, token, format, fsync, maxBacklogBytes, ...limits }, deps) => {
    if (isOpen(listen, token)) throw openToAll(deps.name)
    const intake = new HttpIntake({ listen, token: token ?? null, ...limits }, deps)
    return new LoggedSource({ format, fsync, maxBacklogBytes }, deps, intake)
  },
})

/** Other machines could send without a token. */
const isOpen = (listen: string, token: string | undefined): boolean =>
  token === undefined && !isLoopback(readListen(listen)?.host ?? '')

/** Without the address: it may be out of an expansion. */
const openText: Words = {
  en: 'missing, while other machines can reach the address; set it, or listen on 127.0.0.1',
  zh: '缺失，而其他机器可访问该地址；请设置令牌，或改为监听 127.0.0.1',
}

function openToAll(name: string): FcscopeError {
  const { en, zh } = openText
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: `source ${name}: token is ${en}.`,
    zh: `数据源 ${name}：token ${zh}。`,
  })
}
