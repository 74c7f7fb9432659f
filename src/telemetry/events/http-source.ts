// What is said about the HTTP source: where it listens, and what it turned away.
import type { Log } from '../log.ts'

/** `port` is the real one, also where 0 was asked for. */
export const httpListening = (log: Log, fields: { source: string; address: string; port: number }): void =>
  log.write(
    'info',
    'httpListening',
    { en: 'Logs are accepted over HTTP (POST /v1/logs).', zh: '已开始通过 HTTP 接收日志（POST /v1/logs）。' },
    fields,
  )

/** Told now and then, with the number of requests since the last time; `reason` is one of a closed list. */
export const httpRequestsRefused = (log: Log, fields: { source: string; reason: string; count: number }): void =>
  log.write(
    'warn',
    'httpRequestsRefused',
    { en: 'Requests with logs were refused.', zh: '部分日志请求被拒绝。' },
    fields,
  )

/** The server goes on; a fault of a single connection is not told here. */
export const httpServerFailed = (log: Log, fields: { source: string; code: string }): void =>
  log.write(
    'error',
    'httpServerFailed',
    { en: 'The server for logs has a fault and goes on.', zh: '日志接收服务发生故障，仍在继续运行。' },
    fields,
  )
