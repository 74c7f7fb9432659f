// The instance ran out of memory.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { isMemoryNearLimit, memoryFigure, rowFigure } from '../figures.ts'
import { killedQuote, memoryQuote } from '../signs.ts'
import { readInstanceExit } from '../start-failure.ts'

/** 128 + SIGKILL. */
const killedExitCode = 137

export const outOfMemory: CauseRule = {
  code: 'outOfMemory',
  signs:
    '`errorType` `FunctionOOMError`; a peak of at least 99 % of the limit; exit code 137; `Killed`, `heap out of memory`, `MemoryError`, `OutOfMemoryError`.',
  remedy: {
    en: 'Raise the function’s memory (console: Configuration > Basic Settings; `memorySize` in s.yaml) to well above the peak in the evidence, and lower `instanceConcurrency` if several requests share the instance. If the peak grows from request to request, look for a leak; give the runtime a heap limit below the function’s (`--max-old-space-size`, `-Xmx`). For `CUDA out of memory` it is the GPU memory.',
    zh: '将函数内存规格（控制台：配置 > 基础配置；s.yaml 中的 `memorySize`）调整到明显高于证据中的峰值；若多个请求共用实例，请降低单实例并发度 `instanceConcurrency`。若峰值逐次增长，请排查内存泄漏，并为运行时设置低于函数规格的堆上限（`--max-old-space-size`、`-Xmx`）。出现 `CUDA out of memory` 时需增加的是显存。',
  },
  docs: docPages.processExited,
  match(failure) {
    const { signals, verdict } = failure
    const { status } = verdict
    if (status === 'canceled' || status === 'throttled' || status === 'platformError') return undefined
    const memory = memoryFigure(failure)
    const text = memoryQuote(failure)
    if (status === 'outOfMemory') return found(Confidence.stated, [rowFigure(signals), memory, text])
    if (text !== undefined) return found(Confidence.specific, [text, memory])
    const exit = readInstanceExit(failure)
    if (exit?.exitCode === killedExitCode) return found(Confidence.specific, [exit.quote, memory])
    if (isMemoryNearLimit(failure)) {
      return found(status === 'processExited' ? Confidence.specific : Confidence.typical, [
        memory,
        killedQuote(failure),
      ])
    }
    return found(Confidence.typical, [killedQuote(failure)])
  },
}
