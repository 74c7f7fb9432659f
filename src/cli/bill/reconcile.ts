// `fcscope bill reconcile`: our sum against the bill's, by function and day, with the reasons for differences.
import type { AttemptsFrom } from '../../app/bill/gather-bill.ts'
import type { ReconcileReport } from '../../app/bill/reconcile/reconcile-report.ts'
import { ExitStatus, type Text } from '../../model/fcscope-error.ts'
import type { Arguments, Command, Context } from '../command.ts'
import { configOption } from '../config-option.ts'
import { withStore } from '../store-command.ts'
import { usageError } from '../usage-error.ts'
import { readVersion } from '../version.ts'
import {
  allDiskOption,
  bookOption,
  instancesOption,
  noDiscountOption,
  readMonth,
  requiredOption,
} from './bill-options.ts'

const name = 'bill reconcile'
const usualThreshold = '1'

export const billReconcileCommand: Command = {
  name,
  summary: {
    en: 'Compare what attempts cost with the bill, and find the reasons for differences.',
    zh: '将调用费用与账单核对，并找出差额的原因。',
  },
  usage: '[ATTEMPTS.jsonl…|-]',
  operands: 'files',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'bill',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: 'the bill, CSV or JSON; give it once for each file',
        zh: '账单文件，CSV 或 JSON，多个文件请重复该选项',
      },
    },
    {
      name: 'mapping',
      value: { placeholder: 'M', isFile: true },
      text: {
        en: 'how the bill is read: console-csv, describe-instance-bill, or a YAML file of your own',
        zh: '账单的读法：console-csv、describe-instance-bill，或自己的 YAML 文件',
      },
    },
    {
      name: 'functions',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: 'functions.yaml: vCPU, memory, disk, GPU, region, kept instances',
        zh: 'functions.yaml：vCPU、内存、磁盘、GPU、地域、常驻实例',
      },
    },
    bookOption,
    {
      name: 'month',
      value: { placeholder: 'YYYY-MM' },
      text: {
        en: 'only this month, in Beijing (default: the months of the bill)',
        zh: '只核对该月，北京时间（默认账单所含月份）',
      },
    },
    {
      name: 'usage',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: "CloudMonitor's FunctionTotalInvocations, as DescribeMetricList answers; may be repeated",
        zh: '云监控的 FunctionTotalInvocations，即 DescribeMetricList 的应答，可重复',
      },
    },
    instancesOption,
    {
      name: 'threshold-percent',
      value: { placeholder: 'N' },
      text: {
        en: `differences above so many percent of the bill are too large (default: ${usualThreshold})`,
        zh: `差额超过账单的该百分比即为过大（默认 ${usualThreshold}）`,
      },
    },
    noDiscountOption,
    allDiskOption,
    {
      name: 'json',
      text: { en: 'one JSON object with every function and day', zh: '输出一个 JSON 对象，含每个函数日' },
    },
    { name: 'csv', text: { en: 'a row for each function and day', zh: '每个函数日输出一行 CSV' } },
    {
      name: 'html',
      value: { placeholder: 'FILE', isFile: true },
      text: { en: 'write a page with drawings that needs nothing else', zh: '写出带图表的独立网页' },
    },
  ],
  notes: [
    {
      en: `ATTEMPTS.jsonl is what \`fcscope reconstruct\` prints; without a file the store is read. Exit status 1 says that a gap above the
threshold is left: a difference that the bill itself (plans, coupons, discounts, rounding, the day's edge) does not account for.
docs/reconcile.md has the reasons, and how to write a mapping.`,
      zh: `ATTEMPTS.jsonl 为 \`fcscope reconstruct\` 的输出，未指定文件时读取存储。退出状态 1 表示仍有超过阈值的缺口：
账单本身（资源包、优惠券、折扣、取整、零点边界）不能说明的差额。原因列表及映射写法见 docs/reconcile.md。`,
    },
  ],
  examples: [
    {
      line: 'fcscope bill reconcile attempts.jsonl --bill bill.csv --mapping console-csv --functions functions.yaml --book fc3-cn',
      text: { en: 'some attempts against a bill of the console', zh: '将调用与控制台账单核对' },
    },
    {
      line: 'fcscope bill reconcile --bill bill.json --mapping describe-instance-bill --functions functions.yaml --book fc3-cn --html bill.html',
      text: { en: 'the store against answers of the API, as a page', zh: '将存储与 API 账单核对，生成网页' },
    },
  ],
  run: runReconcile,
}

async function runReconcile(args: Arguments, context: Context): Promise<ExitStatus> {
  const options = readOptions(args)
  const run = async (attempts: AttemptsFrom): Promise<ExitStatus> => {
    const { reconcileBill } = await import('../../app/bill/reconcile/reconcile-bill.ts')
    return tell(await reconcileBill({ ...options, attempts }), args, context)
  }
  if (args.operands.length > 0) return run({ files: args.operands })
  return withStore(args, context, ({ connection }) => run({ store: connection }))
}

function readOptions(args: Arguments) {
  const bills = args.values('bill')
  if (bills.length === 0) throw usageError(name, { en: '--bill is missing.', zh: '缺少 --bill。' })
  if ([...args.operands, ...bills].filter(input => input === '-').length > 1) {
    throw usageError(name, { en: 'Standard input can be given once only.', zh: '标准输入只能使用一次。' })
  }
  if (args.has('json') && args.has('csv')) {
    throw usageError(name, { en: '--json and --csv exclude each other.', zh: '--json 与 --csv 不能同时使用。' })
  }
  return {
    bills,
    mapping: requiredOption(args, name, 'mapping'),
    functions: requiredOption(args, name, 'functions'),
    book: requiredOption(args, name, 'book'),
    month: readMonth(args, name),
    usages: args.values('usage'),
    instances: args.value('instances') ?? null,
    thresholdPercent: readThreshold(args),
    hasDiscount: !args.has('no-discount'),
    billsAllDisk: args.has('bill-all-disk'),
  }
}

function readThreshold(args: Arguments): string {
  const text = args.value('threshold-percent') ?? usualThreshold
  if (/^\d{1,6}(\.\d{1,6})?$/.test(text)) return text
  throw usageError(name, {
    en: `--threshold-percent: '${text}' is no decimal number from 0 on.`,
    zh: `--threshold-percent：'${text}' 不是非负十进制数。`,
  })
}

async function tell(report: ReconcileReport, args: Arguments, context: Context): Promise<ExitStatus> {
  const page = args.value('html')
  if (page !== undefined) await writeHtml(page, report, context)
  const text = await textOf(report, args, context)
  if (text !== null) await context.stdout.write(Buffer.from(text))
  await tellWarnings(report, context)
  return report.isGap ? ExitStatus.badAnswer : ExitStatus.done
}

/** Null when the page is all that was asked for. */
async function textOf(report: ReconcileReport, args: Arguments, context: Context): Promise<string | null> {
  if (args.has('json')) return `${JSON.stringify(report)}\n`
  if (args.has('csv')) return (await import('./reconcile/report-csv.ts')).reportCsv(report)
  if (args.has('html')) return null
  return (await import('./reconcile/report-table.ts')).reportTable(report, context)
}

async function writeHtml(path: string, report: ReconcileReport, context: Context): Promise<void> {
  const { reconcilePage } = await import('./reconcile/page.ts')
  const { writePage } = await import('../../app/write-page.ts')
  const { lang } = context
  const madeAt = new Date(context.unixMs()).toISOString()
  writePage(path, reconcilePage(report, { lang, version: readVersion(), madeAt }))
  say(context, { en: `${path} is written.`, zh: `已写出 ${path}。` })
}

async function tellWarnings(report: ReconcileReport, context: Context): Promise<void> {
  const { warningText } = await import('./reconcile/warning-words.ts')
  for (const warning of report.warnings) say(context, warningText(warning))
  if (report.isGap)
    say(context, {
      en: `a gap above ${report.thresholdPercent} % is left: the bill does not account for it.`,
      zh: `仍有超过 ${report.thresholdPercent} % 的缺口，账单不能说明。`,
    })
}

function say(context: Context, text: Text): void {
  if (context.logLevel !== 'silent') context.writeStderr(`fcscope: ${text[context.lang]}\n`)
}
