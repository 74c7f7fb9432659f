// Events of the worker's own course.
import type { Log } from '../log.ts'

export function workerStarted(
  log: Log,
  event: { version: string; sources: string; store: string; state: string; metrics: string },
): void {
  log.write('info', 'workerStarted', { en: 'The worker runs.', zh: 'worker 已启动。' }, event)
}

export function workerStopped(log: Log, event: { records: number; attempts: number; seconds: number }): void {
  log.write(
    'info',
    'workerStopped',
    {
      en: 'The worker has stopped; everything taken is stored or waits on disk.',
      zh: 'worker 已停止；已读取的数据均已存储或暂存于磁盘。',
    },
    event,
  )
}

export function stateRecovered(
  log: Log,
  event: { batches: number; bytes: number; seconds: number; deliveries: number },
): void {
  log.write(
    'info',
    'stateRecovered',
    {
      en: 'The state of an earlier run was restored.',
      zh: '已恢复此前运行的状态。',
    },
    event,
  )
}

export function replayGap(log: Log, event: { source: string; stream: string; from: number; to: number }): void {
  log.write(
    'warn',
    'replayGap',
    {
      en: 'Bytes that were taken before a crash are gone: their lines are stored, but attempts that were open may lack them.',
      zh: '崩溃前已读取的字节已不存在：相应日志行已存储，但当时未结束的尝试可能缺少这些行。',
    },
    event,
  )
}

export function commitFailed(log: Log, event: { batch: number; nextTryMs: number; reason: string }): void {
  log.write(
    'error',
    'commitFailed',
    {
      en: 'A batch cannot be written to the state; it is tried again, and nothing is read meanwhile. Make room on the disk.',
      zh: '无法将批次写入状态；将自动重试，期间暂停读取。请清理磁盘空间。',
    },
    { ...event, nextTryMs: Math.round(event.nextTryMs) },
  )
}

export function snapshotFailed(log: Log, event: { batch: number; reason: string }): void {
  log.write(
    'warn',
    'snapshotFailed',
    {
      en: 'The engine’s state could not be saved; a restart will read more again.',
      zh: '无法保存引擎状态；重启后需要重新读取更多数据。',
    },
    event,
  )
}

export function stateIsNew(log: Log, event: { store: string; streams: number }): void {
  log.write(
    'warn',
    'stateIsNew',
    {
      en: 'The store has data, the state has none: sources are read from their beginnings, and nothing is stored twice.',
      zh: '存储中已有数据而状态为空：将从头读取数据源，且不会重复存储。',
    },
    event,
  )
}

export function recordsUnaccounted(log: Log, event: { records: number }): void {
  log.write(
    'error',
    'recordsUnaccounted',
    {
      en: 'Records are without a fate: a bug in fcscope. Please report it.',
      zh: '有记录未入账：这是 fcscope 的缺陷，请报告。',
    },
    event,
  )
}
