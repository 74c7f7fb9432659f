// Events of metrics that are sent to an OpenTelemetry backend.
import type { Log } from '../log.ts'

export const metricsNotSent = (log: Log, fields: { reason: string }): void =>
  log.write(
    'warn',
    'metricsNotSent',
    {
      en: 'The backend did not take metrics, or not all of them; what counts is in the next request as well. Check metrics.otlp if this lasts.',
      zh: '后端未接收全部指标；累计值会包含在下一次请求中。若持续出现，请检查 metrics.otlp。',
    },
    fields,
  )

export const metricsSentAgain = (log: Log): void =>
  log.write('info', 'metricsSentAgain', { en: 'The backend takes metrics again.', zh: '后端已恢复接收指标。' }, {})
