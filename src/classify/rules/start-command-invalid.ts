// The start command names something that is not there, or cannot be run.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { exceptionQuote } from '../signs.ts'
import { isBootstrap, readInstanceExit } from '../start-failure.ts'
import { missingFileQuote } from '../start-signs.ts'

const invalid = /invalid start command|the file (?!\S{0,200}bootstrap\b)\S{1,300} is not exist/i
/** ENOENT, a shell's "command not found", and `dotnet` without its DLL. */
const missingExitCodes: ReadonlySet<number> = new Set([2, 127, 145])

export const startCommandInvalid: CauseRule = {
  code: 'startCommandInvalid',
  signs:
    '`invalid start command`; a start command that is not `/code/bootstrap` and ends with code 127, 145 or 2, or with `no such file`, `Missing script`, `Unable to access jarfile`.',
  remedy: {
    en: 'Correct the start command in the function’s configuration (`customRuntimeConfig.command` in s.yaml): it runs in /code, so every file in it must be in the package under that path, and its program in the runtime or a layer. A handler such as `index.handler` is not a start command.',
    zh: '请修正函数配置中的启动命令（s.yaml 中的 `customRuntimeConfig.command`）：命令在 /code 目录下执行，其中的文件必须以该路径存在于代码包中，所用程序必须存在于运行环境或层中。`index.handler` 这类函数入口不是启动命令。',
  },
  docs: docPages.startFailures,
  match(failure) {
    const { verdict, texts } = failure
    if (verdict.status !== 'startFailed') return undefined
    const said = quote(texts.platform, invalid)
    if (said !== undefined) return found(Confidence.stated, [said])
    const exit = readInstanceExit(failure)
    if (exit === undefined || exit.startCommand === null || isBootstrap(exit.startCommand)) return undefined
    const missing = missingFileQuote(failure)
    if (missing !== undefined || missingExitCodes.has(exit.exitCode)) {
      return found(Confidence.specific, [exit.quote, missing])
    }
    return found(exceptionQuote(failure) === undefined ? Confidence.typical : Confidence.possible, [exit.quote])
  },
}
