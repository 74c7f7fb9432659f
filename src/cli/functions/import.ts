// `fcscope functions import`: a functions.yaml from what the platform or Serverless Devs says of functions.
import type { ImportReport } from '../../app/functions/import-functions.ts'
import { ExitStatus, FcscopeError, type Text } from '../../model/fcscope-error.ts'
import type { Arguments, Command, Context } from '../command.ts'
import { usageError } from '../usage-error.ts'
import { noteText } from './note-text.ts'

const name = 'functions import'

export const functionsImportCommand: Command = {
  name,
  summary: {
    en: 'Make a functions.yaml from API answers or an s.yaml.',
    zh: '根据 API 返回结果或 s.yaml 生成 functions.yaml。',
  },
  usage: 'FILE…|-',
  operands: 'files',
  options: [
    {
      name: 'region',
      value: { placeholder: 'REGION' },
      text: { en: 'where functions run whose file does not say it', zh: '文件未说明地域的函数所在的地域' },
    },
    {
      name: 'service',
      value: { placeholder: 'SERVICE' },
      text: {
        en: 'service of FC 2.0 functions whose file does not say it',
        zh: '文件未说明服务的 FC 2.0 函数所属的服务',
      },
    },
    {
      name: 'out',
      value: { placeholder: 'FILE', isFile: true },
      text: { en: 'write to FILE (default: standard output)', zh: '写入 FILE（默认标准输出）' },
    },
    { name: 'force', text: { en: 'replace the file of --out if it is there', zh: '覆盖 --out 已存在的文件' } },
  ],
  notes: [
    {
      en: `FILE is told by its content:
  JSON  what ListFunctions or GetFunction answers (FC 3.0 and FC 2.0), from \`aliyun fc\` or an SDK
  YAML  an s.yaml of Serverless Devs with the component fc3 or fc; of its variables \${vars.…} are filled in
What is not known is left out and told, never guessed. docs/functions-yaml.md has more.`,
      zh: `FILE 按内容识别：
  JSON  ListFunctions 或 GetFunction 的返回结果（FC 3.0 与 FC 2.0），来自 \`aliyun fc\` 或 SDK
  YAML  Serverless Devs 的 s.yaml，组件为 fc3 或 fc；变量中仅展开 \${vars.…}
未知的内容会略去并提示，不做猜测。详见 docs/functions-yaml.md。`,
    },
  ],
  examples: [
    {
      line: 'aliyun fc GET /2023-03-30/functions --region cn-hangzhou | fcscope functions import - --out functions.yaml',
      text: { en: 'the functions of an account in a region', zh: '账号在一个地域内的函数' },
    },
    {
      line: 'fcscope functions import s.yaml list.json --region cn-hangzhou > functions.yaml',
      text: { en: 'from several files', zh: '来自多个文件' },
    },
  ],
  run: runImport,
}

async function runImport(args: Arguments, context: Context): Promise<ExitStatus> {
  checkInputs(args, context)
  const out = args.value('out') ?? null
  const mayReplace = args.has('force')
  if (mayReplace && out === null)
    throw usageError(name, { en: '--force needs --out.', zh: '--force 需要与 --out 一起使用。' })
  const { checkIsFree, writeWholeFile } = await import('../../app/functions/write-whole-file.ts')
  if (out !== null && !mayReplace) checkIsFree(out)
  const { importFunctions } = await import('../../app/functions/import-functions.ts')
  const report = await importFunctions({
    inputs: args.operands,
    region: args.value('region') ?? null,
    serviceName: args.value('service') ?? null,
  })
  tellNotes(report, context)
  if (report.count === 0) throw nothingFound
  if (out === null) await context.stdout.write(Buffer.from(report.text))
  else writeWholeFile(out, report.text, { mayReplace })
  return ExitStatus.done
}

function checkInputs({ operands }: Arguments, context: Context): void {
  const count = operands.filter(operand => operand === '-').length
  if (operands.length === 0)
    throw usageError(name, { en: 'No file given; - is standard input.', zh: '未指定文件，- 为标准输入。' })
  if (count > 1)
    throw usageError(name, { en: 'Standard input (-) can be read only once.', zh: '标准输入（-）只能读取一次。' })
  if (count === 1 && context.isStdinTerminal && context.logLevel !== 'silent')
    context.writeStderr(`fcscope: ${terminalHint[context.lang]}\n`)
}

const terminalHint: Text = { en: 'Reading from the terminal; end with Ctrl-D.', zh: '正在从终端读取，按 Ctrl-D 结束。' }

function tellNotes({ notes }: ImportReport, context: Context): void {
  if (context.logLevel === 'silent') return
  for (const group of notes) context.writeStderr(`fcscope: ${noteText(group)[context.lang]}\n`)
}

const nothingFound = new FcscopeError('FCS_CONFIG_INVALID', {
  en: 'No function was found, so nothing is written. Give an answer of ListFunctions or GetFunction that has some, or an s.yaml with the component fc3 or fc.',
  zh: '未找到任何函数，因此没有写入。请提供含有函数的 ListFunctions 或 GetFunction 返回结果，或组件为 fc3 或 fc 的 s.yaml。',
})
