// A line on the terminal that says how far reading is, drawn over itself.
import type { ProgressListener } from '../model/batch-options.ts'
import type { Context } from './command.ts'

const firstAfterMs = 500
const everyMs = 200
const clearLine = '\r\x1b[K'

/** Null where nobody would see it: no terminal, data on the same one, or `--log-level` warn and quieter. */
export function createProgress(context: Context): ProgressListener | null {
  const isTalkative = context.logLevel === 'info' || context.logLevel === 'debug'
  if (!context.isStderrTerminal || context.isStdoutTerminal || !isTalkative) return null
  return progressWriter(context)
}

/** The same, where the data does not go to the terminal although stdout is one. */
export function progressWriter(context: Context): ProgressListener {
  const beganMs = context.nowMs()
  let drawnMs = beganMs + firstAfterMs - everyMs
  let isDrawn = false
  return ({ bytesRead, totalBytes }) => {
    const nowMs = context.nowMs()
    const isDone = totalBytes !== null && bytesRead >= totalBytes
    if (isDone && isDrawn) context.writeStderr(clearLine)
    if (isDone || nowMs - drawnMs < everyMs) return
    drawnMs = nowMs
    isDrawn = true
    const megabytes = bytesRead / 1e6
    const share = totalBytes === null ? '' : ` ${Math.floor((100 * bytesRead) / totalBytes)} %`
    const rate = Math.round(megabytes / ((nowMs - beganMs) / 1000))
    context.writeStderr(`${clearLine}fcscope:${share} ${Math.round(megabytes)} MB, ${rate} MB/s`)
  }
}
