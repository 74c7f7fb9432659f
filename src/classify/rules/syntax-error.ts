// The function's code cannot be read by its runtime.
import { type CauseRule, Confidence, found } from '../cause-rule.ts'
import { docPages } from '../doc-pages.ts'
import { badSyntaxQuote } from '../signs.ts'

export const syntaxError: CauseRule = {
  code: 'syntaxError',
  signs:
    '`UserCodeSyntaxError`, `SyntaxError`, `IndentationError`, `PHP Parse error`, `syntax error near …`; not those of JSON, SQL or XML parsers.',
  remedy: {
    en: 'Correct the file and line named in the evidence and run the code once with the function’s runtime version before deploying: newer syntax (ES modules, `match`, optional chaining) fails in an older runtime. Mixed tabs and blanks and full-width punctuation give the same error.',
    zh: '请修正证据中指出的文件和行，并在部署前用与函数相同的运行时版本运行一次：较新的语法（ES Module、`match`、可选链）在旧版本运行时中会报错。制表符与空格混用、中文全角标点也会导致同样的错误。',
  },
  docs: docPages.errorsInCode,
  match(failure) {
    const { signals, verdict } = failure
    const { status } = verdict
    if (status === 'timeout' || status === 'canceled' || status === 'throttled' || status === 'platformError')
      return undefined
    const isStated = signals.errors.some(({ detail }) => detail.type === 'UserCodeSyntaxError')
    return found(isStated ? Confidence.stated : Confidence.specific, [badSyntaxQuote(failure)])
  },
}
