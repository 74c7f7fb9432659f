// There is no start command, and no bootstrap file either.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { codeFigure } from '../figures.ts'
import { windowsLineEndQuote } from '../signs.ts'
import { isBootstrap, readInstanceExit } from '../start-failure.ts'
import { missingFileQuote } from '../start-signs.ts'

const bootstrapGone = /\bbootstrap[^\n]{0,40}(?:is not exist|does not exist|no such file|not found)/i
const otherFileGone = /the file (?!\S{0,200}bootstrap\b)\S{1,300} is not exist/i
/** ENOENT as the platform passes it on, and a shell's "command not found". */
const missingExitCodes: ReadonlySet<number> = new Set([2, 127])

export const bootstrapMissing: CauseRule = {
  code: 'bootstrapMissing',
  signs: '`CAFileNotFound`, `the file /code/bootstrap is not exist`; exit code 127 or 2 of `/code/bootstrap`.',
  remedy: {
    en: 'Put an executable file named `bootstrap` at the root of the code package (not in a folder inside the archive), or set a start command in the function’s configuration. If the file is there, check that the interpreter in its first line and every program it calls exist in the runtime.',
    zh: '请在代码包根目录（不要多套一层文件夹）放置名为 `bootstrap` 的可执行文件，或在函数配置中设置启动命令。如果文件已存在，请检查其首行的解释器以及脚本中调用的程序在运行环境中是否存在。',
  },
  docs: docPages.startFailures,
  match(failure) {
    const { signals, verdict, texts } = failure
    if (verdict.status !== 'startFailed' && verdict.status !== 'processExited') return undefined
    const exit = readInstanceExit(failure)
    if (exit?.startCommand !== undefined && exit.startCommand !== null && !isBootstrap(exit.startCommand))
      return undefined
    const gone = quote(texts.all, bootstrapGone)
    if (gone !== undefined) return found(Confidence.stated, [gone, codeFigure(signals, ['CAFileNotFound'])])
    if (quote(texts.all, otherFileGone) !== undefined) return undefined
    const code = codeFigure(signals, ['CAFileNotFound'])
    if (code !== undefined) return found(Confidence.specific, [code, missingFileQuote(failure)])
    const hasOtherReason = windowsLineEndQuote(failure) !== undefined
    if (exit !== undefined && missingExitCodes.has(exit.exitCode)) {
      return found(hasOtherReason ? Confidence.possible : Confidence.typical, [exit.quote, missingFileQuote(failure)])
    }
    return hasOtherReason ? undefined : found(Confidence.plausible, [missingFileQuote(failure)])
  },
}
