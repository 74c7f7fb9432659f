// Copies standard input into a write-ahead log, so that nothing that was read from a pipe is lost when the process is killed.
import { FcscopeError } from '../../model/fcscope-error.ts'
import type { Input } from '../../model/input.ts'
import { stdinBytesLost, stdinEnded, stdinFailed } from '../../telemetry/events/stdin-source.ts'
import type { Inlet, Intake } from '../shared/intake.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import { Pause } from './pause.ts'

/** A pipe gives 64 KiB at a time, a file all of this: then one append is worth its price. */
const bufferBytes = 512 * 1024
const minReadBytes = 64 * 1024
/** How long to wait after a write that failed. */
const retryMs = 1000

/**
 * Bytes go into the log as they come: a frame may end in the middle of a line, and the run's next one goes on with it. So a line whose
 * end has not come yet is safe as well, and is read as the run's last one if it never comes.
 *
 * One stream for each run: after a kill nobody knows whether the next input goes on where the last one was.
 */
export class StdinIntake implements Intake {
  hasEnded = false
  readonly #openInput: () => Promise<Input>
  readonly #deps: SourceDeps
  readonly #pause = new Pause()
  #input: Input | null = null
  #stream = ''
  #bytes = 0
  #copying: Promise<void> = Promise.resolve()
  #stopped: Promise<void> | null = null
  /** Set while the copy waits for its input; ends the wait. */
  #giveUp: (() => void) | null = null
  #isClosed = false

  constructor(openInput: () => Promise<Input>, deps: SourceDeps) {
    this.#openInput = openInput
    this.#deps = deps
  }

  /** Does not wait for the input: a pipe may be silent for hours. */
  async start(inlet: Inlet): Promise<void> {
    // Offsets are never used again, so no other run of this log had this name, unless nothing came in it.
    this.#stream = String(inlet.end())
    this.#copying = this.#openAndCopy(inlet)
  }

  resume(): void {
    this.#pause.end()
  }

  isOver(stream: string): boolean {
    return stream !== this.#stream || this.hasEnded
  }

  label(): string {
    return 'stdin'
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown()
    return this.#stopped
  }

  get #isStopping(): boolean {
    return this.#stopped !== null
  }

  async #shutDown(): Promise<void> {
    await this.#input?.close()
    // What was read before the close may not have reached the copy yet.
    await new Promise(setImmediate)
    this.#isClosed = true
    this.#giveUp?.()
    this.#pause.end()
    await this.#copying
  }

  async #openAndCopy(inlet: Inlet): Promise<void> {
    const { log, name, wake } = this.#deps
    try {
      const opening = this.#openInput()
      this.#input = await this.#unlessStopped(opening)
      if (this.#input === null) {
        opening.then(input => input.close()).catch(() => undefined)
        return
      }
      await this.#copy(this.#input, inlet)
      if (this.#isStopping) return
      stdinEnded(log, { source: name, bytes: this.#bytes })
    } catch (cause) {
      if (this.#isStopping) return
      stdinFailed(log, { source: name, ...describe(cause) })
    }
    this.hasEnded = true
    wake()
  }

  /** Reading on while a write is under way, with a second buffer, was not faster: what a pipe gives comes from the same thread. */
  async #copy(input: Input, inlet: Inlet): Promise<void> {
    const buffer = Buffer.allocUnsafe(bufferBytes)
    let start = 0
    let reading: number | Promise<number> | null = null
    for (;;) {
      // A read that is under way is not stopped by a full log: its bytes have left the pipe.
      while (reading === null && inlet.isFull() && !this.#isStopping) await this.#pause.wait()
      if (reading === null && this.#isStopping) return
      reading ??= input.readInto(buffer, start, bufferBytes - start)
      const count: number | null = typeof reading === 'number' ? reading : await this.#unlessStopped(reading)
      if (count === null || count === 0) return
      let end = start + count
      reading = null
      // Whatever else is there at once goes into the same frame.
      while (bufferBytes - end >= minReadBytes && !inlet.isFull() && !this.#isStopping) {
        reading = input.readInto(buffer, end, bufferBytes - end)
        if (typeof reading !== 'number' || reading === 0) break
        end += reading
        reading = null
      }
      await this.#append(inlet, buffer.subarray(start, end))
      start = reading === null ? 0 : end
    }
  }

  async #append(inlet: Inlet, bytes: Uint8Array): Promise<void> {
    for (;;) {
      const result = await inlet.append({ stream: this.#stream, payload: [bytes], key: null })
      this.#bytes += result.kind === 'failed' ? 0 : bytes.length
      if (result.kind !== 'failed') return
      if (this.#isStopping) {
        stdinBytesLost(this.#deps.log, { source: this.#deps.name, bytes: bytes.length, code: result.code })
        return
      }
      await this.#pause.wait(retryMs)
    }
  }

  /** Null when the source is stopped first. No `Promise.race`: that keeps something for every call as long as one side is open. */
  #unlessStopped<T>(promise: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => resolve(null)
      promise.then(resolve, reject)
      if (this.#isClosed) setImmediate(this.#giveUp)
    })
  }
}

function describe(cause: unknown): { code: string; reason: string } {
  const reason = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown'
  return { code: cause instanceof FcscopeError ? cause.code : 'EIO', reason }
}
