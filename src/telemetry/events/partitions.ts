// Events of partitions that come and go.
import type { Log } from '../log.ts'

export function partitionsAdopted(log: Log, event: { source: string; partitions: string }): void {
  log.write(
    'info',
    'partitionsAdopted',
    { en: 'Partitions are read by this worker now.', zh: '本 worker 开始读取这些分区。' },
    event,
  )
}

export function partitionsGivenUp(log: Log, event: { partitions: string }): void {
  log.write(
    'info',
    'partitionsGivenUp',
    {
      en: 'Partitions were given up; what was read of them is stored.',
      zh: '已释放这些分区，其已读取的数据均已存储。',
    },
    event,
  )
}

export function partitionsLost(log: Log, event: { partitions: string }): void {
  log.write(
    'warn',
    'partitionsLost',
    {
      en: 'Partitions went to another worker before everything that was read of them was stored; it reads that again.',
      zh: '这些分区在已读取的数据全部存储之前转给了其他 worker，由其重新读取。',
    },
    event,
  )
}

export function storeNotesFailed(log: Log, event: { reason: string; nextTryMs: number }): void {
  log.write(
    'warn',
    'storeNotesFailed',
    {
      en: 'The store does not say where to begin reading partitions; it is asked again.',
      zh: '无法从存储中得知分区的起始位置，将重试。',
    },
    { ...event, nextTryMs: Math.round(event.nextTryMs) },
  )
}
