// Events of deliveries to sinks.
import type { Log } from '../log.ts'

export function deliveryFailed(
  log: Log,
  event: { sink: string; tries: number; nextTryMs: number; waitingBytes: number; reason: string },
): void {
  const { sink, tries, nextTryMs, waitingBytes, reason } = event
  log.write(
    tries <= 1 ? 'warn' : 'error',
    'deliveryFailed',
    {
      en: `Sink ${sink} took nothing; it is tried again, and what comes meanwhile waits on disk.`,
      zh: `接收端 ${sink} 未能写入；将自动重试，期间的数据暂存于磁盘。`,
    },
    { sink, tries, nextTryMs: Math.round(nextTryMs), waitingBytes, reason },
  )
}

export function deliveryRecovered(log: Log, event: { sink: string; afterMs: number; waitingBytes: number }): void {
  log.write(
    'info',
    'deliveryRecovered',
    { en: `Sink ${event.sink} takes data again.`, zh: `接收端 ${event.sink} 已恢复写入。` },
    { ...event, afterMs: Math.round(event.afterMs) },
  )
}

export function spillFull(log: Log, event: { sink: string; waitingBytes: number; maxBytes: number }): void {
  log.write(
    'error',
    'spillFull',
    {
      en: `Sink ${event.sink} has been down for so long that spill.maxBytes is used up: sources are not read until it takes data again.`,
      zh: `接收端 ${event.sink} 长时间不可用，spill.maxBytes 已用尽：在其恢复之前暂停读取数据源。`,
    },
    event,
  )
}

export function deadLettersRemoved(
  log: Log,
  event: { folder: string; files: number; bytes: number; maxBytes: number },
): void {
  log.write(
    'warn',
    'deadLettersRemoved',
    {
      en: 'There are more dead letters than deadLetters.maxBytes allows: the oldest were removed.',
      zh: '死信超过 deadLetters.maxBytes 的上限，已删除最早的部分。',
    },
    event,
  )
}

export function batchTooOld(log: Log, event: { sink: string; batch: number; part: string; rows: number }): void {
  log.write(
    'warn',
    'batchTooOld',
    {
      en: 'A batch waited longer than rows are kept: the store would drop its rows at once.',
      zh: '一批数据的等待时间超过了保留期限：写入后会立即被存储删除。',
    },
    event,
  )
}

export function batchWasThere(log: Log, event: { sink: string; batch: number; part: string; rows: number }): void {
  log.write(
    'debug',
    'batchWasThere',
    { en: 'A batch had reached the store before.', zh: '该批数据此前已写入存储。' },
    event,
  )
}

export function lineIdsKept(log: Log, event: { sink: string; batch: number; attempts: number; reason: string }): void {
  log.write(
    'warn',
    'lineIdsKept',
    {
      en: 'The store cannot give stored lines the trace ids that the platform gave their attempts: those lines keep the ids that follow from the request id. This needs ClickHouse 25.8 or later, and the right to update log_lines and line_owners. It is said once.',
      zh: '存储无法为已入库的日志行更新平台分配的 trace id，这些日志行保留由请求 ID 推导的 id。需要 ClickHouse 25.8 或更高版本，以及更新 log_lines 和 line_owners 的权限。此消息仅提示一次。',
    },
    event,
  )
}
