// What the worker says about itself, on standard error: JSON lines for machines, plain lines on a terminal.
import pino from 'pino'
import type { Lang } from '../model/cause.ts'
import type { Text } from '../model/fcscope-error.ts'

export type LogSeverity = 'debug' | 'info' | 'warn' | 'error'

/** Fields of an event: small values, bounded in number, never secrets or whole log lines. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** The only way to say something. Every sentence stands in `src/telemetry/events`. */
export interface Log {
  /** `event` is the stable name (`fileRotated`), `text` the sentence for people. */
  write(severity: LogSeverity, event: string, text: Text, fields?: LogFields): void
}

export interface LogOptions {
  readonly lang: Lang
  /** `silent` says nothing at all. */
  readonly level: LogSeverity | 'silent'
  /** True writes `HH:mm:ss level sentence key=value`, false one JSON object a line. */
  readonly isTerminal: boolean
  readonly nowMs: () => number
  /** Takes one whole line with its line end. */
  readonly write: (line: string) => void
}

/** A log that writes at once: what is said before a crash must be there after it. */
export function createLog(options: LogOptions): Log {
  const { lang, level, isTerminal, nowMs, write } = options
  const stamp = (): string => new Date(nowMs()).toISOString()
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${stamp()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    { write },
  )
  return {
    write(severity, event, text, fields = {}) {
      if (!logger.isLevelEnabled(severity)) return
      if (isTerminal) write(terminalLine({ time: stamp().slice(11, 19), severity, sentence: text[lang], fields }))
      else logger[severity]({ event, ...fields }, text[lang])
    },
  }
}

function terminalLine(line: { time: string; severity: LogSeverity; sentence: string; fields: LogFields }): string {
  const fields = Object.entries(line.fields).map(([key, value]) => ` ${key}=${cleanValue(value)}`)
  return `${line.time} ${line.severity.padEnd(5)} ${line.sentence}${fields.join('')}\n`
}

/** Nothing that moves a terminal's cursor: paths and the like are somebody else's text. */
const cleanValue = (value: LogFields[string]): string =>
  String(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, mark => `\\u{${mark.codePointAt(0)?.toString(16)}}`)
