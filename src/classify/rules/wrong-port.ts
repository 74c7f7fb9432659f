// The server listens on another port than the one the function is configured with.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { readHealthCheck, readListeningLines } from '../start-failure.ts'

export const wrongPort: CauseRule = {
  code: 'wrongPort',
  signs: 'A failed health check on one port while the log says that the server listens on another.',
  remedy: {
    en: 'Make both ports the same: the listening port in the function’s configuration (`caPort`; 9000 when not set) and the port the HTTP server opens. Best read it from the environment variable `FC_SERVER_PORT`.',
    zh: '请保证两个端口一致：函数配置中的监听端口（`caPort`，默认 9000）和 HTTP Server 实际监听的端口。建议在代码中从环境变量 `FC_SERVER_PORT` 读取。',
  },
  docs: docPages.startFailures,
  match(failure) {
    const check = readHealthCheck(failure)
    if (check === undefined) return undefined
    const lines = readListeningLines(failure)
    if (lines.length === 0) return found(check.refused ? Confidence.possible : Confidence.plausible, [check.quote])
    if (check.port === null || lines.some(line => line.port === check.port)) return undefined
    return found(Confidence.specific, [lines[0]?.quote, check.quote])
  },
}
