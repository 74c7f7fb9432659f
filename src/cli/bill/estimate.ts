// `fcscope bill estimate`: what attempts cost, by function and hour.
import type { EstimateReport } from '../../app/bill/estimate-report.ts'
import type { AttemptsFrom } from '../../app/bill/gather-bill.ts'
import { ExitStatus } from '../../model/fcscope-error.ts'
import type { Arguments, Command, Context } from '../command.ts'
import { configOption } from '../config-option.ts'
import { withStore } from '../store-command.ts'
import { usageError } from '../usage-error.ts'
import {
  allDiskOption,
  bookOption,
  functionsOption,
  instancesOption,
  monthOption,
  noDiscountOption,
  readMonth,
  requiredOption,
} from './bill-options.ts'
import { estimateTable, leftOutText } from './estimate-table.ts'

const name = 'bill estimate'

export const billEstimateCommand: Command = {
  name,
  summary: { en: 'What attempts cost, by function and hour.', zh: '按函数和小时估算调用费用。' },
  usage: '[ATTEMPTS.jsonl…|-]',
  operands: 'files',
  hasConfig: true,
  options: [
    configOption,
    functionsOption,
    bookOption,
    monthOption,
    instancesOption,
    noDiscountOption,
    allDiskOption,
    {
      name: 'json',
      text: { en: 'one JSON object with every function-hour', zh: '输出一个 JSON 对象，含每个函数小时' },
    },
    { name: 'csv', text: { en: 'a row for each function-hour', zh: '每个函数小时输出一行 CSV' } },
  ],
  notes: [
    {
      en: `ATTEMPTS.jsonl is what \`fcscope reconstruct\` prints; without a file the store is read. An hour of a function is rounded up to whole CU; a month's tiers begin with
its first hour that is there. docs/billing.md tells the rules.`,
      zh: `ATTEMPTS.jsonl 为 \`fcscope reconstruct\` 的输出，未指定文件时读取存储。每个函数每小时向上取整为整数 CU；月阶梯从数据中的第一个小时起累计。
规则见 docs/billing.md。`,
    },
  ],
  examples: [
    {
      line: 'fcscope reconstruct logs/*.log | fcscope bill estimate - --functions functions.yaml --book fc3-cn',
      text: { en: 'the cost of some logs', zh: '估算一批日志的费用' },
    },
    {
      line: 'fcscope bill estimate -c fcscope.yaml --functions functions.yaml --book fc3-cn --month 2026-10',
      text: { en: 'what a month of the store cost', zh: '估算存储中一个月的费用' },
    },
  ],
  run: runEstimate,
}

async function runEstimate(args: Arguments, context: Context): Promise<ExitStatus> {
  if (args.has('json') && args.has('csv'))
    throw usageError(name, { en: '--json and --csv exclude each other.', zh: '--json 与 --csv 不能同时使用。' })
  const options = {
    functions: requiredOption(args, name, 'functions'),
    book: requiredOption(args, name, 'book'),
    instances: args.value('instances') ?? null,
    month: readMonth(args, name),
    hasDiscount: !args.has('no-discount'),
    billsAllDisk: args.has('bill-all-disk'),
  }
  const run = async (attempts: AttemptsFrom): Promise<ExitStatus> => {
    const { estimateBill } = await import('../../app/bill/estimate-bill.ts')
    const bill = await estimateBill({ ...options, attempts })
    await context.stdout.write(Buffer.from(await textOf(bill, args, context)))
    tellLeftOut(bill, context)
    return ExitStatus.done
  }
  if (args.operands.length > 0) return run({ files: args.operands })
  return withStore(args, context, ({ connection }) => run({ store: connection }))
}

async function textOf(bill: EstimateReport, args: Arguments, context: Context): Promise<string> {
  if (args.has('json')) return `${JSON.stringify(bill)}\n`
  if (args.has('csv')) return (await import('./estimate-csv.ts')).estimateCsv(bill)
  return estimateTable(bill, context)
}

function tellLeftOut({ leftOut }: EstimateReport, context: Context): void {
  if (context.logLevel === 'silent') return
  for (const line of leftOutText(leftOut)) context.writeStderr(`fcscope: ${line[context.lang]}\n`)
}
