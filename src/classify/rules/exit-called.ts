// The function's own code, or a library of it, ended the process.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { durationFigure, isMemoryNearLimit, sentenceQuote, statusFigure } from '../figures.ts'
import { exceptionQuote, exitCallQuote } from '../signs.ts'
import { readInstanceExit } from '../start-failure.ts'

/** Exit codes that a shell, the loader or a signal gives, not a call of exit. */
const foreignExitCodes: ReadonlySet<number> = new Set([2, 8, 13, 126, 127, 134, 137, 139, 143, 145])

export const exitCalled: CauseRule = {
  code: 'exitCalled',
  signs:
    'The process went away without an exception in the records; `process.exit`, `os._exit`, `sys.exit`, `log.Fatal`, `exit status N` in them; an exit code of the program’s own.',
  remedy: {
    en: 'Look for calls that end the process (`process.exit`, `os._exit`, `sys.exit`, `log.Fatal`, `System.exit`), also in libraries and signal handlers, and throw or return an error instead. Where an exit is wanted, print the reason and the stack first: after `os._exit` the platform cannot show one.',
    zh: '检查代码、依赖库和信号处理中是否主动结束进程（`process.exit`、`os._exit`、`sys.exit`、`log.Fatal`、`System.exit`），改为抛出异常或返回错误。确需退出时，请先打印原因和堆栈：`os._exit` 之后平台无法获取堆栈。',
  },
  docs: docPages.processExited,
  match(failure) {
    const { signals, verdict } = failure
    const { status } = verdict
    if (
      status !== 'processExited' &&
      status !== 'startFailed' &&
      status !== 'incomplete' &&
      status !== 'unhandledError'
    ) {
      return undefined
    }
    const call = exitCallQuote(failure)
    const exit = readInstanceExit(failure)
    if (call !== undefined) return found(Confidence.specific, [call, exit?.quote])
    if (exceptionQuote(failure) !== undefined) return undefined
    if (exit !== undefined) {
      if (foreignExitCodes.has(exit.exitCode)) return undefined
      return found(status === 'processExited' ? Confidence.typical : Confidence.possible, [exit.quote])
    }
    if (status !== 'processExited' || isMemoryNearLimit(failure)) return undefined
    const seen = sentenceQuote(signals, ['processExited']) ?? statusFigure(signals)
    return seen === undefined ? undefined : found(Confidence.possible, [seen, durationFigure(failure)])
  },
}
