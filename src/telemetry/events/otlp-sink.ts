// Events of the sink of spans.
import type { Log } from '../log.ts'

export const spansPartlyRejected = (log: Log, fields: { sink: string; spans: number; reason: string }): void =>
  log.write(
    'warn',
    'spansPartlyRejected',
    {
      en: 'The backend took a request, but not all of its spans, or has something to say of it. This is said once; fcscope_spans_total goes on counting.',
      zh: '后端接收了请求，但拒绝了部分 span 或附带了警告。此消息只记录一次，后续请看 fcscope_spans_total。',
    },
    fields,
  )

export const spansRefused = (log: Log, fields: { sink: string; spans: number; reason: string }): void =>
  log.write(
    'error',
    'spansRefused',
    {
      en: 'The backend refuses spans for good: they are not sent again. Check traces.url and traces.headers, and what the backend says.',
      zh: '后端永久拒绝 span，不再重发。请检查 traces.url、traces.headers 以及后端返回的信息。',
    },
    fields,
  )
