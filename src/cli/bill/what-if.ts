// `fcscope bill what-if`: what a function would have cost with another size, and what its history says against it.
import type { AttemptsFrom } from '../../app/bill/gather-bill.ts'
import { ExitStatus } from '../../model/fcscope-error.ts'
import { sizeRanges } from '../../model/function-config.ts'
import type { Arguments, Command, Context } from '../command.ts'
import { configOption } from '../config-option.ts'
import { withStore } from '../store-command.ts'
import { usageError } from '../usage-error.ts'
import {
  allDiskOption,
  bookOption,
  functionsOption,
  monthOption,
  noDiscountOption,
  readMonth,
  requiredOption,
} from './bill-options.ts'

const name = 'bill what-if'

/** As functions.yaml has them. */
const bounds = {
  vcpu: { range: sizeRanges.vCPU, isWhole: false },
  memory: { range: sizeRanges.memoryMB, isWhole: true },
  disk: { range: sizeRanges.diskMB, isWhole: true },
} as const

export const billWhatIfCommand: Command = {
  name,
  summary: {
    en: 'What a function would have cost with another size, and the risk seen in its history.',
    zh: '函数改用其他规格时的费用，以及历史中可见的风险。',
  },
  usage: '[ATTEMPTS.jsonl…|-]',
  operands: 'files',
  hasConfig: true,
  options: [
    configOption,
    { name: 'function', value: { placeholder: 'NAME' }, text: { en: 'which function', zh: '函数名称' } },
    {
      name: 'service',
      value: { placeholder: 'NAME' },
      text: { en: 'of which service (FC 2.0; default: any)', zh: '所属服务（FC 2.0，默认任意）' },
    },
    {
      name: 'vcpu',
      value: { placeholder: 'N' },
      text: { en: 'cores of an instance, like 0.35', zh: '实例 vCPU 数，如 0.35' },
    },
    { name: 'memory', value: { placeholder: 'MB' }, text: { en: 'memory of an instance', zh: '实例内存' } },
    { name: 'disk', value: { placeholder: 'MB' }, text: { en: 'disk of an instance', zh: '实例磁盘' } },
    functionsOption,
    bookOption,
    monthOption,
    noDiscountOption,
    allDiskOption,
    { name: 'json', text: { en: 'one JSON object', zh: '输出一个 JSON 对象' } },
  ],
  notes: [
    {
      en: `Nothing is foretold: the calls that were are priced again, and their peaks of memory are held against the new limit. Logs do not say
how much of a call is computing; with another vCPU the cost lies between two ends, unless calls with that vCPU were seen.`,
      zh: `不作预测：仅对已有的调用重新计价，并将其内存峰值与新的限制比较。日志不说明调用中有多少时间在计算；
改变 vCPU 后费用介于两端之间，除非历史中有该 vCPU 的调用。`,
    },
  ],
  examples: [
    {
      line: 'fcscope bill what-if --function checkout --memory 512 --vcpu 0.35 --functions functions.yaml --book fc3-cn',
      text: { en: 'half the size, on what is in the store', zh: '按存储中的数据，规格减半' },
    },
  ],
  run: runWhatIf,
}

async function runWhatIf(args: Arguments, context: Context): Promise<ExitStatus> {
  const change = {
    vCPU: readSize(args, 'vcpu'),
    memoryMB: readSize(args, 'memory'),
    diskMB: readSize(args, 'disk'),
  }
  if (Object.values(change).every(value => value === null)) {
    throw usageError(name, {
      en: 'Nothing is changed: give --vcpu, --memory or --disk.',
      zh: '没有任何改变：请指定 --vcpu、--memory 或 --disk。',
    })
  }
  const options = {
    target: { functionName: requiredOption(args, name, 'function'), serviceName: args.value('service') ?? null },
    change,
    functions: requiredOption(args, name, 'functions'),
    book: requiredOption(args, name, 'book'),
    month: readMonth(args, name),
    hasDiscount: !args.has('no-discount'),
    billsAllDisk: args.has('bill-all-disk'),
  }
  const run = async (attempts: AttemptsFrom): Promise<ExitStatus> => {
    const { answerWhatIf } = await import('../../app/bill/what-if.ts')
    const { whatIfReport } = await import('../../app/bill/what-if-report.ts')
    const report = whatIfReport(options, await answerWhatIf({ ...options, attempts }))
    const text = args.has('json')
      ? `${JSON.stringify(report)}\n`
      : (await import('./what-if-text.ts')).whatIfText(report, context)
    await context.stdout.write(Buffer.from(text))
    return ExitStatus.done
  }
  if (args.operands.length > 0) return run({ files: args.operands })
  return withStore(args, context, ({ connection }) => run({ store: connection }))
}

function readSize(args: Arguments, option: keyof typeof bounds): number | null {
  const text = args.value(option)
  if (text === undefined) return null
  const {
    range: [min, max],
    isWhole,
  } = bounds[option]
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value
  throw usageError(name, {
    en: `--${option}: '${text}' is no ${isWhole ? 'whole number' : 'number'} from ${min} to ${max}.`,
    zh: `--${option}：'${text}' 不是 ${min} 到 ${max} 的${isWhole ? '整数' : '数'}。`,
  })
}
