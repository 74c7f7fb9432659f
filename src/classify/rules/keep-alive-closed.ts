// The HTTP server closed a kept connection that the platform was about to use again.
import { type CauseRule, Confidence, type ConfidenceValue, type Failure, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { durationFigure, durationOf, idleFigure, isMemoryNearLimit, sentenceQuote, statusFigure } from '../figures.ts'
import { exceptionQuote, exitCallQuote, memoryQuote } from '../signs.ts'
import { readInstanceExit } from '../start-failure.ts'

/** Shortest server-side keep-alive in common use: Node's 5 s, uvicorn's 5 s. */
const shortestKeepAliveMs = 5_000
/** A connection that is gone fails at once; what ran longer than this had reached the function. */
const instantMs = 1_000
/** The platform sends these again by itself when the connection is gone. */
const retriedMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

export const keepAliveClosed: CauseRule = {
  code: 'keepAliveClosed',
  signs:
    'Status `processExited` or a 502 of an HTTP function: a method that is not retried (POST, PATCH), an idle instance before it, a very short duration, no exception in the records.',
  remedy: {
    en: 'Keep idle connections open longer than the platform does: set the HTTP server’s keep-alive (idle) timeout to 0 or more than 15 minutes, e.g. Node `server.keepAliveTimeout = 0; server.timeout = 0`, `uvicorn --timeout-keep-alive 900`, GoFrame `SetIdleTimeout(0)`. Make POST and PATCH safe to repeat and retry them in the client after a 502.',
    zh: '让 HTTP Server 的空闲连接保持时间长于平台：将 Keep-Alive（空闲）超时设为 0 或 15 分钟以上，例如 Node 设置 `server.keepAliveTimeout = 0; server.timeout = 0`，uvicorn 加参数 `--timeout-keep-alive 900`，GoFrame 调用 `SetIdleTimeout(0)`。同时让 POST、PATCH 请求可安全重复，并在客户端遇到 502 时重试。',
  },
  docs: docPages.processExited,
  match(failure) {
    const { signals, verdict } = failure
    if (verdict.status !== 'processExited' || isMemoryNearLimit(failure)) return undefined
    if (readInstanceExit(failure) !== undefined || memoryQuote(failure) !== undefined) return undefined
    const confidence = confidenceOf(failure)
    if (confidence === undefined) return undefined
    return found(confidence, [
      idleFigure(signals),
      signals.idleBeforeMs === null && signals.httpMethod !== null
        ? `method ${signals.httpMethod.slice(0, 16)}`
        : undefined,
      durationFigure(failure),
      statusFigure(signals) ?? sentenceQuote(signals, ['processExited']),
    ])
  },
}

function confidenceOf(failure: Failure): ConfidenceValue | undefined {
  const { httpMethod, idleBeforeMs } = failure.signals
  const durationMs = durationOf(failure)
  if (durationMs !== null && durationMs > instantMs) return undefined
  if (idleBeforeMs !== null && idleBeforeMs < shortestKeepAliveMs) return undefined
  const isIdle = idleBeforeMs !== null
  if (httpMethod === null) return isIdle ? Confidence.possible : undefined
  if (retriedMethods.has(httpMethod.toUpperCase())) return isIdle ? Confidence.unlikely : undefined
  if (exceptionQuote(failure) !== undefined || exitCallQuote(failure) !== undefined) return Confidence.unlikely
  if (!isIdle) return Confidence.possible
  return durationMs === null ? Confidence.typical : Confidence.specific
}
