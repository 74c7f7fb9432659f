// Events of `fcscope route`.
import type { Log } from '../log.ts'

export const routeStarted = (
  log: Log,
  event: { version: string; sources: string; topic: string; key: string; metrics: string },
): void => log.write('info', 'routeStarted', { en: 'Routing runs.', zh: '路由已启动。' }, event)

export const routeStopped = (
  log: Log,
  event: { records: number; bytes: number; messages: number; deadLettered: number; seconds: number },
): void =>
  log.write(
    'info',
    'routeStopped',
    {
      en: 'Routing has stopped; everything that was taken is in the topic, is read again, or waits on disk.',
      zh: '路由已停止；已读取的数据均已写入主题，或将重新读取，或暂存于磁盘。',
    },
    event,
  )

export const routePartitionsTaken = (log: Log, event: { source: string; partitions: string }): void =>
  log.write(
    'info',
    'routePartitionsTaken',
    { en: 'Partitions are routed by this process now.', zh: '本进程开始路由这些分区。' },
    event,
  )

export const routePartitionsGivenUp = (log: Log, event: { source: string; partitions: string }): void =>
  log.write(
    'info',
    'routePartitionsGivenUp',
    {
      en: 'Partitions were given up; what was read of them is in the topic.',
      zh: '已释放这些分区，其已读取的数据均已写入主题。',
    },
    event,
  )

/** What was read and not delivered is read again by whoever has them now. */
export const routePartitionsLost = (log: Log, event: { source: string; partitions: string }): void =>
  log.write(
    'warn',
    'routePartitionsLost',
    {
      en: 'Partitions went to another process before everything that was read of them was in the topic; it reads the rest again.',
      zh: '这些分区在已读取的数据全部写入主题之前转给了其他进程，其余部分由该进程重新读取。',
    },
    event,
  )

/** Told once per trouble, when it has lasted for some seconds. */
export const routeTroubled = (log: Log, event: { topic: string; lanes: number; reason: string }): void =>
  log.write(
    'warn',
    'routeTroubled',
    {
      en: 'The topic takes nothing; it is tried again until it does, and what comes meanwhile waits where it is.',
      zh: '无法写入主题，将持续重试直至恢复；期间的数据留在来源处等待。',
    },
    event,
  )

export const routeRecovered = (log: Log, event: { topic: string; afterMs: number }): void =>
  log.write(
    'info',
    'routeRecovered',
    { en: 'The topic takes messages again.', zh: '主题已恢复写入。' },
    { ...event, afterMs: Math.round(event.afterMs) },
  )

/** Dead letters come first: what they were found in does not go on before they are kept. */
export const routeLettersFailed = (log: Log, event: { letters: number; reason: string }): void =>
  log.write(
    'error',
    'routeLettersFailed',
    {
      en: 'Dead letters cannot be written; nothing more is read until they can. Make room on the disk.',
      zh: '无法写入死信，在恢复之前暂停读取。请清理磁盘空间。',
    },
    event,
  )
