// Dead letters as files of JSON lines in a folder, one file per batch: the name makes a second delivery the same as the first.

import { isUtf8 } from 'node:buffer'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DeadLetterReason } from '../../model/dead-letter.ts'
import type { Delivery, DeliverySink } from '../../model/delivery.ts'
import { systemCode } from '../../model/system-code.ts'

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

/** Stages and delivers dead letters. */
export class DeadLetterSink implements DeliverySink {
  readonly name = 'deadLetters'
  readonly maxConcurrent = 1
  readonly #folder: string
  readonly #waiting: string

  /** `folder`: where they end up; `waiting`: where files wait, on the same disk if possible. */
  constructor(options: { folder: string; waiting: string }) {
    this.#folder = options.folder
    this.#waiting = options.waiting
  }

  /** Writes the file of a batch; none when there is nothing. */
  stage(batch: { batch: number; storedMs: number }, records: readonly DeadRecord[]): Delivery[] {
    if (records.length === 0) return []
    const { batch: number, storedMs } = batch
    const time = new Date(storedMs).toISOString()
    const stamp = time.replace(/[-:]/g, '').slice(0, 15)
    const file = join(this.#waiting, `${stamp}-${number}.jsonl`)
    const lines = records.map(record => `${JSON.stringify(letterOf(record, time))}\n`).join('')
    try {
      writeFileSync(file, lines, { mode: 0o600 })
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
    const bytes = Buffer.byteLength(lines)
    return [{ sink: this.name, batch: number, part: 'records', file, rows: records.length, bytes, storedMs }]
  }

  async deliver(delivery: Delivery): Promise<void> {
    const goal = join(this.#folder, basename(delivery.file))
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    // A file that is not where it waited was moved by a try that ended before it could say so.
    if (!existsSync(delivery.file) && existsSync(goal)) return
    try {
      renameSync(delivery.file, goal)
    } catch (error) {
      if (systemCode(error) !== 'EXDEV') throw error
      // Another disk. The name is there when all of the file is; the queue removes the one that waited.
      const part = `${goal}.part`
      copyFileSync(delivery.file, part)
      renameSync(part, goal)
    }
  }
}

function letterOf(record: DeadRecord, time: string): StoredDeadLetter {
  const { reason, source, stream, streamId, position, bytes } = record
  const isText = isUtf8(bytes)
  const text = isText ? Buffer.from(bytes).toString('utf8') : null
  const base64 = isText ? null : Buffer.from(bytes).toString('base64')
  return { time, reason, source, stream, streamId, position, text, base64 }
}
