// One application line in the format of each runtime's logger (facts/fc-log-formats §2).
import type { LevelName } from '../model/level.ts'
import type { Runtime } from './functions.ts'
import { consoleTime, goIsoTime, isoSeconds, isoTime, slashSeconds, slashTime, spacedTime } from './time-text.ts'

export interface AppLine {
  readonly runtime: Runtime
  readonly level: Exclude<LevelName, 'other'>
  /** Null for a logger that does not know the request. */
  readonly requestId: string | null
  readonly atMs: number
  readonly message: string
  /** The console replaces ISO stamps by its own time (facts §2, console copies). */
  readonly isConsole: boolean
}

/** Level words where they are not the upper-case name. */
const nodeWords = {
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'verbose',
  trace: 'silly',
} as const
const upperWords = {
  fatal: 'CRITICAL',
  error: 'ERROR',
  warn: 'WARNING',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
} as const
const javaWords = {
  fatal: 'FATAL',
  error: 'ERROR',
  warn: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
} as const
const phpWords = {
  fatal: 'EMERGENCY',
  error: 'ERROR',
  warn: 'WARNING',
  info: 'NOTICE',
  debug: 'DEBUG',
  trace: 'TRACE',
} as const

export function formatAppLine(line: AppLine): string {
  const { level, atMs, message } = line
  const id = line.requestId ?? ''
  switch (line.runtime) {
    case 'nodejs14':
      // An empty id leaves two blanks; every newline in the message becomes a CR, one record stays one line.
      return `${iso(line, isoTime)} ${id} [${nodeWords[level]}] ${message.replaceAll('\n', '\r')}`
    case 'nodejs18':
      return `${spacedTime(atMs, '.')} ${id} [${nodeWords[level]}] ${message.replaceAll('\n', '\r')}`
    case 'python3':
    case 'dotnetcore3.1':
      return `${iso(line, isoTime)} ${id} [${upperWords[level]}] ${message}`
    case 'php7.2':
      return `${iso(line, isoSeconds)} ${id} [${phpWords[level]}] ${message}`
    case 'java11':
      return line.requestId === null
        ? `${spacedTime(atMs, '.')} [${javaWords[level]}] ${message}`
        : `${spacedTime(atMs, '.')} [${javaWords[level]}] [${id}] ${message}`
    case 'go1':
      return `${iso(line, goIsoTime)} ${id} [${upperWords[level]}] main.go:${25 + (message.length % 90)}: ${message}`
    case 'container':
      return `${iso(line, isoTime)}: ${id} [${upperWords[level]}]  ${message}`
    case 'custom':
      return line.requestId === null
        ? `${spacedTime(atMs, ',')} ${javaWords[level]} 6 [-/203.0.113.7/-/2ms GET /] ${message}`
        : `${spacedTime(atMs, ',')} ${id} ${javaWords[level]} ${message}`
  }
}

const iso = (line: AppLine, write: (ms: number) => string): string =>
  line.isConsole ? consoleTime(line.atMs) : write(line.atMs)

/** Go's runtime error line: slash date, two blanks. */
export const goErrorLine = (atMs: number, requestId: string, body: string): string =>
  `${slashTime(atMs, '000')}  ${requestId} [ERROR] ${body}`

/** Output of Go's standard log: a time, no level, no id. */
export const goPlainLine = (atMs: number, message: string): string => `${slashTime(atMs, '120')} ${message}`

/** Lua in nginx, in which a marker can stand. */
export const nginxLine = (atMs: number, message: string): string =>
  `${slashSeconds(atMs)} [notice] 8#8: *3 [lua] main.lua:28: ${message}, client: 21.0.3.254, server: , request: "POST /invoke HTTP/1.1"`

/** What the runtime prints when it starts; null for those that write it to the system log only. */
export function runtimeStartLine(runtime: Runtime, atMs: number): string | null {
  switch (runtime) {
    case 'python3':
    case 'php7.2':
    case 'dotnetcore3.1':
      return `FunctionCompute ${runtime} runtime inited.`
    case 'go1':
      return `${slashTime(atMs, '744')} start`
    case 'custom':
      return 'FunctionCompute custom runtime inited!'
    case 'container':
    case 'nodejs14':
    case 'nodejs18':
    case 'java11':
      return null
  }
}
