// Runs the generator: records to a file or to standard output at full speed or at a rate, the truth and its ledger to files.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { Generator } from '../generate/generator.ts'
import type { GenerateOptions } from '../generate/options.ts'
import { FcscopeError } from '../model/fcscope-error.ts'
import type { Output } from '../model/output.ts'

/** What to generate and where it goes. All values are checked. */
export interface GenerateRun {
  readonly options: GenerateOptions
  /** Null for `stdout`. */
  readonly outPath: string | null
  readonly truthPath: string | null
  readonly truthLedgerPath: string | null
  readonly stdout: Output
  /** Records a second, written in real time; null for as fast as the reader takes them. */
  readonly linesPerSecond: number | null
}

/** How much is put together before it is written; far more than the longest line needs. */
const chunkBytes = 512 * 1024
/** UTF-8 bytes that one UTF-16 code unit can need. */
const maxBytesPerUnit = 3
/** At a rate records are written so many times a second. */
const ticksPerSecond = 20

/** Writes all records; gives their number. */
export async function runGenerate(run: GenerateRun): Promise<number> {
  const generator = new Generator(run.options, run.truthPath !== null || run.truthLedgerPath !== null)
  const out = run.outPath === null ? run.stdout : openOutput(run.outPath)
  const truth = run.truthPath === null ? null : openOutput(run.truthPath)
  try {
    const count = await (run.linesPerSecond === null
      ? writeAll(generator, out, truth)
      : writeAtRate(generator, { out, truth, linesPerSecond: run.linesPerSecond }))
    if (run.truthLedgerPath !== null) writeLedger(run.truthLedgerPath, generator)
    return count
  } finally {
    if (out !== run.stdout) close(out)
    if (truth !== null) close(truth)
  }
}

async function writeAll(generator: Generator, out: Output, truth: Output | null): Promise<number> {
  const chunk = new Chunk()
  let count = 0
  for (;;) {
    chunk.fill(generator, Number.POSITIVE_INFINITY)
    await write(out, chunk.bytes)
    await write(truth, Buffer.from(generator.takeTruthText()))
    count += chunk.lines
    if (chunk.isLast) return count
  }
}

async function writeAtRate(
  generator: Generator,
  to: { out: Output; truth: Output | null; linesPerSecond: number },
): Promise<number> {
  const startMs = performance.now()
  const chunk = new Chunk()
  let count = 0
  for (;;) {
    const passedMs = performance.now() - startMs
    const due = Math.floor((passedMs / 1000) * to.linesPerSecond) - count
    if (due > 0) {
      chunk.fill(generator, due)
      await write(to.out, chunk.bytes)
      await write(to.truth, Buffer.from(generator.takeTruthText()))
      count += chunk.lines
      if (chunk.isLast) return count
    }
    await new Promise(resolve => setTimeout(resolve, 1000 / ticksPerSecond))
  }
}

/** Encoded line by line: joined to one string, a single Chinese character would double the cost of all of them. */
class Chunk {
  readonly #buffer = Buffer.allocUnsafe(chunkBytes)
  /** A line that had no room any more. */
  #waiting: string | undefined
  #length = 0
  lines = 0
  isLast = false

  /** The bytes; valid until the next {@link fill}. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  fill(generator: Generator, maxLines: number): void {
    this.#length = 0
    this.lines = 0
    while (this.lines < maxLines) {
      const line = this.#waiting ?? generator.nextLine()
      this.#waiting = undefined
      if (line === undefined) {
        this.isLast = true
        return
      }
      if (this.#length + line.length * maxBytesPerUnit > chunkBytes) {
        this.#waiting = line
        return
      }
      this.#length += this.#buffer.write(line, this.#length)
      this.lines += 1
    }
  }
}

async function write(output: Output | null, bytes: Uint8Array): Promise<void> {
  if (output === null || bytes.length === 0) return
  const pending = output.write(bytes)
  if (pending !== undefined) await pending
}

/** A file; its writes are synchronous, which is back-pressure enough. */
class FileOutput implements Output {
  readonly #path: string
  readonly #fd: number

  constructor(path: string) {
    this.#path = path
    this.#fd = attempt(path, () => openSync(path, 'w'))
  }

  write(bytes: Uint8Array): void {
    attempt(this.#path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at)
    })
  }

  close(): void {
    closeSync(this.#fd)
  }
}

const openOutput = (path: string): FileOutput => new FileOutput(path)

function close(output: Output): void {
  if (output instanceof FileOutput) output.close()
}

function writeLedger(path: string, generator: Generator): void {
  attempt(path, () => writeFileSync(path, `${JSON.stringify(generator.ledger())}\n`))
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FcscopeError(
      'FCS_OUTPUT_FAILED',
      {
        en: `${path}: cannot be written (${reason}). Check that the folder exists, may be written to and has room.`,
        zh: `${path}：无法写入（${reason}），请检查目录是否存在、可写且有足够空间。`,
      },
      { cause, exitStatus: 3 },
    )
  }
}
