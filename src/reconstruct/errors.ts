// Collects what went wrong: error bodies, platform sentences and lines that look like trouble, per attempt.

import type { ErrorDetail } from '../model/error-detail.ts'
import { endsProcess } from '../model/error-endings.ts'
import { Level } from '../model/level.ts'
import type { LineReader } from '../model/line-reader.ts'
import type { LineTimeReader } from '../model/line-time.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import { Kind } from '../model/record-kind.ts'
import { Cell, Figure, none, State } from './attempt-layout.ts'
import { maxSignals, maxTroubleBytes, maxTroubleLines } from './attempt-notes.ts'
import type { Attempts } from './attempts.ts'
import { BodyCollector, opensBody } from './body-collector.ts'
import type { StreamState } from './stream-state.ts'
import type { TroubleRing } from './trouble-ring.ts'

const brace = 0x7b
const letterA = 0x61

/** Reads and keeps errors. */
export class Errors {
  readonly #attempts: Attempts
  readonly #reader: LineReader
  readonly #ring: TroubleRing
  /** Null where nobody wants to know when lines were printed. */
  readonly #time: LineTimeReader | null

  constructor(parts: { attempts: Attempts; reader: LineReader; ring: TroubleRing; time: LineTimeReader | null }) {
    this.#attempts = parts.attempts
    this.#reader = parts.reader
    this.#ring = parts.ring
    this.#time = parts.time
  }

  /** The error that a record of kind errorJson or errorText spells out. */
  detailOf(buf: Buffer, line: ParsedLine): ErrorDetail | null {
    return this.#reader.readError(buf.toString('utf8', line.start, line.end))
  }

  /**
   * Keeps what a line that was attached to `slot` says about trouble. Called for every attached line; must cost nothing for ordinary ones.
   * `recordMs`: the record's own time, NaN where there is none.
   */
  note(buf: Buffer, line: ParsedLine, slot: number, stream: StreamState, recordMs: number): void {
    if (line.kind === Kind.appLine) {
      if (line.level <= Level.error) this.#noteAppLine(buf, line, slot, stream, recordMs)
    } else if (line.kind === Kind.text) {
      if (this.#reader.isTroubleText(buf, line.start, line.end)) this.#keepTrouble(buf, line, slot)
      const first = buf[line.start]
      if ((first === brace || first === letterA) && opensBody(buf, line.start, line.end)) {
        this.#collect(buf, line, slot, stream)
      }
    }
  }

  /** Adds an error to an attempt, and closes the attempt if the process cannot have survived. */
  add(slot: number, detail: ErrorDetail, inAppLine: boolean): void {
    this.#attempts.giveAgain(slot)
    const notes = this.#attempts.notesOf(slot)
    if (notes.errors.length < maxSignals) notes.errors.push({ detail, inAppLine })
    if (inAppLine || !endsProcess(detail)) return
    if (!this.#attempts.isOpen(slot)) {
      this.#attempts.explainClosing(slot)
      return
    }
    this.#attempts.close(slot, 'errorText')
    const table = this.#attempts.table
    const stream = table.streamOf(slot)
    stream.lastEnded.set(table.cells, slot)
    stream.lastEndMs = Number.NaN
    if ((table.cells[slot + Cell.state]! & State.phase) === 0) {
      stream.endedSinceSummary++
      stream.summaryTarget.set(table.cells, slot)
    }
  }

  #noteAppLine(buf: Buffer, line: ParsedLine, slot: number, stream: StreamState, recordMs: number): void {
    this.#keepLine(buf, line, slot, recordMs)
    if (line.messageEnd === line.messageStart) return
    const first = buf[line.messageStart]
    if (first !== brace && first !== letterA) {
      // Only a sentence of the platform matters here; they all hold one of these words and begin with a capital.
      this.#noteSentence(buf, line, slot)
      return
    }
    if (opensBody(buf, line.messageStart, line.messageEnd)) {
      this.#collect(buf, line, slot, stream)
      return
    }
    const detail = this.#reader.readError(buf.toString('utf8', line.messageStart, line.messageEnd))
    if (detail !== null) this.add(slot, detail, true)
  }

  #keepLine(buf: Buffer, line: ParsedLine, slot: number, recordMs: number): void {
    this.#time?.read(buf, line, recordMs)
    const timeMs = this.#time?.ms ?? Number.NaN
    const { figures } = this.#attempts.table
    const first = (slot >> 1) + Figure.firstTrouble
    const last = (slot >> 1) + Figure.lastTrouble
    const before = figures[last]! || figures[first]!
    const position = this.#ring.keep(buf, line.messageStart, line.messageEnd, line.level, timeMs, before)
    figures[before === 0 ? first : last] = position
  }

  #noteSentence(buf: Buffer, line: ParsedLine, slot: number): void {
    const first = buf[line.messageStart]!
    if (first < 0x41 || first > 0x5a) return
    // P(rocess), F(unction), T(he CA / Task), E(rror: Invocation canceled)
    if (first !== 0x50 && first !== 0x46 && first !== 0x54 && first !== 0x45) return
    const detail = this.#reader.readError(buf.toString('utf8', line.messageStart, line.messageEnd))
    if (detail !== null) this.add(slot, detail, true)
  }

  #keepTrouble(buf: Buffer, line: ParsedLine, slot: number): void {
    const notes = this.#attempts.notesOf(slot)
    if (notes.troubleLines.length >= maxTroubleLines) return
    const end = Math.min(line.messageEnd, line.messageStart + maxTroubleBytes)
    notes.troubleLines.push(buf.toString('utf8', line.messageStart, end))
  }

  #collect(buf: Buffer, line: ParsedLine, slot: number, stream: StreamState): void {
    stream.collector = BodyCollector.begin({
      cells: this.#attempts.table.cells,
      slot,
      inAppLine: line.kind === Kind.appLine,
      firstLine: buf.toString('utf8', line.messageStart, line.messageEnd),
    })
  }

  /** Gives a stream's next line to the body that is being put together there. */
  continueBody(buf: Buffer, line: ParsedLine, slot: number, stream: StreamState): void {
    const collector = stream.collector!
    const owner = collector.attempt(this.#attempts.table.cells)
    if (owner === none || (slot !== none && slot !== owner) || line.kind !== Kind.text) {
      // Another attempt's line in between (interleaved streams) does not break the body; a marker or an appLine of the same does.
      if (owner === none || slot === owner) stream.collector = null
      return
    }
    const progress = collector.add(buf, line.start, line.end)
    if (progress === 'open') return
    stream.collector = null
    if (progress === 'full') return
    const detail = this.#reader.readError(collector.text())
    if (detail !== null) this.add(owner, detail, collector.inAppLine)
  }
}
