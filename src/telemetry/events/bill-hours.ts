// Events of the hours that bills are made of.
import type { Log } from '../log.ts'

export function billHoursFailed(log: Log, event: { reason: string; nextTryMs: number }): void {
  log.write(
    'warn',
    'billHoursFailed',
    {
      en: 'Hours for bills could not be summed up; it is tried again. bill_hours is behind until then, bill estimate is not.',
      zh: '账单小时汇总失败，将自动重试。在此之前 bill_hours 会滞后，bill estimate 不受影响。',
    },
    { ...event, nextTryMs: Math.round(event.nextTryMs) },
  )
}
