// The program or image was built for another processor.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { readInstanceExit } from '../start-failure.ts'
import { architectureQuote, formatErrorQuote, wrongPlatformQuote } from '../start-signs.ts'

/** ENOEXEC */
const noExecExitCode = 8

export const wrongArchitecture: CauseRule = {
  code: 'wrongArchitecture',
  signs:
    '`exec format error` (or exit code 8) together with words like ELF, arm64, amd64; `cannot execute binary file`; an image that has no `linux/amd64`.',
  remedy: {
    en: 'Build for linux/amd64, the only platform that Function Compute runs: `GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build`, `docker build --platform linux/amd64` (add `--provenance=false` with buildx), native modules installed on x86_64 Linux. Check with `file bootstrap` or `docker inspect`.',
    zh: '请构建 linux/amd64 的产物，这是函数计算唯一支持的平台：`GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build`，`docker build --platform linux/amd64`（使用 buildx 时加 `--provenance=false`），原生模块需在 x86_64 Linux 上安装。可用 `file bootstrap` 或 `docker inspect` 确认。',
  },
  docs: docPages.customContainer,
  match(failure) {
    const { status } = failure.verdict
    if (status !== 'startFailed' && status !== 'processExited' && status !== 'unhandledError') return undefined
    const platform = wrongPlatformQuote(failure)
    if (platform !== undefined) return found(Confidence.specific, [platform])
    const text = formatErrorQuote(failure)
    const words = architectureQuote(failure)
    if (text !== undefined && words !== undefined) return found(Confidence.specific, [text, words])
    if (text !== undefined) return found(Confidence.possible, [text])
    const exit = readInstanceExit(failure)
    return exit?.exitCode === noExecExitCode ? found(Confidence.possible, [exit.quote, words]) : undefined
  },
}
