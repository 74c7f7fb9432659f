// One line on the terminal that says how far `run --once` is, drawn over itself.
import type { Context } from './command.ts'

const everyMs = 200
const clearLine = '\r\x1b[K'

/** What is shown; see `WorkerProgress` of the worker. */
interface Progress {
  readonly records: number
  readonly bytes: number
  readonly waitingBytes: number
  readonly lagSeconds: number
}

/** Draws progress, and lets other messages through between two drawings. */
export class RunProgress {
  readonly #context: Context
  readonly #beganMs: number
  #drawnMs = 0
  #line = ''

  constructor(context: Context) {
    this.#context = context
    this.#beganMs = context.nowMs()
  }

  draw({ records, bytes, waitingBytes, lagSeconds }: Progress): void {
    const nowMs = this.#context.nowMs()
    if (nowMs - this.#drawnMs < everyMs) return
    this.#drawnMs = nowMs
    const seconds = Math.max(0.001, (nowMs - this.#beganMs) / 1000)
    const share = bytes + waitingBytes === 0 ? 100 : Math.floor((100 * bytes) / (bytes + waitingBytes))
    const leftSeconds = bytes === 0 ? Number.NaN : (waitingBytes / bytes) * seconds
    const parts = [
      `${share} %`,
      `${records.toLocaleString('en')} records`,
      `${Math.round(records / seconds).toLocaleString('en')}/s`,
      Number.isNaN(leftSeconds) ? '' : `${duration(leftSeconds)} left`,
      lagSeconds >= 1 ? `lag ${duration(lagSeconds)}` : '',
    ]
    this.#line = `fcscope: ${parts.filter(part => part !== '').join(', ')}`
    this.#context.writeStderr(`${clearLine}${this.#line}`)
  }

  /** Another message: the progress is drawn again below it. */
  write(text: string): void {
    this.#context.writeStderr(this.#line === '' ? text : `${clearLine}${text}${this.#line}`)
  }

  clear(): void {
    if (this.#line !== '') this.#context.writeStderr(clearLine)
    this.#line = ''
  }
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
