// A module, class or library that the code needs is not in the package.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { missingModuleQuote } from '../signs.ts'

/** Error types that only the platform's own runtimes give. */
const platformTypes: ReadonlySet<string> = new Set(['ImportModuleError', 'HandlerNotFound'])

export const moduleNotFound: CauseRule = {
  code: 'moduleNotFound',
  signs:
    '`No module named …`, `Cannot find module …`, `ModuleNotFoundError`, `ImportModuleError`, `ClassNotFoundException`, `cannot open shared object file`, `HandlerNotFound`.',
  remedy: {
    en: 'Install the module named in the evidence into the code package or a layer, on Linux x86_64 and for the function’s runtime version (`pip install -t .`, `npm install --production`, a jar with dependencies), or let `s build --use-docker` do it. If it is a file of your own, check its name and that the handler (`file.method`) points to it from the root of the package.',
    zh: '请将证据中缺少的模块安装到代码包或层中，需在 Linux x86_64 上并与函数运行时版本一致（`pip install -t .`、`npm install --production`、包含依赖的 jar），也可使用 `s build --use-docker`。如果缺少的是您自己的文件，请检查文件名，以及函数入口（`文件名.方法名`）是否能从代码包根目录找到它。',
  },
  docs: docPages.dependencies,
  match(failure) {
    const { signals, verdict } = failure
    const { status } = verdict
    if (status === 'timeout' || status === 'canceled' || status === 'throttled' || status === 'platformError')
      return undefined
    const isStated = signals.errors.some(({ detail }) => detail.type !== null && platformTypes.has(detail.type))
    return found(isStated ? Confidence.stated : Confidence.specific, [missingModuleQuote(failure)])
  },
}
