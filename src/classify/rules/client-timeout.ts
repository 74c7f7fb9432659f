// The caller stopped waiting before the function had answered.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { durationFigure, endFigure, sentenceQuote, statusFigure } from '../figures.ts'

const canceledText = /Invocation canceled by client|ClientClosedRequest|client (?:closed|disconnected)/i

export const clientTimeout: CauseRule = {
  code: 'clientTimeout',
  signs: 'Status `canceled`: `Invocation canceled by client` on the End, or a 499.',
  remedy: {
    en: 'Set the time-out of every caller (SDK read timeout, API gateway back end, browser, load balancer) above the function’s own time-out, or make the function faster; the duration in the evidence is how long the caller waited. For long work call it asynchronously.',
    zh: '将各级调用方（SDK 读超时、API 网关后端超时、浏览器、负载均衡）的超时时间设置为大于函数的执行超时时间，或缩短函数执行时间；证据中的执行时长即客户端等待的时间。耗时任务请改用异步调用。',
  },
  docs: docPages.canceled,
  match(failure) {
    const { signals, verdict, texts } = failure
    if (verdict.status === 'canceled') {
      const end = signals.endOutcome === 'canceled' ? endFigure(signals) : undefined
      const status = signals.httpStatus === 499 ? statusFigure(signals) : undefined
      return found(Confidence.stated, [sentenceQuote(signals, ['canceled']), end, status, durationFigure(failure)])
    }
    if (signals.httpStatus === 499) return found(Confidence.typical, [statusFigure(signals), durationFigure(failure)])
    if (verdict.status !== 'processExited' && verdict.status !== 'incomplete') return undefined
    return found(Confidence.typical, [quote(texts.all, canceledText)])
  },
}
