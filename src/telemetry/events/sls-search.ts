// What is said about the search in a Logstore that brings a range of it.
import type { Log } from '../log.ts'

/** `rows`: as the service counts them, those beside the range included. Times are RFC 3339. */
export const searchStarted = (
  log: Log,
  fields: { project: string; logstore: string; from: string; to: string; rows: number },
): void =>
  log.write(
    'info',
    'searchStarted',
    { en: 'The rows of the range are read.', zh: '开始读取该时间范围内的日志。' },
    fields,
  )

/** Told now and then, with the number of refusals since the last time. */
export const searchThrottled = (log: Log, fields: { code: string; count: number }): void =>
  log.write(
    'warn',
    'searchThrottled',
    {
      en: 'The service limits how fast the Logstore is searched; it is slower than it could be.',
      zh: '服务端限制了查询速率，读取变慢。',
    },
    fields,
  )

/** Told now and then, with the number of failures since the last time. */
export const searchFailing = (
  log: Log,
  fields: { code: string; status: number; requestId: string; reason: string; count: number },
): void =>
  log.write(
    'warn',
    'searchFailing',
    { en: 'The Logstore cannot be searched at present; it is tried again.', zh: '暂时无法查询 Logstore，正在重试。' },
    fields,
  )

/** Told now and then, with the number of such answers since the last time. */
export const searchIncomplete = (log: Log, fields: { count: number }): void =>
  log.write(
    'warn',
    'searchIncomplete',
    {
      en: 'The service gave a part of an answer only; it is asked again.',
      zh: '服务端只返回了部分结果，正在重新查询。',
    },
    fields,
  )

/** Rows came into the window, or went, while it was read. Times are RFC 3339. */
export const searchChanged = (log: Log, fields: { from: string; to: string; expected: number; found: number }): void =>
  log.write(
    'info',
    'searchChanged',
    {
      en: 'The rows of a part of the range changed while they were read; it is read again.',
      zh: '读取过程中该时间段的日志发生变化，重新读取。',
    },
    fields,
  )
