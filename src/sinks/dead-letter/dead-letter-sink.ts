// Dead letters as files of JSON lines in a folder, one file per batch: the name makes a second delivery the same as the first.

import { isUtf8 } from 'node:buffer'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeadLetterReason } from '../../model/dead-letter.ts'
import type { Delivery, DeliverySink } from '../../model/delivery.ts'
import type { Log } from '../../telemetry/log.ts'
import { LetterFolder } from './letter-folder.ts'

/** A record that could not be taken in. */
export interface DeadRecord {
  readonly reason: DeadLetterReason
  readonly source: string
  readonly streamId: string
  readonly stream: string
  readonly position: number
  readonly bytes: Uint8Array
}

/** One line of a dead-letter file. Of `text` and `base64` one is null: bytes that are not UTF-8 are kept as they came. */
export interface StoredDeadLetter {
  readonly time: string
  readonly reason: DeadLetterReason
  /** Name of the source that it came from. */
  readonly source: string
  readonly stream: string
  readonly streamId: string
  readonly position: number
  readonly text: string | null
  readonly base64: string | null
}

export interface DeadLetterSinkOptions {
  /** Where they end up. */
  readonly folder: string
  /** Where files wait, on the same disk if possible. */
  readonly waiting: string
  /** Of all files there; with more the oldest are removed. */
  readonly maxBytes: number
  /** Tells this worker's files from others' in the same folder: 32 bits. */
  readonly workerNumber: number
  readonly log: Log
}

/** {@link DeliverySink.name} of whatever takes dead letters. */
export const letterSinkName = 'deadLetters'

/** Where dead letters go. All wait in files of one kind: what waits can be brought to another place than it was meant for. */
export interface LetterSink extends DeliverySink {
  /** Before anything is delivered. Fails with an `FcscopeError` when letters cannot be brought there at all. */
  open(): Promise<void>
  /** Writes the file of a batch; none when there is nothing. What was written is removed when it fails. */
  stage(batch: { batch: number; storedMs: number }, records: readonly DeadRecord[]): Delivery[]
  /** Lets go of what is open; only when nothing is being delivered. */
  stop(): Promise<void>
}

/** Stages and delivers dead letters. */
export class DeadLetterSink implements LetterSink {
  readonly name = letterSinkName
  readonly maxConcurrent = 1
  readonly #folder: LetterFolder
  readonly #waiting: string
  readonly #workerNumber: number

  constructor(options: DeadLetterSinkOptions) {
    const { folder: path, waiting, maxBytes, workerNumber, log } = options
    this.#folder = new LetterFolder({ path, maxBytes, log })
    this.#waiting = waiting
    this.#workerNumber = workerNumber
  }

  /** Nothing is: the folder is made with the first letter. */
  async open(): Promise<void> {}

  stage(batch: { batch: number; storedMs: number }, records: readonly DeadRecord[]): Delivery[] {
    return stageLetters(batch, records, { waiting: this.#waiting, workerNumber: this.#workerNumber })
  }

  async deliver({ file }: Delivery): Promise<void> {
    // A file that is not where it waited was moved by a try that ended before it could say so.
    if (!existsSync(file) && existsSync(this.#folder.placeOf(file))) return
    this.#folder.take(file)
  }

  async stop(): Promise<void> {}
}

/** The file of a batch, in which each line is a {@link StoredDeadLetter}; see {@link LetterSink.stage}. */
export function stageLetters(
  { batch, storedMs }: { batch: number; storedMs: number },
  records: readonly DeadRecord[],
  place: Pick<DeadLetterSinkOptions, 'waiting' | 'workerNumber'>,
): Delivery[] {
  if (records.length === 0) return []
  const time = new Date(storedMs).toISOString()
  const stamp = time.replace(/[-:]/g, '').slice(0, 15)
  const worker = (place.workerNumber >>> 0).toString(16).padStart(8, '0')
  const file = join(place.waiting, `${stamp}-${worker}-${batch}.jsonl`)
  const lines = records.map(record => `${JSON.stringify(letterOf(record, time))}\n`).join('')
  try {
    writeFileSync(file, lines, { mode: 0o600 })
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
  const bytes = Buffer.byteLength(lines)
  return [{ sink: letterSinkName, batch, part: 'records', file, rows: records.length, bytes, storedMs }]
}

function letterOf(record: DeadRecord, time: string): StoredDeadLetter {
  const { reason, source, stream, streamId, position, bytes } = record
  const isText = isUtf8(bytes)
  const text = isText ? Buffer.from(bytes).toString('utf8') : null
  const base64 = isText ? null : Buffer.from(bytes).toString('base64')
  return { time, reason, source, stream, streamId, position, text, base64 }
}
