// The bootstrap file is a shell script without its first line.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { readInstanceExit } from '../start-failure.ts'
import { architectureQuote, formatErrorQuote } from '../start-signs.ts'

/** ENOEXEC */
const noExecExitCode = 8

export const missingShebang: CauseRule = {
  code: 'missingShebang',
  signs: '`exec format error`, or exit code 8, while the instance was started.',
  remedy: {
    en: 'If the bootstrap file is a shell script, make `#!/bin/bash` its very first line, without a blank line or a byte order mark before it, and deploy again. A compiled program needs no such line.',
    zh: '如果 bootstrap 文件是 Shell 脚本，请将 `#!/bin/bash` 写在第一行（前面不能有空行或 BOM），然后重新部署。编译生成的可执行文件不需要这一行。',
  },
  docs: docPages.customRuntimeFaq,
  match(failure) {
    const { status } = failure.verdict
    if (status !== 'startFailed' && status !== 'processExited') return undefined
    const text = formatErrorQuote(failure)
    if (text !== undefined) {
      return found(architectureQuote(failure) === undefined ? Confidence.specific : Confidence.possible, [text])
    }
    const exit = readInstanceExit(failure)
    return exit?.exitCode === noExecExitCode ? found(Confidence.typical, [exit.quote]) : undefined
  },
}
