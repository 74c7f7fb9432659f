// What the platform's sentences and the process's own output say about an instance that did not start.
import type { Failure } from './cause-rule.ts'
import { quoteAt } from './failure-texts.ts'

/** The process's end as the platform reports it. */
export interface InstanceExit {
  readonly exitCode: number
  /** Null when the sentence names none. */
  readonly startCommand: string | null
  readonly quote: string
}

const exitSentence =
  /Function instance exited unexpectedly ?\(code (\d{1,6})[^)]{0,200}\)(?: with start command '([^'\n]{0,300})')?/

/** The first `Function instance exited unexpectedly(code N…` of the attempt. Read from whole messages, for its quote. */
export function readInstanceExit({ signals }: Failure): InstanceExit | undefined {
  for (const { detail } of signals.errors) {
    const exit = exitIn(detail.message)
    if (exit !== undefined) return exit
  }
  for (const line of signals.troubleLines) {
    const exit = exitIn(line)
    if (exit !== undefined) return exit
  }
  return undefined
}

function exitIn(text: string): InstanceExit | undefined {
  const match = exitSentence.exec(text)
  if (match === null) return undefined
  return {
    exitCode: Number(match[1]),
    startCommand: match[2]?.trim() ?? null,
    quote: quoteAt(text, match.index, match[0].length),
  }
}

/** True for the start command that is used when none is set. */
export const isBootstrap = (command: string): boolean => /^(?:\/code\/|\.\/)?bootstrap$/.test(command)

/** A start that got as far as a running process which the platform could not reach. */
export interface HealthCheck {
  /** The port that the platform tried; null when it does not say. */
  readonly port: number | null
  /** True for `Ping CA failed … connection refused`. */
  readonly refused: boolean
  readonly quote: string
}

const unreachable =
  /health check failed(?: on port (\d{1,5}))?|Ping CA failed due to: dial tcp [^\s:]{1,64}:(\d{1,5})|http server cannot be started/

/** The failed health check of a start failure, or undefined when the start failed in another way. */
export function readHealthCheck({ verdict, texts }: Failure): HealthCheck | undefined {
  // With a CA… code there is no process any more; that it cannot be reached says nothing.
  if (verdict.status !== 'startFailed' || verdict.errorCode?.startsWith('CA')) return undefined
  let check: HealthCheck | undefined
  for (const text of texts.platform) {
    if (/exited unexpectedly ?\(/.test(text)) return undefined
    // The port may stand behind the first phrase: "http server cannot be started:… Ping CA failed due to: dial tcp …".
    const ping = /dial tcp [^\s:]{1,64}:(\d{1,5})/.exec(text)
    const match = unreachable.exec(text)
    if (match === null || check !== undefined) continue
    const port = match[1] ?? match[2] ?? ping?.[1]
    check = {
      port: port === undefined ? null : Number(port),
      refused: /connection refused/.test(text),
      quote: quoteAt(text, match.index, match[0].length),
    }
  }
  return check
}

/** A line in which the process says where it listens. */
export interface ListeningLine {
  readonly port: number
  readonly address: 'loopback' | 'all' | 'unknown'
  readonly quote: string
}

const listening =
  /\b(?:listen(?:ing)?|running|serving|started|ready)\b[^\n\r]{0,60}?(?:(127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0|\[::\]|\*):|(?<=[\s/"'(=]):|\bport(?:\(s\))?\W{0,3})(\d{2,5})\b/gi
const listenFailed = /EADDRINUSE|EACCES|denied|fail|error/i
const maxListeningLines = 8

/** Where the process says that it listens. */
export function readListeningLines({ texts }: Failure): ListeningLine[] {
  const lines: ListeningLine[] = []
  for (const text of texts.own) {
    for (const match of text.matchAll(listening)) {
      const quote = quoteAt(text, match.index, match[0].length)
      if (listenFailed.test(quote)) continue
      lines.push({ port: Number(match[2]), address: addressKind(match[1]), quote })
      if (lines.length === maxListeningLines) return lines
    }
  }
  return lines
}

function addressKind(host: string | undefined): ListeningLine['address'] {
  if (host === undefined) return 'unknown'
  return /^(?:127|localhost|\[::1)/i.test(host) ? 'loopback' : 'all'
}
