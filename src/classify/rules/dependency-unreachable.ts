// Something that the function needs (database, cache, API) could not be reached.

import type { Status } from '../../model/attempt.ts'
import { type CauseRule, Confidence, type ConfidenceValue, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { unreachablePeerQuote } from '../signs.ts'
import { readHealthCheck, readListeningLines } from '../start-failure.ts'

/** How much a refused or timed-out connection in the log explains, by how the attempt went. */
const confidences: Partial<Record<Status, ConfidenceValue>> = {
  startFailed: Confidence.specific,
  unhandledError: Confidence.specific,
  handledError: Confidence.specific,
  processExited: Confidence.typical,
  timeout: Confidence.typical,
  incomplete: Confidence.possible,
}

export const dependencyUnreachable: CauseRule = {
  code: 'dependencyUnreachable',
  signs:
    '`ECONNREFUSED`, `ETIMEDOUT`, `ENOTFOUND`, `connection refused`, `timed out connecting` and the like in the function’s own lines; a start that hangs before the server listens.',
  remedy: {
    en: 'Check that the function can reach what it connects to: VPC, vSwitch and security group in the function’s network settings, the service’s IP allowlist, address and port. Connect with a short time-out, and after the HTTP server has started, so that an outage of the dependency does not keep the instance from starting.',
    zh: '检查函数能否访问所连接的服务：函数网络配置中的 VPC、交换机和安全组，对方服务的 IP 白名单，以及地址和端口。连接时设置较短的超时，并放在 HTTP Server 启动之后进行，避免依赖服务故障导致实例无法启动。',
  },
  docs: docPages.customRuntimeFaq,
  match(failure) {
    const confidence = confidences[failure.verdict.status]
    if (confidence === undefined) return undefined
    const text = unreachablePeerQuote(failure)
    if (text !== undefined) return found(confidence, [text])
    const check = readHealthCheck(failure)
    if (check === undefined || readListeningLines(failure).length > 0) return undefined
    // The documentation names it for a refused connection, and for that only.
    return found(check.refused ? Confidence.plausible : Confidence.unlikely, [check.quote])
  },
}
