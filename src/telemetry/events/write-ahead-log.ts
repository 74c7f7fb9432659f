// What is said about write-ahead logs: damage that was found, writes that failed.
import type { Log } from '../log.ts'

/** The last append before a crash was not finished; it was never acknowledged. */
export const tornFrameCut = (log: Log, fields: { source: string; offset: number; bytes: number }): void =>
  log.write(
    'warn',
    'tornFrameCut',
    {
      en: 'The write-ahead log ended in the middle of an append that nobody was told of; it was cut off.',
      zh: '预写日志在一次未确认的追加中途结束，已截去不完整的部分。',
    },
    fields,
  )

/** Bytes that had been acknowledged cannot be read any more. */
export const damagedFramesSkipped = (log: Log, fields: { source: string; from: number; to: number }): void =>
  log.write(
    'error',
    'damagedFramesSkipped',
    {
      en: 'A part of the write-ahead log is damaged and was skipped: lines are lost. Check the disk.',
      zh: '预写日志的一部分已损坏并被跳过，其中的日志行已丢失，请检查磁盘。',
    },
    fields,
  )

/** There are segments without the log's id: its streams have new names now. */
export const logIdRenewed = (log: Log, fields: { source: string }): void =>
  log.write(
    'warn',
    'logIdRenewed',
    {
      en: 'The write-ahead log has lost its id file and got a new one: what it still holds is read again, as new streams.',
      zh: '预写日志的 id 文件丢失，已重新生成；其中剩余的内容将作为新的流重新读取。',
    },
    fields,
  )

/** Said once when writing begins to fail, not for every append. */
export const logWriteFailed = (log: Log, fields: { source: string; code: string }): void =>
  log.write(
    'error',
    'logWriteFailed',
    {
      en: 'The write-ahead log cannot be written; nothing is accepted until it can. Make room on the disk of the state folder.',
      zh: '预写日志无法写入，恢复之前不再接收数据，请为状态目录所在磁盘腾出空间。',
    },
    fields,
  )

export const logWriteRecovered = (log: Log, fields: { source: string }): void =>
  log.write(
    'info',
    'logWriteRecovered',
    { en: 'The write-ahead log can be written again.', zh: '预写日志恢复写入。' },
    fields,
  )

/** Space is not given back, and is tried again later. */
export const segmentNotDeleted = (log: Log, fields: { source: string; code: string }): void =>
  log.write(
    'warn',
    'segmentNotDeleted',
    {
      en: 'A segment of the write-ahead log that is not needed any more cannot be deleted.',
      zh: '预写日志中不再需要的分段文件无法删除。',
    },
    fields,
  )
