// The server was not ready in time.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { readHealthCheck, readListeningLines } from '../start-failure.ts'

export const slowStart: CauseRule = {
  code: 'slowStart',
  signs:
    'A failed health check without a sign of a wrong address or port: the server never said that it listens, or said so too late.',
  remedy: {
    en: 'Open the port first and load the rest after it: move downloads, model loading and migrations behind the start of the HTTP server or into the initializer, and shrink the package or image. More vCPU and memory shorten the start; minimum instances keep it away from requests.',
    zh: '先监听端口，再加载其余内容：将下载、模型加载、数据迁移等放到 HTTP Server 启动之后或初始化回调中，并精简代码包或镜像。提高 vCPU 和内存规格可缩短启动时间，设置最小实例数可避免请求等待启动。',
  },
  docs: docPages.customRuntimeFaq,
  match(failure) {
    const check = readHealthCheck(failure)
    if (check === undefined) return undefined
    const lines = readListeningLines(failure)
    if (lines.length === 0) return found(Confidence.possible, [check.quote])
    const late = lines.find(line => line.address === 'all' && (check.port === null || line.port === check.port))
    return late === undefined ? undefined : found(Confidence.typical, [late.quote, check.quote])
  },
}
