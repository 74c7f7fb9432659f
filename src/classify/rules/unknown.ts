// Nothing else fits: what was seen, for a reader to judge.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { opening } from '../failure-texts.ts'
import { codeFigure, durationFigure, endFigure, memoryFigure, rowFigure, statusFigure } from '../figures.ts'

export const unknown: CauseRule = {
  code: 'unknown',
  signs: 'The attempt failed, or its end was never seen, and no other rule finds a reason in its records.',
  remedy: {
    en: 'Turn on request metrics and instance metrics for the function (they give status, duration, memory and error type even where no line was written), log what the function does before and after each outgoing call, and look at the attempt’s lines with `fcscope trace`. For an internal error of the platform retry, and give its support the request id.',
    zh: '为函数开启请求级别指标和实例级别指标（即使没有日志也能得到状态、时长、内存和错误类型），在每次外部调用前后打印日志，并用 `fcscope trace` 查看该次执行的全部日志。若为平台内部错误，请重试，并将请求 ID 提供给技术支持。',
  },
  docs: docPages.product,
  match(failure) {
    const { signals } = failure
    const message = failure.verdict.errorMessage ?? signals.errors.at(-1)?.detail.message ?? ''
    const said = opening(message) ?? opening(signals.troubleLines.at(-1) ?? '')
    const codes = signals.errors.flatMap(({ detail }) => detail.code ?? [])
    const figures = [endFigure(signals), rowFigure(signals), statusFigure(signals), durationFigure(failure)]
    const close = signals.hasStart && !signals.hasEnd ? 'Start without an End' : `lines ${signals.lines}`
    return found(Confidence.unlikely, [said, codeFigure(signals, codes), ...figures, memoryFigure(failure), close])
  },
}
