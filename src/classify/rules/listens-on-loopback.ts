// The server listens on 127.0.0.1, where the platform cannot reach it.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { readHealthCheck, readListeningLines } from '../start-failure.ts'

export const listensOnLoopback: CauseRule = {
  code: 'listensOnLoopback',
  signs:
    'A failed health check although the log says that the server listens on the very port; `127.0.0.1` or `localhost` in that line.',
  remedy: {
    en: "Let the HTTP server listen on `0.0.0.0`, not on `127.0.0.1` or `localhost`: `app.listen(port, '0.0.0.0')`, `uvicorn --host 0.0.0.0`, `flask run --host=0.0.0.0`, Spring `server.address=0.0.0.0`.",
    zh: "请让 HTTP Server 监听 `0.0.0.0`，不要监听 `127.0.0.1` 或 `localhost`：`app.listen(port, '0.0.0.0')`、`uvicorn --host 0.0.0.0`、`flask run --host=0.0.0.0`、Spring 设置 `server.address=0.0.0.0`。",
  },
  docs: docPages.startFailures,
  match(failure) {
    const check = readHealthCheck(failure)
    if (check === undefined) return undefined
    const lines = readListeningLines(failure)
    if (lines.length === 0) return found(check.refused ? Confidence.possible : Confidence.plausible, [check.quote])
    const loopback = lines.find(line => line.address === 'loopback')
    if (loopback !== undefined) {
      const isPort = check.port === null || loopback.port === check.port
      return found(isPort ? Confidence.specific : Confidence.typical, [loopback.quote, check.quote])
    }
    const unknown = lines.find(line => line.address === 'unknown' && line.port === check.port)
    return unknown === undefined ? undefined : found(Confidence.specific, [unknown.quote, check.quote])
  },
}
