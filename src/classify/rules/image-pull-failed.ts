// The container image could not be fetched.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { quote } from '../failure-texts.ts'

const pullFailed =
  /ImagePull(?:Failed|Error|BackOff)?\b|PullImageFailed|ErrImagePull|fail(?:ed)? to pull (?:the )?image|pull(?:ing)? image[^\n]{0,80}fail|pull access denied|manifest unknown|manifest for [^\n]{1,200} not found|image[^\n]{1,200} (?:not found|does not exist)/i

export const imagePullFailed: CauseRule = {
  code: 'imagePullFailed',
  signs: '`ImagePullFailed`, `PullImageFailed`, `failed to pull image`, `pull access denied`, `manifest unknown`.',
  remedy: {
    en: 'Check that the image address and tag exist in a Container Registry of the same region (Personal, or Enterprise from the Basic edition), that the function’s role has `AliyunContainerRegistryReadOnlyAccess` for images that are not public, and, for an Enterprise instance, that its access control lets the function’s VPC in.',
    zh: '请检查镜像地址和标签是否存在于同地域的容器镜像服务（个人版或企业版基础版及以上）；非公开镜像需为函数角色授予 `AliyunContainerRegistryReadOnlyAccess` 权限；使用企业版实例时，其访问控制需放通函数所在的 VPC。',
  },
  docs: docPages.customContainer,
  match({ signals, verdict, texts }) {
    if (verdict.status === 'timeout' || verdict.status === 'canceled' || verdict.status === 'handledError')
      return undefined
    const code = signals.errors.find(({ detail }) => detail.code !== null && /ImagePull|PullImage/.test(detail.code))
    const text = quote(texts.all, pullFailed)
    if (code?.detail.code) return found(Confidence.stated, [`errorCode ${code.detail.code.slice(0, 100)}`, text])
    return found(verdict.status === 'startFailed' ? Confidence.stated : Confidence.specific, [text])
  },
}
