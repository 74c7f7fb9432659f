// What the function answered, or was sent, is larger than the platform passes on.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'
import { codeFigure } from '../figures.ts'

const tooLarge =
  /payload size exceeds|EntityTooLarge|\bBadResponse\b|response (?:body |payload |header\w* )?(?:size )?exceed|Truncated by FunctionCompute/i

export const responseTooLarge: CauseRule = {
  code: 'responseTooLarge',
  signs: '`BadResponse` (response headers over 8 KB), `EntityTooLarge`, `payload size exceeds maximum allowed size`.',
  remedy: {
    en: 'Return less: keep all response headers together under 8 KB, stream or page the body, or put it into OSS and return its address. `EntityTooLarge` also stands for a request that is too large (32 MB synchronous, 128 KB asynchronous): send the OSS object’s name instead.',
    zh: '减小返回内容：所有响应头合计不超过 8 KB，响应体采用流式或分页返回，或存入 OSS 后返回地址。`EntityTooLarge` 也可能表示请求体过大（同步调用 32 MB、异步调用 128 KB）：请改为传递 OSS 对象名称。',
  },
  docs: docPages.errorCodes,
  match({ signals, verdict, texts }) {
    if (verdict.status === 'timeout' || verdict.status === 'canceled' || verdict.status === 'throttled')
      return undefined
    const code = codeFigure(signals, ['BadResponse', 'EntityTooLarge'])
    const text = quote(texts.all, tooLarge)
    return found(code === undefined ? Confidence.specific : Confidence.stated, [code, text])
  },
}
