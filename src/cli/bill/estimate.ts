// `fcscope bill estimate`: what attempts cost, by function and hour.
import type { EstimateReport } from '../../app/bill/estimate-report.ts'
import { ExitStatus } from '../../model/fcscope-error.ts'
import type { Arguments, Command, Context } from '../command.ts'
import { usageError } from '../usage-error.ts'
import { bookOption, noDiscountOption, requiredOption } from './bill-options.ts'
import { estimateTable, leftOutText } from './estimate-table.ts'

const name = 'bill estimate'

export const billEstimateCommand: Command = {
  name,
  summary: { en: 'What attempts cost, by function and hour.', zh: '按函数和小时估算调用费用。' },
  usage: 'ATTEMPTS.jsonl…|-',
  operands: 'files',
  options: [
    {
      name: 'functions',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: 'functions.yaml: vCPU, memory, disk, GPU, region',
        zh: 'functions.yaml：vCPU、内存、磁盘、GPU、地域',
      },
    },
    bookOption,
    {
      name: 'month',
      value: { placeholder: 'YYYY-MM' },
      text: { en: 'only this month, in Beijing (default: all that is there)', zh: '只计算该月，北京时间（默认全部）' },
    },
    {
      name: 'instances',
      value: { placeholder: 'FILE', isFile: true },
      text: {
        en: 'lives of instances: the time that attempts do not show',
        zh: '实例存续记录：调用之外的时间',
      },
    },
    noDiscountOption,
    { name: 'bill-all-disk', text: { en: 'disk counts from the first MB on', zh: '磁盘从第一 MB 起计费' } },
    {
      name: 'json',
      text: { en: 'one JSON object with every function-hour', zh: '输出一个 JSON 对象，含每个函数小时' },
    },
  ],
  notes: [
    {
      en: `ATTEMPTS.jsonl is what \`fcscope reconstruct\` prints. An hour of a function is rounded up to whole CU; a month's tiers begin with
its first hour that is there. docs/billing.md tells the rules.`,
      zh: `ATTEMPTS.jsonl 为 \`fcscope reconstruct\` 的输出。每个函数每小时向上取整为整数 CU；月阶梯从数据中的第一个小时起累计。
规则见 docs/billing.md。`,
    },
  ],
  examples: [
    {
      line: 'fcscope reconstruct logs/*.log | fcscope bill estimate - --functions functions.yaml --book fc3-cn',
      text: { en: 'the cost of some logs', zh: '估算一批日志的费用' },
    },
  ],
  run: runEstimate,
}

async function runEstimate(args: Arguments, context: Context): Promise<ExitStatus> {
  const month = args.value('month') ?? null
  if (month !== null && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw usageError(name, {
      en: `--month: '${month}' is no month like 2026-01.`,
      zh: `--month：'${month}' 不是 2026-01 这样的月份。`,
    })
  }
  if (args.operands.length === 0)
    throw usageError(name, {
      en: 'No file of attempts given; - is standard input.',
      zh: '未指定调用尝试文件，- 为标准输入。',
    })
  const { estimateBill } = await import('../../app/bill/estimate-bill.ts')
  const bill = await estimateBill({
    inputs: args.operands,
    functions: requiredOption(args, name, 'functions'),
    book: requiredOption(args, name, 'book'),
    instances: args.value('instances') ?? null,
    month,
    hasDiscount: !args.has('no-discount'),
    billsAllDisk: args.has('bill-all-disk'),
  })
  await context.stdout.write(Buffer.from(args.has('json') ? `${JSON.stringify(bill)}\n` : estimateTable(bill, context)))
  tellLeftOut(bill, context)
  return ExitStatus.done
}

function tellLeftOut({ leftOut }: EstimateReport, context: Context): void {
  if (context.logLevel === 'silent') return
  for (const line of leftOutText(leftOut)) context.writeStderr(`fcscope: ${line[context.lang]}\n`)
}
