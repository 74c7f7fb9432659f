// The function ran into its own time-out.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { durationFigure, durationOf, rowFigure, sentenceQuote } from '../figures.ts'

const stopped = /Dumping stack trace after function timeout|Function timed out after/

export const executionTimeout: CauseRule = {
  code: 'executionTimeout',
  signs:
    '`errorType` `FunctionTimeoutError`, `Function timed out after N seconds`, `Dumping stack trace after function timeout`; a duration that reaches the function’s time-out.',
  remedy: {
    en: 'Find out what the function waited for: the last line before the end usually shows it. Give every outgoing call a time-out well below the function’s, and raise the function’s time-out (console: Configuration > Basic Settings; `timeout` in s.yaml) only if the work really needs longer; move long work to an asynchronous task.',
    zh: '先确认函数在等待什么：超时前的最后一行日志通常能说明问题。为所有外部调用设置明显小于函数超时时间的超时；只有业务确实需要更长时间时，才调大函数的执行超时时间（控制台：配置 > 基础配置；s.yaml 中的 `timeout`），耗时任务请改用异步任务。',
  },
  docs: docPages.requestMetrics,
  match(failure) {
    const { signals, verdict, texts } = failure
    if (verdict.status === 'timeout') {
      return found(Confidence.stated, [
        durationFigure(failure),
        sentenceQuote(signals, ['timedOut']),
        rowFigure(signals),
      ])
    }
    if (verdict.status !== 'processExited' && verdict.status !== 'incomplete' && verdict.status !== 'unhandledError') {
      return undefined
    }
    const dump = quote(texts.all, stopped)
    if (dump !== undefined) return found(Confidence.specific, [dump, durationFigure(failure)])
    const durationMs = durationOf(failure)
    const reached = durationMs !== null && signals.timeoutMs !== null && durationMs >= signals.timeoutMs
    return reached ? found(Confidence.specific, [durationFigure(failure)]) : undefined
  },
}
