// `fcscope errors`: what fails, grouped by fingerprint.
import type { ErrorReport } from '../app/errors/error-report.ts'
import type { StoredErrors } from '../app/errors/stored-errors.ts'
import { type Status, statuses } from '../model/attempt.ts'
import { failureStatuses } from '../model/failure.ts'
import { ExitStatus, type Text } from '../model/fcscope-error.ts'
import { batchOptions, readBatchOptions } from './batch-arguments.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { integerOption } from './option-values.ts'
import { withProgress } from './progress.ts'
import { withStore } from './store-command.ts'
import { sinceOption } from './time-option.ts'
import { usageError } from './usage-error.ts'

const dayMs = 86_400_000
const defaultLimit = 20
const maxLimit = 1000
const sorts = ['count', 'last', 'new'] as const
const grouped = statuses.filter(status => status !== 'ok')

export const errorsCommand: Command = {
  name: 'errors',
  summary: {
    en: 'What fails: failures in groups of the same fault, with causes and examples.',
    zh: '失败概览：把同一故障的失败归为一组，附原因与示例。',
  },
  usage: '',
  operands: 'files',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'function',
      short: 'F',
      value: { placeholder: 'GLOB' },
      text: {
        en: 'only functions of this name, * for any characters; may be given several times',
        zh: '只看该名称的函数，* 代表任意字符，可多次指定',
      },
    },
    {
      name: 'status',
      value: { placeholder: 'STATUS', choices: grouped },
      text: {
        en: 'only attempts that ended so; may be given several times (default: all but canceled and incomplete)',
        zh: '只看该状态的尝试，可多次指定（默认为除 canceled 和 incomplete 以外的全部失败）',
      },
    },
    {
      name: 'since',
      value: { placeholder: 'TIME' },
      text: {
        en: 'attempts that began from then on: 15m, 24h, 7d ago, or a time (default: 24h; with --from all)',
        zh: '从何时起开始的尝试：15m、24h、7d 之前或某一时刻（默认 24h，与 --from 一起使用时为全部）',
      },
    },
    {
      name: 'until',
      value: { placeholder: 'TIME' },
      text: { en: 'attempts that began before then (default: now)', zh: '在此之前开始的尝试（默认为现在）' },
    },
    {
      name: 'sort',
      short: 's',
      value: { placeholder: 'ORDER', choices: sorts },
      text: {
        en: 'the most frequent first, the last seen first, or the new ones first (default: count)',
        zh: '排序：次数最多、最近出现或新出现的在前（默认 count）',
      },
    },
    {
      name: 'limit',
      short: 'n',
      value: { placeholder: 'N' },
      text: { en: `groups to show (default: ${defaultLimit})`, zh: `显示的组数（默认 ${defaultLimit}）` },
    },
    { name: 'json', text: { en: 'everything as one JSON object', zh: '以一个 JSON 对象输出全部内容' } },
    {
      name: 'from',
      value: { placeholder: 'FILE…', isFile: true },
      text: {
        en: 'read these files instead of the store; - for standard input',
        zh: '读取这些文件而不是存储，- 为标准输入',
      },
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
      en: `One group is one function, status, error type, message without its numbers, ids and quoted values, and frame of your own code.
A group that was not seen before the last quarter of the time is marked as new. Options about formats and zones are for --from.
What --json gives is described in docs/errors-command.md.`,
      zh: `同一函数、状态、错误类型、去掉数字与 ID 及引号内容后的消息，以及您代码的栈帧，构成一组。
在时段的最后四分之一之前从未出现的组标为新增。格式与时区选项仅用于 --from。
--json 的内容见 docs/errors-command.md。`,
    },
  ],
  examples: [
    { line: 'fcscope errors', text: { en: 'what failed within the last day', zh: '最近一天的失败' } },
    {
      line: "fcscope errors -F 'order-*' --since 1h --sort new",
      text: { en: 'what is new within the last hour', zh: '最近一小时新出现的故障' },
    },
    {
      line: 'fcscope errors --from logs/*.log.gz',
      text: { en: 'from files, without a store', zh: '直接读取文件，无需存储' },
    },
  ],
  run: runErrors,
}

async function runErrors(args: Arguments, context: Context): Promise<ExitStatus> {
  const files = filesOf(args)
  const nowMs = context.unixMs()
  const limit = integerOption(
    { args, command: 'errors', name: 'limit' },
    { min: 1, max: maxLimit, fallback: defaultLimit },
  )
  const sort = sorts.find(name => name === args.value('sort')) ?? 'count'
  const report = { sort, limit, lang: context.lang }
  const wish = {
    functions: args.values('function'),
    statuses: statusesOf(args),
    ...periodOf(args, { nowMs, isStored: files.length === 0 }),
  }
  if (files.length > 0) {
    const { errorsInFiles } = await import('../app/errors/errors-in-files.ts')
    const options = readBatchOptions('errors', { ...args, operands: files }, context)
    const functionsPath = args.value('functions') ?? null
    const found = await withProgress(context, onProgress =>
      errorsInFiles({ ...options, onProgress, functionsPath }, wish, report),
    )
    return tell(found, args, context)
  }
  return withStore(args, context, async ({ connection }) => {
    const { storedErrors } = await import('../app/errors/stored-errors.ts')
    const { report: found, held } = await storedErrors(connection, wish, report)
    await tell(found, args, context)
    if (held !== null && !args.has('json') && context.logLevel !== 'silent') tellHeld(held, connection.label, context)
    return ExitStatus.done
  })
}

/** What the shell makes of `--from logs/*` stands behind the first of them. */
function filesOf(args: Arguments): readonly string[] {
  const from = args.values('from')
  const [first] = args.operands
  if (first !== undefined && from.length === 0) {
    throw usageError('errors', {
      en: `errors takes no '${first}'. Name files with --from, a function with --function.`,
      zh: `errors 不接受 '${first}'。请用 --from 指定文件，用 --function 指定函数。`,
    })
  }
  return [...from, ...args.operands]
}

function statusesOf(args: Arguments): readonly Status[] {
  const named = args.values('status')
  return named.length === 0 ? failureStatuses : grouped.filter(status => named.includes(status))
}

function periodOf(
  args: Arguments,
  { nowMs, isStored }: { nowMs: number; isStored: boolean },
): { fromMs: number | null; toMs: number | null } {
  const site = (name: string): { args: Arguments; command: string; name: string } => ({ args, command: 'errors', name })
  const toMs = sinceOption(site('until'), nowMs) ?? (isStored ? nowMs : null)
  const fromMs = sinceOption(site('since'), nowMs) ?? (isStored && toMs !== null ? toMs - dayMs : null)
  if (fromMs === null || toMs === null || fromMs < toMs) return { fromMs, toMs }
  throw usageError('errors', {
    en: '--since is not before --until.',
    zh: '--since 不早于 --until。',
  })
}

async function tell(report: ErrorReport, args: Arguments, context: Context): Promise<ExitStatus> {
  if (args.has('json')) {
    await context.stdout.write(Buffer.from(`${JSON.stringify(report)}\n`))
    return ExitStatus.done
  }
  const { errorsText, summaryOf } = await import('./errors/errors-text.ts')
  const { lang, colour } = context
  if (context.logLevel !== 'silent') context.writeStderr(`${summaryOf(report)[lang]}\n`)
  if (report.errors.length > 0) await context.stdout.write(Buffer.from(errorsText(report, { lang, colour })))
  return ExitStatus.done
}

function tellHeld(held: NonNullable<StoredErrors['held']>, label: string, context: Context): void {
  const count = held.attempts.toLocaleString('en-US')
  const newest = held.newestStart ?? '–'
  const text: Text = {
    en: `${label} holds ${count} attempts, the newest of which began at ${newest}; --since reaches further back.`,
    zh: `${label} 中有 ${count} 次尝试，最新的一次开始于 ${newest}；可用 --since 查看更早的时段。`,
  }
  context.writeStderr(`${text[context.lang]}\n`)
}
