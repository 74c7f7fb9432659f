// Runs files through the worker's engine, for whoever looks for some of their attempts and lines.
import type { BatchOptions } from '../../model/batch-options.ts'
import { defaultBook, defaultMaxOpen } from '../../model/batch-options.ts'
import type { Input } from '../../model/input.ts'
import type { AttemptRecord } from '../../model/post-mortem.ts'
import type { GivenRow } from '../../pipeline/emission.ts'
import type { BatchRows } from '../../pipeline/engine.ts'
import { AttemptJsonWriter } from '../../sinks/stdout/attempt-json.ts'
import { openInput } from '../../sources/file/open-input.ts'
import { openFunctionFigures } from '../function-figures.ts'
import { unknownFunctions } from '../unknown-functions.ts'
import { WorkerEngine } from '../worker-engine.ts'

export interface FileOptions extends Pick<BatchOptions, 'inputs' | 'format' | 'timeZone' | 'logTimeZone' | 'lang'> {
  readonly functionsPath: string | null
  readonly nowMs: number
}

/** What is known of an attempt before the whole of it is asked for. */
export type SeenAttempt = Pick<AttemptRecord, 'requestId' | 'instanceID' | 'functionName' | 'status'>

/** What is looked at as it comes by. */
export interface FileVisitor {
  /** Of these attempts the whole is wanted. */
  wants(attempt: SeenAttempt): boolean
  /** The newest state of an attempt, by its key; null when there is no such attempt after all, or it is not wanted any more. */
  attempt(key: string, attempt: AttemptRecord | null): void
  /** Lines and their owners; valid during the call only. */
  rows(rows: BatchRows): void
}

/** Lines of one batch. */
const maxRows = 65_536
const settleAfterMs = 300
const allowedLatenessMs = 60_000

/** Reads every input to its end. Fails as `openInput` and reading do. */
export async function visitFiles(options: FileOptions, visitor: FileVisitor): Promise<void> {
  const attemptRows = new VisitedAttempts(visitor)
  const { functionsPath, timeZone, logTimeZone, lang } = options
  const engine = new WorkerEngine({
    isAnyStored: false,
    maxOpen: defaultMaxOpen,
    // Nothing is closed by the time that passes while it is read.
    silenceMs: Number.POSITIVE_INFINITY,
    allowedLatenessMs,
    settleAfterMs,
    timeZone,
    logTimeZone,
    lang,
    maxRows,
    figures:
      functionsPath === null
        ? unknownFunctions
        : openFunctionFigures({ functions: functionsPath, book: defaultBook, billsAllDisk: false, hasDiscount: true }),
    attemptRows,
    attemptCounter: { take: () => true, measure: () => {}, passOver: () => true },
    onDeadLetter: () => {},
  })
  engine.setTime(options.nowMs)
  const flush = (): void => {
    visitor.rows(engine.rows())
    engine.clearRows()
    attemptRows.rows = 0
  }
  for (const [number, name] of options.inputs.entries()) {
    const input = await openInput(name)
    try {
      await readInput(input, { engine, format: options.format, stream: streamOf(name, number), flush })
    } finally {
      await input.close()
    }
  }
  engine.giveAll()
  flush()
}

/** Each file is a stream, as for `reconstruct`. */
const streamOf = (label: string, number: number): { id: string; label: string } => ({
  id: (number + 1).toString(16).padStart(16, '0'),
  label,
})

async function readInput(
  input: Input,
  parts: {
    readonly engine: WorkerEngine
    readonly format: FileOptions['format']
    readonly stream: { readonly id: string; readonly label: string }
    readonly flush: () => void
  },
): Promise<void> {
  const { engine, format, stream, flush } = parts
  const { window } = engine
  let position = 0
  let length = 0
  for (let isLast = false; !isLast; ) {
    const reading = input.readInto(window, length, Math.min(engine.chunkBytes, window.length - length))
    const count = typeof reading === 'number' ? reading : await reading
    isLast = count === 0
    length += count
    for (let goesOn = true; goesOn; ) {
      const taken = engine.take({ stream, position, length, isLast }, format, 'file')
      window.copyWithin(0, taken, length)
      position += taken
      length -= taken
      goesOn = engine.isFull
      if (goesOn) flush()
    }
  }
  engine.forgetStream(stream.id)
}

/** Takes copies of what is wanted; the attempts themselves are used again. */
class VisitedAttempts {
  rows = 0
  readonly #visitor: FileVisitor
  readonly #writer = new AttemptJsonWriter()
  readonly #given = new Set<string>()

  constructor(visitor: FileVisitor) {
    this.#visitor = visitor
  }

  add(attempt: Parameters<AttemptJsonWriter['write']>[0], { position }: GivenRow): void {
    this.rows += 1
    if (!this.#visitor.wants(attempt)) {
      if (this.#given.size > 0) this.#takeBack(keyOf(attempt, position))
      return
    }
    const { json } = this.#writer
    this.#writer.write(attempt)
    // It has the contract's fields, in its spelling.
    const record = JSON.parse(json.bytes.toString('utf8', 0, json.length)) as AttemptRecord
    json.clear()
    const key = keyOf(attempt, position)
    this.#given.add(key)
    this.#visitor.attempt(key, record)
  }

  withdraw(withdrawn: { requestId: string | null; phase: string; attempt: number; position: string }): void {
    this.rows += 1
    this.#takeBack(keyOf(withdrawn, withdrawn.position))
  }

  #takeBack(key: string): void {
    if (this.#given.delete(key)) this.#visitor.attempt(key, null)
  }
}

const keyOf = (of: { requestId: string | null; phase: string; attempt: number }, position: string): string =>
  JSON.stringify([of.requestId, of.phase, of.attempt, position])
