// The platform had no machine for the instance at that moment.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { codeFigure, statusFigure } from '../figures.ts'

const noRoom = /Reserve resource exceeded limit|ResourceThrottled/

export const noCapacity: CauseRule = {
  code: 'noCapacity',
  signs: '`ResourceThrottled`, `Reserve resource exceeded limit`, or a 503 of an attempt that never ran.',
  remedy: {
    en: 'Retry with exponential back-off (it is not billed; asynchronous calls are retried by the platform). If it lasts, use another GPU type, instance size or region, or keep minimum instances so that capacity is held before the load comes.',
    zh: '请以指数退避方式重试（不计费；异步调用由平台自动重试）。若持续出现，请更换 GPU 卡型、实例规格或地域，或设置最小实例数，在流量到来前提前占用资源。',
  },
  docs: docPages.retries,
  match({ signals, verdict, texts }) {
    if (verdict.status !== 'platformError' && verdict.status !== 'startFailed' && verdict.status !== 'unhandledError') {
      return undefined
    }
    const code = codeFigure(signals, ['ResourceThrottled'])
    const text = quote(texts.all, noRoom)
    if (code !== undefined || text !== undefined) return found(Confidence.stated, [code, text])
    const isAnswer = verdict.status === 'platformError' && signals.httpStatus === 503
    return isAnswer ? found(Confidence.specific, [statusFigure(signals)]) : undefined
  },
}
