// A line on the terminal that says how far reading is, drawn over itself.
import type { ProgressListener } from '../model/batch-options.ts'
import type { Context } from './command.ts'

const firstAfterMs = 500
const everyMs = 200
const clearLine = '\r\x1b[K'

/** Runs `work` with a listener that draws; null where nobody would see it, or where it would stand between the data. */
export async function withProgress<T>(
  context: Context,
  work: (onProgress: ProgressListener | null) => Promise<T>,
): Promise<T> {
  const isTalkative = context.logLevel === 'info' || context.logLevel === 'debug'
  if (!context.isStderrTerminal || !isTalkative) return work(null)
  const progress = new ProgressLine(context)
  try {
    return await work(state => progress.draw(state))
  } finally {
    progress.clear()
  }
}

class ProgressLine {
  readonly #context: Context
  readonly #beganMs: number
  #drawnMs: number
  #isDrawn = false

  constructor(context: Context) {
    this.#context = context
    this.#beganMs = context.nowMs()
    this.#drawnMs = this.#beganMs + firstAfterMs - everyMs
  }

  draw({ bytesRead, totalBytes }: Parameters<ProgressListener>[0]): void {
    const nowMs = this.#context.nowMs()
    if (nowMs - this.#drawnMs < everyMs) return
    this.#drawnMs = nowMs
    this.#isDrawn = true
    const megabytes = bytesRead / 1e6
    const share = totalBytes === null ? '' : ` ${Math.floor((100 * bytesRead) / totalBytes)} %`
    const rate = Math.round(megabytes / ((nowMs - this.#beganMs) / 1000))
    this.#context.writeStderr(`${clearLine}fcscope:${share} ${Math.round(megabytes)} MB, ${rate} MB/s`)
  }

  clear(): void {
    if (this.#isDrawn) this.#context.writeStderr(clearLine)
  }
}
