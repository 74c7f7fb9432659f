// An exception that nothing in the function caught.
import { type CauseMatch, type CauseRule, Confidence, type Failure, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { endFigure, rowFigure } from '../figures.ts'
import { exceptionQuote, isExplained } from '../signs.ts'
import { ownFrameLine } from '../stack-frames.ts'

const saidByRuntime = /\buncaughtException\b|unhandledRejection/i

export const uncaughtException: CauseRule = {
  code: 'uncaughtException',
  signs:
    'An error body or the lines of an exception (`Traceback …`, `panic: …`, `TypeError: …`, `FunctionUnhandledError: uncaughtException`); an End with `Unhandled function error`.',
  remedy: {
    en: "Fix the code at the first stack frame that is yours; the exception is quoted in the evidence. Catch what can be expected where it happens, and add a last handler at the top of the process (`process.on('uncaughtException')`, Go `recover`, a try block around the handler) that logs it, so that one request does not end all others on the instance.",
    zh: "根据证据中的异常信息，从堆栈中第一个属于您代码的位置开始修复。对可预期的异常就地捕获，并在进程顶层增加兜底处理（`process.on('uncaughtException')`、Go 的 `recover`、在入口函数外层 try）并打印日志，避免一个请求的异常导致整个实例退出。",
  },
  docs: docPages.errorsInCode,
  match(failure) {
    const { signals, verdict, texts } = failure
    const literal = quote(texts.all, saidByRuntime)
    const exception = exceptionQuote(failure)
    const frame = exception === undefined ? undefined : ownFrame(failure)
    const pieces = [exception, frame, literal, endFigure(signals), rowFigure(signals)]
    switch (verdict.status) {
      case 'unhandledError':
      case 'handledError':
        return matchFunctionError(failure, exception, pieces)
      case 'processExited':
      case 'startFailed':
        if (literal !== undefined) return found(Confidence.stated, [literal, exception, frame])
        if (exception === undefined) return undefined
        return found(isExplained(failure) ? Confidence.possible : Confidence.specific, [exception, frame])
      case 'incomplete':
        return exception === undefined ? undefined : found(Confidence.typical, [exception, frame])
      default:
        return undefined
    }
  },
}

/** Where to begin with mending it; of several stacks the last. */
function ownFrame({ signals }: Failure): string | undefined {
  const stack = signals.errors.findLast(({ detail }) => detail.stack !== null)?.detail.stack
  return stack == null ? undefined : (ownFrameLine(stack) ?? undefined)
}

function matchFunctionError(
  failure: Failure,
  exception: string | undefined,
  pieces: readonly (string | undefined)[],
): CauseMatch | undefined {
  const { signals, verdict } = failure
  if (isExplained(failure)) return found(Confidence.possible, pieces)
  if (verdict.status === 'handledError') return found(Confidence.typical, pieces)
  // A body with a code is an answer of the platform or of an API, not an exception.
  if (exception === undefined && signals.errors.some(({ detail }) => detail.code !== null)) return undefined
  if (exception === undefined) return found(Confidence.typical, pieces)
  const isStated = signals.endOutcome === 'unhandledError' || rowFigure(signals) !== undefined
  return found(isStated ? Confidence.stated : Confidence.specific, pieces)
}
