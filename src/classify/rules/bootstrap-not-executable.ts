// The start command's file may not be executed.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { codeFigure } from '../figures.ts'
import { readInstanceExit } from '../start-failure.ts'

const noPermission = /don't have execute permission|(?:bootstrap|exec)[^\n]{0,80}permission denied/i
const denied = /permission denied/i
/** A shell's "found, but not executable", and EACCES as the platform passes it on. */
const deniedExitCodes: ReadonlySet<number> = new Set([13, 126])

export const bootstrapNotExecutable: CauseRule = {
  code: 'bootstrapNotExecutable',
  signs:
    "`CAFilePermission`, `don't have execute permissions`, `permission denied` while starting; exit code 126 or 13.",
  remedy: {
    en: 'Run `chmod 755 bootstrap` (777 works, too) before packing, and pack with a tool that keeps the mode: `zip` on Linux or macOS does, Windows Explorer does not. In an image set it with `RUN chmod 755`.',
    zh: '打包前执行 `chmod 755 bootstrap`（777 亦可），并使用能保留文件权限的打包方式：Linux、macOS 的 `zip` 可以保留，Windows 资源管理器不会。镜像中请使用 `RUN chmod 755` 设置。',
  },
  docs: docPages.startFailures,
  match(failure) {
    const { signals, verdict, texts } = failure
    if (verdict.status !== 'startFailed' && verdict.status !== 'processExited') return undefined
    const code = codeFigure(signals, ['CAFilePermission'])
    const text = quote(texts.all, noPermission)
    if (code !== undefined) return found(Confidence.stated, [code, text ?? quote(texts.all, denied)])
    if (text !== undefined)
      return found(quote(texts.platform, noPermission) ? Confidence.stated : Confidence.specific, [text])
    const exit = readInstanceExit(failure)
    if (exit !== undefined && deniedExitCodes.has(exit.exitCode)) {
      return found(Confidence.specific, [exit.quote, quote(texts.own, denied)])
    }
    return found(Confidence.possible, [quote(texts.all, denied)])
  },
}
