// Events of sinks that are Kafka topics.
import type { Log } from '../log.ts'

export const kafkaBatchWasThere = (log: Log, fields: { sink: string; batch: number; rows: number }): void =>
  log.write(
    'debug',
    'kafkaBatchWasThere',
    { en: 'A batch had reached the topic before.', zh: '该批数据此前已写入主题。' },
    fields,
  )

/** `maxBytes`: of a message, as the topic's max.message.bytes leaves it. */
export const kafkaRecordsTooLarge = (
  log: Log,
  fields: { sink: string; topic: string; records: number; maxBytes: number },
): void =>
  log.write(
    'error',
    'kafkaRecordsTooLarge',
    {
      en: 'Some records are larger than the topic allows and were left out. Raise its max.message.bytes.',
      zh: '部分记录超过主题允许的大小，未写入。请提高主题的 max.message.bytes。',
    },
    fields,
  )
