// The account's or the function's limit of instances or concurrency was reached.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { codeFigure, statusFigure } from '../figures.ts'

const exhausted = /ResourceExhausted|ConcurrencyLimitExceeded|RegionConcurrencyLimit/

export const quotaExceeded: CauseRule = {
  code: 'quotaExceeded',
  signs: 'Status `throttled`: `ResourceExhausted` or a 429.',
  remedy: {
    en: 'Ask for a higher limit of instances in the region in Quota Center, or raise the function’s own instance limit; raise `instanceConcurrency` where the code allows it, so that fewer instances are needed. Callers should retry a 429 with exponential back-off: it is not billed, and asynchronous calls are retried for up to 5 hours.',
    zh: '在配额中心申请提高该地域的实例数上限，或调大函数自身的实例上限；代码允许时提高单实例并发度 `instanceConcurrency`，以减少所需实例数。调用方遇到 429 应以指数退避方式重试：429 不计费，异步调用会自动重试最长 5 小时。',
  },
  docs: docPages.retries,
  match({ signals, verdict, texts }) {
    const code = codeFigure(signals, ['ResourceExhausted'])
    const status = signals.httpStatus === 429 ? statusFigure(signals) : undefined
    const text = quote(texts.all, exhausted)
    if (verdict.status === 'throttled') return found(Confidence.stated, [code, status, text])
    if (verdict.status === 'canceled' || verdict.status === 'timeout') return undefined
    // A function that calls others may be passing their 429 on.
    return found(Confidence.plausible, [code ?? text])
  },
}
