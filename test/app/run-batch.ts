// Runs the wiring of the batch commands in this process, on bytes in memory that arrive in whatever pieces a test likes.
import { createParseTaker } from '../../src/app/parse-output.ts'
import { createReconstruction, reserveAttempts } from '../../src/app/reconstruction.ts'
import { createRecordParsers } from '../../src/app/record-parsers.ts'
import { LinearMemory } from '../../src/lib/linear-memory.ts'
import {
  defaultBook,
  defaultLogTimeZone,
  defaultTimeZone,
  type InputFormat,
  type ReconstructOptions,
} from '../../src/model/batch-options.ts'
import type { Input } from '../../src/model/input.ts'
import { Ledger, type LedgerReport } from '../../src/model/ledger.ts'
import { reserveWindow } from '../../src/pipeline/cut-lines.ts'
import { type DrainingTaker, LineReading } from '../../src/pipeline/read-lines.ts'
import { RecordIntake } from '../../src/pipeline/record-intake.ts'

/** What goes in, and how. */
export interface BatchInput {
  /** The inputs, one after the other; a string is UTF-8. */
  readonly inputs: readonly (string | Uint8Array)[]
  readonly format?: InputFormat
  /** How many bytes each reading gives, in turn; everything at once when left out. */
  readonly pieces?: readonly number[]
  /** False: the kernel for ordinary lines is never asked. */
  readonly usesKernel?: boolean
  readonly maxOpen?: number
  readonly functionsPath?: string
}

/** An attempt as the outside sees it. */
export type AttemptJson = Record<string, unknown> & {
  readonly requestId: string | null
  readonly attempt: number
  readonly phase: string
  readonly instanceID: string | null
  readonly status: string
  readonly lines: number
  readonly causes: readonly { readonly code: string }[]
}

export interface Reconstructed {
  /** The output of `reconstruct --sort`. */
  readonly text: string
  readonly attempts: readonly AttemptJson[]
  readonly ledger: LedgerReport
}

/** `reconstruct --sort`. */
export async function reconstruct(input: BatchInput): Promise<Reconstructed> {
  const out: Buffer[] = []
  const options = { ...optionsOf(input, out), maxOpen: input.maxOpen ?? 10_000 }
  const ledger = new Ledger()
  const memory = new LinearMemory()
  const window = reserveWindow(memory)
  const room = reserveAttempts(memory, options.maxOpen)
  const reconstruction = await createReconstruction({ options, ledger, memory, room })
  const { format } = options
  const parsers = createRecordParsers(format)
  const intake = new RecordIntake({ format, parsers, taker: reconstruction.taker, ledger })
  const taker = input.usesKernel === false ? withoutKernel(intake) : intake
  const reading = new LineReading({ memory, window, taker })
  for (const bytes of input.inputs) {
    reconstruction.taker.nextInput()
    await reading.read(new PiecewiseInput(bytes, input.pieces), () => {})
  }
  await reconstruction.finish()
  const text = Buffer.concat(out).toString()
  return { text, attempts: readJsonLines(text), ledger: ledger.report() }
}

/** `parse`, and how many records the intake counted. */
export async function parse(input: BatchInput): Promise<{ readonly text: string; readonly ledger: LedgerReport }> {
  const out: Buffer[] = []
  const options = optionsOf(input, out)
  const ledger = new Ledger()
  const memory = new LinearMemory()
  const window = reserveWindow(memory)
  const taker = createParseTaker(options)
  const { format } = options
  const intake = new RecordIntake({ format, parsers: createRecordParsers(format), taker, ledger })
  const reading = new LineReading({ memory, window, taker: intake })
  for (const bytes of input.inputs) await reading.read(new PiecewiseInput(bytes, input.pieces), () => {})
  await taker.flush()
  return { text: Buffer.concat(out).toString(), ledger: ledger.report() }
}

/** One value per line of JSON. */
export function readJsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

function optionsOf(input: BatchInput, out: Buffer[]): ReconstructOptions {
  return {
    inputs: [],
    format: input.format ?? 'auto',
    timeZone: defaultTimeZone,
    logTimeZone: defaultLogTimeZone,
    lang: 'en',
    // What is written is valid during the call only.
    output: { write: bytes => void out.push(Buffer.from(bytes)) },
    onProgress: null,
    out: 'jsonl',
    sort: true,
    ledgerPath: null,
    book: defaultBook,
    functionsPath: input.functionsPath ?? null,
    maxOpen: 10_000,
    onAttempt: null,
  }
}

const withoutKernel = (intake: DrainingTaker): DrainingTaker => ({
  isFull: false,
  takeLines: () => {},
  takeLine: (buf, start, end, candidate) => intake.takeLine(buf, start, end, candidate),
  takeBrokenLine: (reason, buf, start, end) => intake.takeBrokenLine(reason, buf, start, end),
  drain: () => intake.drain(),
})

/** Bytes in memory that are read in pieces. */
class PiecewiseInput implements Input {
  readonly name = 'memory'
  readonly size: number
  bytesRead = 0
  readonly #bytes: Uint8Array
  readonly #pieces: readonly number[]
  #readings = 0

  constructor(bytes: string | Uint8Array, pieces: readonly number[] = [Number.POSITIVE_INFINITY]) {
    this.#bytes = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    this.size = this.#bytes.length
    this.#pieces = pieces
  }

  readInto(target: Uint8Array, offset: number, length: number): number {
    const wanted = this.#pieces[this.#readings++ % this.#pieces.length] ?? length
    const piece = this.#bytes.subarray(this.bytesRead, this.bytesRead + Math.min(wanted, length))
    target.set(piece, offset)
    this.bytesRead += piece.length
    return piece.length
  }

  async close(): Promise<void> {}
}
