// What is said about a Logstore that is read: the consumer group, shards that come and go, and what the service refuses.
import type { Log } from '../log.ts'

/** A source by its name, and one of its shards. */
interface AtShard {
  readonly source: string
  readonly shard: number
}

/** `shards` of the events below: their numbers with commas between, not more than a line can hold. */
export const slsJoined = (
  log: Log,
  e: { source: string; project: string; logstore: string; group: string; consumer: string },
): void =>
  log.write(
    'info',
    'slsJoined',
    { en: 'The consumer group of the Logstore was joined.', zh: '已加入 Logstore 的消费组。' },
    { ...e },
  )

export const slsShardsAssigned = (log: Log, e: { source: string; shards: string; count: number }): void =>
  log.write(
    'info',
    'slsShardsAssigned',
    { en: 'The consumer group gave shards to this worker.', zh: '消费组已将部分 Shard 分配给本进程。' },
    { ...e },
  )

/** What was read of it is stored, and the group knows how far. */
export const slsShardGivenUp = (log: Log, e: AtShard): void =>
  log.write(
    'info',
    'slsShardGivenUp',
    { en: 'A shard was given up, as the consumer group asked for.', zh: '已按消费组的要求交出 Shard。' },
    { ...e },
  )

/** `reason`: `noHeartbeat`, `forgotten` (the group does not know this consumer any more), `taken` (another consumer has it). */
export const slsShardsLost = (
  log: Log,
  e: { source: string; shards: string; count: number; reason: 'noHeartbeat' | 'forgotten' | 'taken' },
): void =>
  log.write(
    'warn',
    'slsShardsLost',
    {
      en: 'Shards were lost to the consumer group. Whoever has them next goes on where their records are stored.',
      zh: '消费组已收回部分 Shard，后续持有者将从已存储的位置继续读取。',
    },
    { ...e },
  )

/** `missing`: LogGroups that were never read; null when nobody knows. */
export const slsRecordsExpired = (log: Log, e: AtShard & { missing: number | null }): void =>
  log.write(
    'error',
    'slsRecordsExpired',
    {
      en: 'Records were deleted before they were read: the retention time of the Logstore is over. Reading goes on at the oldest one that is left.',
      zh: '部分日志在读取之前已超过 Logstore 的保存时间而被删除，将从现存最早的日志继续读取。',
    },
    { ...e },
  )

/** The service went on at a later record than the one that was asked for; told now and then, with what has come together. */
export const slsNumbersSkipped = (log: Log, e: AtShard & { missing: number }): void =>
  log.write(
    'warn',
    'slsNumbersSkipped',
    {
      en: 'The service left out LogGroups; they may have been deleted before they were read.',
      zh: '服务端跳过了部分 LogGroup，可能在读取之前已被删除。',
    },
    { ...e },
  )

/** Told now and then, with the number of refusals since the last time. */
export const slsThrottled = (log: Log, e: { source: string; code: string; count: number }): void =>
  log.write(
    'warn',
    'slsThrottled',
    {
      en: 'The service limits how fast the Logstore is read; reading is slower than it could be. All readers of a shard share its limit.',
      zh: '服务端限制了读取速率，读取变慢。同一 Shard 的所有读取方共用该限额。',
    },
    { ...e },
  )

/** What a {@link slsFailing} is about. */
export type SlsTask = 'heartbeat' | 'pull' | 'checkpoint' | 'lookup'

/** Told when it has failed several times in a row, and then now and then. `shards`: how many are concerned. */
export const slsFailing = (
  log: Log,
  e: {
    source: string
    task: SlsTask
    shards: number
    code: string
    status: number
    requestId: string
    reason: string
  },
): void =>
  log.write(
    'warn',
    'slsFailing',
    { en: 'The Logstore cannot be read at present; it is tried again.', zh: '暂时无法读取 Logstore，正在重试。' },
    { ...e },
  )

export const slsRecovered = (log: Log, e: { source: string; task: SlsTask }): void =>
  log.write('info', 'slsRecovered', { en: 'What had failed works again.', zh: '之前的故障已恢复。' }, { ...e })

/** The service did not take it as one; it is tried again later. */
export const slsCheckpointRefused = (log: Log, e: AtShard & { code: string; requestId: string }): void =>
  log.write(
    'error',
    'slsCheckpointRefused',
    {
      en: 'The consumer group refused a checkpoint; a worker that takes over reads more again than it would have to.',
      zh: '消费组拒绝了检查点，接手的进程将多读取部分数据。',
    },
    { ...e },
  )

/** `isGone`: it was deleted by the service, else it was split or merged. */
export const slsShardFinished = (log: Log, e: AtShard & { isGone: boolean }): void =>
  log.write(
    'info',
    'slsShardFinished',
    e.isGone
      ? { en: 'A shard is not there any more.', zh: 'Shard 已不存在。' }
      : { en: 'A shard that was split or merged was read to its end.', zh: '已分裂或合并的 Shard 已读取完毕。' },
    { ...e },
  )
