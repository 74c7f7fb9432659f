// Events of the worker's local API.
import type { Log } from '../log.ts'

export function workerApiUnavailable(log: Log, event: { folder: string; reason: string }): void {
  log.write(
    'warn',
    'workerApiUnavailable',
    {
      en: 'The socket for local commands cannot be made: query, trace, tail and top will not reach this worker.',
      zh: '无法创建本地命令所用的套接字：query、trace、tail 和 top 将无法访问此 worker。',
    },
    event,
  )
}
