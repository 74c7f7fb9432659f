// Hot path: one line's facts as byte ranges and numbers. One instance is filled again and again; nothing here
// outlives the next line, and a string is made only by whoever needs one.

import { Level, type LevelCode } from './level.ts'
import { Outcome, type OutcomeCode } from './outcome.ts'
import { Kind, type KindCode } from './record-kind.ts'

/**
 * What the text parser found in one line. All positions index the buffer the line was parsed from and are valid
 * only until that buffer changes. An empty range (`start === end`) means "not there"; NaN means "no such number".
 */
export class ParsedLine {
  kind: KindCode = Kind.text
  /** The line itself, without its line end and without one `\r` before it. */
  start = 0
  end = 0
  /** The bare request id token; empty for none, `None`, `undefined`, `unknown_request_id`. */
  idStart = 0
  idEnd = 0
  /** The level as written, without brackets around it. */
  levelStart = 0
  levelEnd = 0
  level: LevelCode = Level.other
  /** Instance id glued in front by the console. */
  instanceStart = 0
  instanceEnd = 0
  /** Console time glued in front (`yyyy-MM-dd HH:mm:ss`, 19 bytes); -1 when there is none. */
  prefixTimeAt = -1
  /** A time in the text itself: where it starts and ends; -1 when there is none. Read by `readTextTime`. */
  textTimeAt = -1
  textTimeEnd = -1
  /** For an appLine what follows time, id and level; for everything else the whole line. */
  messageStart = 0
  messageEnd = 0
  /** End markers only. */
  outcome: OutcomeCode = Outcome.ok
  /** Summary figures; also `duration` (ms) and `maxMemoryUsage` (MB) of a sentence or a canceled End. NaN = not given. */
  durationMs = Number.NaN
  billedMs = Number.NaN
  memoryMB = Number.NaN
  maxMemoryUsedMB = Number.NaN
}
