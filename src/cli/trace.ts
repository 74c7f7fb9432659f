// `fcscope trace`: the post-mortem of one request.
import type { TraceResult } from '../app/trace/trace-request.ts'
import { ExitStatus, type Text } from '../model/fcscope-error.ts'
import type { PostMortem } from '../model/post-mortem.ts'
import { batchOptions, readBatchOptions } from './batch-arguments.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { withStore } from './store-command.ts'
import { usageError } from './usage-error.ts'
import { readVersion } from './version.ts'

/** Lines at the beginning and at the end, each, and bytes of one message. */
const textBounds = { lines: 50, bytes: 4096 }
const pageBounds = { lines: 500, bytes: 65_536 }
const jsonBounds = { lines: 1000, bytes: 65_536 }
const allLines = 1_000_000

export const traceCommand: Command = {
  name: 'trace',
  summary: {
    en: 'Post-mortem of a request: attempts, timeline, causes with remedies, lines.',
    zh: '还原一个请求的全过程：各次尝试、时间线、原因与处理建议、日志。',
  },
  usage: 'REQUEST_ID',
  operands: 'files',
  hasConfig: true,
  options: [
    configOption,
    { name: 'json', text: { en: 'everything as one JSON object', zh: '以一个 JSON 对象输出全部内容' } },
    {
      name: 'html',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: 'write a page to share, with secrets and personal data masked',
        zh: '写出可分享的网页，其中的密钥和个人信息已遮盖',
      },
    },
    { name: 'no-redact', text: { en: 'leave the page as it is', zh: '网页内容不脱敏' } },
    {
      name: 'all-lines',
      text: {
        en: `all lines, not only the first and the last ${textBounds.lines}`,
        zh: `显示全部日志，而非仅首尾各 ${textBounds.lines} 条`,
      },
    },
    {
      name: 'from',
      value: { placeholder: 'FILE…', isFile: true },
      text: { en: 'read these files instead of the store', zh: '读取这些文件而不是存储' },
    },
    {
      name: 'functions',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: 'with --from: limits and concurrency of functions (functions.yaml)',
        zh: '与 --from 一起使用：函数的规格与并发度（functions.yaml）',
      },
    },
    ...batchOptions,
  ],
  notes: [
    {
      en: `The beginning of an id is enough when no other begins so; several are listed. Options about formats and zones are for --from.
What --json gives is described in docs/trace.md; its attempts are those of \`reconstruct\`.`,
      zh: `请求 ID 只写开头也可，只要没有其他 ID 以此开头；有多个时会列出。格式与时区选项仅用于 --from。
--json 的内容见 docs/trace.md，其中的尝试与 \`reconstruct\` 的输出相同。`,
    },
  ],
  examples: [
    {
      line: 'fcscope trace 1-65a24fa0-0b44b15d-431a6b32cc8c',
      text: { en: 'what happened to this request', zh: '查看该请求发生了什么' },
    },
    {
      line: 'fcscope trace 1-65a24fa0 --html request.html',
      text: { en: 'a page for a ticket, without secrets', zh: '生成用于工单的网页，不含密钥' },
    },
    {
      line: 'fcscope trace 1-65a24fa0 --from logs/*.log.gz',
      text: { en: 'from files, without a store', zh: '直接读取文件，无需存储' },
    },
  ],
  run: runTrace,
}

async function runTrace(args: Arguments, context: Context): Promise<ExitStatus> {
  const { requestId, files } = readOperands(args)
  const bounds = args.has('json') ? jsonBounds : args.has('html') ? pageBounds : textBounds
  const wish = {
    requestId,
    bounds: args.has('all-lines') ? { ...bounds, lines: allLines } : bounds,
    lang: context.lang,
  }
  const { traceFromFiles, traceFromStore } = await import('../app/trace/trace-request.ts')
  if (files.length > 0) {
    const options = {
      ...readBatchOptions('trace', { ...args, operands: files }, context),
      functionsPath: args.value('functions') ?? null,
      nowMs: context.unixMs(),
    }
    return tell(await traceFromFiles(options, wish), args, context)
  }
  return withStore(args, context, async ({ connection }) => tell(await traceFromStore(connection, wish), args, context))
}

/** What the shell makes of `--from logs/*` stands behind the id, or is the operand of the option. */
function readOperands(args: Arguments): { requestId: string; files: readonly string[] } {
  const [requestId, ...rest] = args.operands
  const from = args.values('from')
  if (requestId === undefined) {
    throw usageError('trace', { en: 'trace needs a request id.', zh: 'trace 需要一个请求 ID。' })
  }
  if (rest.length > 0 && from.length === 0) {
    throw usageError('trace', {
      en: `trace takes one request id, but '${rest[0]}' follows. Name files with --from.`,
      zh: `trace 只接受一个请求 ID，但其后还有 '${rest[0]}'。请用 --from 指定文件。`,
    })
  }
  if ([...from, ...rest].includes('-')) {
    throw usageError('trace', {
      en: '--from needs files: they are read twice, and standard input cannot be.',
      zh: '--from 需要文件：文件会读取两遍，而标准输入不能。',
    })
  }
  return { requestId, files: [...from, ...rest] }
}

async function tell(result: TraceResult, args: Arguments, context: Context): Promise<ExitStatus> {
  if (result.kind === 'several') return listCandidates(result, context)
  const { postMortem } = result
  const page = args.value('html')
  if (page !== undefined) await writeHtml(page, postMortem, { args, context })
  if (args.has('json')) await writeJson(postMortem, context)
  else if (page === undefined) await writeText(postMortem, context)
  return ExitStatus.done
}

async function listCandidates(
  { candidates, isCut }: Extract<TraceResult, { kind: 'several' }>,
  context: Context,
): Promise<ExitStatus> {
  const { oneLine } = await import('./paint.ts')
  const { dateTime } = await import('./figures.ts')
  const rows = candidates.map(({ requestId, functionName, startTime }) => {
    return `${oneLine(requestId, 128)}  ${dateTime(startTime)}  ${oneLine(functionName ?? '–', 80)}\n`
  })
  await context.stdout.write(Buffer.from(rows.join('')))
  const text: Text = {
    en: `${isCut ? `more than ${candidates.length}` : candidates.length} requests begin so; give more of the id.`,
    zh: `有${isCut ? `超过 ${candidates.length} ` : ` ${candidates.length} `}个请求 ID 以此开头，请给出更长的 ID。`,
  }
  context.writeStderr(`fcscope: ${text[context.lang]}\n`)
  return ExitStatus.badAnswer
}

async function writeText(postMortem: PostMortem, context: Context): Promise<void> {
  const { textReport } = await import('./post-mortem/text-report.ts')
  const { lang, colour } = context
  await context.stdout.write(Buffer.from(textReport(postMortem, { lang, colour })))
}

async function writeJson(postMortem: PostMortem, context: Context): Promise<void> {
  const { sentenceOf } = await import('./post-mortem/sentence.ts')
  const { requestId, ...rest } = postMortem
  const json = JSON.stringify({ requestId, sentence: sentenceOf(postMortem)[context.lang], ...rest })
  await context.stdout.write(Buffer.from(`${json}\n`))
}

async function writeHtml(
  path: string,
  postMortem: PostMortem,
  { args, context }: { args: Arguments; context: Context },
): Promise<void> {
  const { htmlReport } = await import('./post-mortem/html-report.ts')
  const { redactPostMortem } = await import('../app/trace/redact-post-mortem.ts')
  const { writePage } = await import('../app/write-page.ts')
  const { lang } = context
  const isRedacted = !args.has('no-redact')
  const shown = isRedacted ? redactPostMortem(postMortem) : postMortem
  const madeAt = new Date(context.unixMs()).toISOString()
  writePage(path, htmlReport(shown, { lang, isRedacted, version: readVersion(), madeAt }))
  const said: Text = isRedacted
    ? { en: `${path} is written; look through it before you share it.`, zh: `已写出 ${path}，分享前请再检查一遍。` }
    : { en: `${path} is written, with everything that the logs hold.`, zh: `已写出 ${path}，包含日志中的全部内容。` }
  if (context.logLevel !== 'silent') context.writeStderr(`fcscope: ${said[lang]}\n`)
}
