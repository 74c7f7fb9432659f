// The bootstrap file was saved with Windows line ends.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { windowsLineEndQuote } from '../signs.ts'

export const windowsLineEndings: CauseRule = {
  code: 'windowsLineEndings',
  signs: 'A carriage return as part of a name: `‘bash\\r’: No such file or directory`, `/bin/bash^M: bad interpreter`.',
  remedy: {
    en: "Save the bootstrap file (and every script it calls) with UNIX line ends: `sed -i 's/\\r$//' bootstrap` or `dos2unix bootstrap`, then deploy again. `bootstrap text eol=lf` in .gitattributes keeps Git on Windows from changing them back.",
    zh: "将 bootstrap 文件（及其调用的脚本）保存为 UNIX 换行格式：`sed -i 's/\\r$//' bootstrap` 或 `dos2unix bootstrap`，然后重新部署。在 .gitattributes 中加入 `bootstrap text eol=lf`，可避免 Windows 上的 Git 再次改回。",
  },
  docs: docPages.customRuntimeFaq,
  match(failure) {
    const { status } = failure.verdict
    if (status !== 'startFailed' && status !== 'processExited' && status !== 'unhandledError') return undefined
    return found(Confidence.stated, [windowsLineEndQuote(failure)])
  },
}
