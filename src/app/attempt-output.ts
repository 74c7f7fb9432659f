// Where finished attempts go in a batch: to the output as JSON lines, in a fixed order if asked for, or nowhere.
import type { Attempt } from '../model/attempt.ts'
import type { ReconstructOptions } from '../model/batch-options.ts'
import type { Output } from '../model/output.ts'
import { AttemptJsonWriter } from '../sinks/stdout/attempt-json.ts'

/** Bytes gathered before they are written. */
const pieceBytes = 256 * 1024

/** Takes attempts. */
export interface AttemptSink {
  /** The attempt is valid during the call only. */
  take(attempt: Attempt): void
  /** Called now and then; its promise is the back-pressure. */
  drain(): void | Promise<void>
  /** Resolves when everything is written. */
  end(): Promise<void>
}

/** The sink that the options ask for. */
export function createAttemptSink(options: ReconstructOptions): AttemptSink {
  const sink =
    options.out === 'none'
      ? new NoSink()
      : options.sort
        ? new SortingSink(options.output)
        : new JsonSink(options.output)
  return options.onAttempt === null ? sink : new ObservedSink(sink, options.onAttempt)
}

class NoSink implements AttemptSink {
  take(): void {}
  drain(): void {}
  async end(): Promise<void> {}
}

/** Writes attempts as they come. */
class JsonSink implements AttemptSink {
  readonly #writer = new AttemptJsonWriter()
  readonly #output: Output

  constructor(output: Output) {
    this.#output = output
  }

  take(attempt: Attempt): void {
    this.#writer.write(attempt)
  }

  drain(): void | Promise<void> {
    return this.#writer.json.length >= pieceBytes ? this.#flush() : undefined
  }

  async end(): Promise<void> {
    await this.#flush()
  }

  #flush(): void | Promise<void> {
    const { json } = this.#writer
    const writing = this.#output.write(json.bytes.subarray(0, json.length))
    if (writing === undefined) {
      json.clear()
      return
    }
    return writing.then(() => json.clear())
  }
}

/** Holds all lines until the end; the only output that needs memory for every attempt. */
class SortingSink implements AttemptSink {
  readonly #writer = new AttemptJsonWriter()
  readonly #output: Output
  readonly #lines: { readonly key: string; readonly line: string }[] = []

  constructor(output: Output) {
    this.#output = output
  }

  take(attempt: Attempt): void {
    const { json } = this.#writer
    this.#writer.write(attempt)
    const line = json.bytes.toString('utf8', 0, json.length)
    json.clear()
    const number = String(attempt.attempt).padStart(10, '0')
    this.#lines.push({ key: `${attempt.requestId ?? ''}\0${attempt.phase}\0${number}\0`, line })
  }

  drain(): void {}

  async end(): Promise<void> {
    // The line itself settles ties, so that the order depends on nothing but the attempts.
    this.#lines.sort((a, b) => compare(a.key, b.key) || compare(a.line, b.line))
    let piece: string[] = []
    let length = 0
    for (const { line } of this.#lines) {
      piece.push(line)
      length += line.length
      if (length < pieceBytes) continue
      await this.#output.write(Buffer.from(piece.join('')))
      piece = []
      length = 0
    }
    if (piece.length > 0) await this.#output.write(Buffer.from(piece.join('')))
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Shows every attempt to somebody before it goes on. */
class ObservedSink implements AttemptSink {
  readonly #sink: AttemptSink
  readonly #onAttempt: (attempt: Attempt) => void

  constructor(sink: AttemptSink, onAttempt: (attempt: Attempt) => void) {
    this.#sink = sink
    this.#onAttempt = onAttempt
  }

  take(attempt: Attempt): void {
    this.#onAttempt(attempt)
    this.#sink.take(attempt)
  }

  drain(): void | Promise<void> {
    return this.#sink.drain()
  }

  end(): Promise<void> {
    return this.#sink.end()
  }
}
