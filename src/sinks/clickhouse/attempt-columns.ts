// Hot path: the columns of an attempt that are not one plain value a row.
import { type Attempt, attemptFlags, sourcedFields, valueSources } from '../../model/attempt.ts'
import { errorLevels } from '../../model/error-line.ts'
import { ByteBuffer } from './byte-buffer.ts'
import {
  ArrayEnds,
  type Column,
  type ColumnPart,
  EnumColumn,
  NumberColumn,
  TextColumn,
  TimeColumn,
} from './native-columns.ts'

/** Lines per level. */
export class LevelsColumn implements Column {
  readonly name = 'levels'
  readonly type =
    'Tuple(fatal UInt32, error UInt32, warn UInt32, info UInt32, debug UInt32, trace UInt32, other UInt32)'
  readonly #fatal = new NumberColumn('fatal', 'UInt32')
  readonly #error = new NumberColumn('error', 'UInt32')
  readonly #warn = new NumberColumn('warn', 'UInt32')
  readonly #info = new NumberColumn('info', 'UInt32')
  readonly #debug = new NumberColumn('debug', 'UInt32')
  readonly #trace = new NumberColumn('trace', 'UInt32')
  readonly #other = new NumberColumn('other', 'UInt32')
  readonly #all = [this.#fatal, this.#error, this.#warn, this.#info, this.#debug, this.#trace, this.#other]

  add(levels: Attempt['levels']): void {
    this.#fatal.uint32(levels.fatal)
    this.#error.uint32(levels.error)
    this.#warn.uint32(levels.warn)
    this.#info.uint32(levels.info)
    this.#debug.uint32(levels.debug)
    this.#trace.uint32(levels.trace)
    this.#other.uint32(levels.other)
  }

  parts(): readonly ColumnPart[] {
    return this.#all.flatMap(column => column.parts())
  }

  clear(): void {
    for (const column of this.#all) column.clear()
  }
}

/** What is odd about an attempt: one bit per flag, in the order of `attemptFlags`. The view makes names of them. */
export class FlagsColumn implements Column {
  readonly name = 'flagBits'
  readonly type = 'UInt16'
  readonly #bits = new NumberColumn('flagBits', 'UInt16')

  add(flags: Attempt['flags']): void {
    let bits = 0
    for (const flag of flags) bits |= 1 << attemptFlags.indexOf(flag)
    this.#bits.uint16(bits)
  }

  parts(): readonly ColumnPart[] {
    return this.#bits.parts()
  }

  clear(): void {
    this.#bits.clear()
  }
}

/** Ranked causes. */
export class CausesColumn implements Column {
  readonly name = 'causes'
  readonly type = 'Array(Tuple(code String, confidence Float64, evidence Array(String), remedy String, docs String))'
  readonly #ends = new ArrayEnds()
  readonly #code = new TextColumn('code')
  readonly #confidence = new NumberColumn('confidence', 'Float64')
  readonly #evidenceEnds = new ArrayEnds()
  readonly #evidence = new TextColumn('evidence')
  readonly #remedy = new TextColumn('remedy')
  readonly #docs = new TextColumn('docs')

  add(causes: Attempt['causes']): void {
    for (const { code, confidence, evidence, remedy, docs } of causes) {
      this.#code.add(code)
      this.#confidence.float64(confidence)
      for (const text of evidence) this.#evidence.add(text)
      this.#evidenceEnds.end(evidence.length)
      this.#remedy.add(remedy)
      this.#docs.add(docs)
    }
    this.#ends.end(causes.length)
  }

  parts(): readonly ColumnPart[] {
    return [
      this.#ends.part(),
      ...this.#code.parts(),
      ...this.#confidence.parts(),
      this.#evidenceEnds.part(),
      ...this.#evidence.parts(),
      ...this.#remedy.parts(),
      ...this.#docs.parts(),
    ]
  }

  clear(): void {
    this.#ends.clear()
    this.#evidenceEnds.clear()
    for (const column of [this.#code, this.#confidence, this.#evidence, this.#remedy, this.#docs]) column.clear()
  }
}

/** The first error line and the last ones. */
export class ErrorLinesColumn implements Column {
  readonly name = 'errorLines'
  readonly #ends = new ArrayEnds()
  readonly #time = new TimeColumn('time', { isNullable: true })
  readonly #level = new EnumColumn('level', errorLevels)
  readonly #text = new TextColumn('text')
  readonly type = `Array(Tuple(time ${this.#time.type}, level ${this.#level.type}, text String))`

  add(lines: Attempt['errorLines']): void {
    for (const { timeMs, level, text } of lines) {
      this.#time.add(timeMs)
      this.#level.add(level)
      this.#text.add(text)
    }
    this.#ends.end(lines.length)
  }

  parts(): readonly ColumnPart[] {
    return [this.#ends.part(), ...this.#time.parts(), ...this.#level.parts(), ...this.#text.parts()]
  }

  clear(): void {
    this.#ends.clear()
    for (const column of [this.#time, this.#level, this.#text]) column.clear()
  }
}

/**
 * Where fused values came from: one hex digit per field of `sourcedFields`, the first one lowest; 0 is "not said", and the others
 * number `valueSources` from 1. The view makes a map of it.
 */
export class SourcesColumn implements Column {
  readonly name = 'sourceDigits'
  readonly type = 'UInt64'
  readonly #buffer = new ByteBuffer()

  add(sources: Attempt['sources']): void {
    let low = 0
    let high = 0
    for (let field = 0; field < sourcedFields.length; field++) {
      const source = sources[sourcedFields[field]!]
      if (source === undefined) continue
      const digit = sourceNumbers.get(source)!
      if (field < 8) low |= digit << (field * 4)
      else high |= digit << ((field - 8) * 4)
    }
    this.#buffer.uint64(low, high)
  }

  parts(): readonly ColumnPart[] {
    return [this.#buffer.part()]
  }

  clear(): void {
    this.#buffer.clear()
  }
}

const sourceNumbers = new Map(valueSources.map((source, index) => [source, index + 1]))
