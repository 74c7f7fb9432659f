// `fcscope generate`: deterministic traffic for demos and load tests, and the attempts that a perfect reader would find.
import type { GenerateRun } from '../app/generate.ts'
import { parseFaults } from '../generate/fault-list.ts'
import { defaultGenerateOptions, faults, type GenerateFormat, generateFormats } from '../generate/options.ts'
import { ExitStatus, type Text } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context, Option } from './command.ts'
import { integerOption } from './option-values.ts'
import { usageError } from './usage-error.ts'

const defaults = defaultGenerateOptions

/** An option with a value. */
const valued = (name: string, placeholder: string, text: Text): Option => ({ name, value: { placeholder }, text })
const file = (name: string, text: Text): Option => ({ name, value: { placeholder: 'FILE', isFile: true }, text })

export const generateCommand: Command = {
  name: 'generate',
  summary: {
    en: 'Make realistic Function Compute traffic, the same for the same seed, with the truth about it.',
    zh: '生成逼真的函数计算流量，种子相同则结果相同，并可写出对应的真实答案。',
  },
  usage: '',
  operands: 'none',
  options: [
    valued('seed', 'N', {
      en: `the same seed gives the same bytes (default: ${defaults.seed})`,
      zh: `种子，相同则输出相同（默认 ${defaults.seed}）`,
    }),
    valued('attempts', 'N', {
      en: `invoke attempts to make (default: ${defaults.attempts})`,
      zh: `生成的调用尝试数（默认 ${defaults.attempts}）`,
    }),
    valued('lines', 'N', {
      en: 'records to make, roughly; instead of --attempts',
      zh: '生成的大致记录数，代替 --attempts',
    }),
    valued('functions', 'N', {
      en: `functions that are called (default: ${defaults.functions})`,
      zh: `函数个数（默认 ${defaults.functions}）`,
    }),
    {
      name: 'format',
      value: { placeholder: 'FORMAT', choices: generateFormats },
      text: {
        en: `sls: Logstore rows; text: lines as a tail log; console: lines as copied from the console (default: ${defaults.format})`,
        zh: `sls：Logstore 行；text：日志文本；console：从控制台复制的文本（默认 ${defaults.format}）`,
      },
    },
    valued('faults', 'RATE|LIST', {
      en: 'share of requests that have a fault (default: 0.12), or a list like timeout=0.02,retry=0.1',
      zh: '出现故障的请求比例（默认 0.12），或列表，如 timeout=0.02,retry=0.1',
    }),
    valued('concurrency', 'N', {
      en: `requests in flight at once (default: ${defaults.concurrency})`,
      zh: `同时进行的请求数（默认 ${defaults.concurrency}）`,
    }),
    {
      name: 'follow',
      text: {
        en: 'write in real time, with times from now on unless --start is given',
        zh: '按实时速度写出；未指定 --start 时从当前时间开始',
      },
    },
    valued('rate', 'N', {
      en: 'records a second with --follow (default: 100)',
      zh: '--follow 时每秒记录数（默认 100）',
    }),
    valued('start', 'TIME', {
      en: 'time of the first record, like 2025-01-15T08:00:00Z',
      zh: '第一条记录的时间，如 2025-01-15T08:00:00Z',
    }),
    file('out', { en: 'write the records to FILE (default: standard output)', zh: '把记录写入 FILE（默认标准输出）' }),
    file('truth', { en: 'write the true attempts to FILE, as JSON lines', zh: '把真实的调用尝试以 JSON 行写入 FILE' }),
    file('truth-ledger', { en: 'write the true ledger to FILE', zh: '把真实的记录去向写入 FILE' }),
    { name: 'no-metrics', text: { en: 'sls without request metrics rows', zh: 'sls 中不含请求指标行' } },
    { name: 'shuffle', text: { en: 'sls: merge the instances in a random order', zh: 'sls：以随机顺序合并各实例' } },
    { name: 'late', text: { en: 'sls: some Ends come before their Starts', zh: 'sls：部分 End 先于其 Start 到达' } },
  ],
  notes: [{ en: `Faults: ${faults.join(' ')}.`, zh: `故障：${faults.join(' ')}。` }],
  examples: [
    {
      line: 'fcscope generate --format text --attempts 100 | fcscope reconstruct',
      text: { en: 'a hundred invocations, put together again', zh: '生成一百次调用并还原' },
    },
    {
      line: 'fcscope generate --seed 7 --out traffic.jsonl --truth truth.jsonl',
      text: { en: 'records, and what a perfect reader finds in them', zh: '写出记录及其真实答案' },
    },
  ],
  async run(args, context) {
    const run = readRun(args, context)
    const { runGenerate } = await import('../app/generate.ts')
    await runGenerate(run)
    return ExitStatus.done
  },
}

function readRun(args: Arguments, context: Context): GenerateRun {
  const format = generateFormats.find(name => name === args.value('format')) ?? defaults.format
  const metrics = !args.has('no-metrics')
  checkCombinations(args, format)
  const integer = (name: string, max: number, fallback: number): number =>
    integerOption({ args, command: 'generate', name }, { min: 1, max, fallback })
  return {
    options: {
      seed: integerOption(
        { args, command: 'generate', name: 'seed' },
        { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: defaults.seed },
      ),
      attempts: integer('attempts', 10_000_000_000, defaults.attempts),
      lines: args.has('lines') ? integer('lines', 100_000_000_000, 1) : null,
      functions: integer('functions', 10_000, defaults.functions),
      format,
      faults: readFaults(args, { rows: format === 'sls', metrics }),
      concurrency: integer('concurrency', 100_000, defaults.concurrency),
      startMs: readStart(args, context),
      metrics,
      shuffle: args.has('shuffle'),
      late: args.has('late'),
    },
    outPath: args.value('out') ?? null,
    truthPath: args.value('truth') ?? null,
    truthLedgerPath: args.value('truth-ledger') ?? null,
    stdout: context.stdout,
    linesPerSecond: args.has('follow') ? integer('rate', 10_000_000, 100) : null,
  }
}

function checkCombinations(args: Arguments, format: GenerateFormat): void {
  const rowsOnly = ['no-metrics', 'shuffle', 'late'].find(name => args.has(name))
  if (rowsOnly !== undefined && format !== 'sls') {
    throw usageError('generate', {
      en: `--${rowsOnly} is for --format sls only, not for ${format}.`,
      zh: `--${rowsOnly} 仅适用于 --format sls，不适用于 ${format}。`,
    })
  }
  if (args.has('rate') && !args.has('follow')) {
    throw usageError('generate', { en: '--rate needs --follow.', zh: '--rate 需要与 --follow 一起使用。' })
  }
}

function readFaults(args: Arguments, shows: { rows: boolean; metrics: boolean }) {
  const parsed = parseFaults(args.value('faults') ?? null, shows)
  if (parsed.kind === 'rates') return parsed.rates
  throw usageError('generate', {
    en: `--faults: '${parsed.part}' is neither a rate from 0 to 1 nor NAME=RATE with a known name; the rates must add up to at most 1.`,
    zh: `--faults：'${parsed.part}' 既不是 0 到 1 的比例，也不是名称已知的 NAME=RATE；各比例之和不得超过 1。`,
  })
}

function readStart(args: Arguments, context: Context): number {
  const text = args.value('start')
  if (text === undefined) return args.has('follow') ? context.unixMs() : defaults.startMs
  const startMs = Date.parse(text)
  // Years beyond four digits would not fit the formats that are written.
  if (!Number.isNaN(startMs) && startMs >= 0 && startMs < Date.UTC(9000, 0)) return startMs
  throw usageError('generate', {
    en: `--start: '${text}' is no time. Write it like 2025-01-15T08:00:00Z.`,
    zh: `--start：'${text}' 不是时间，请写成 2025-01-15T08:00:00Z 的形式。`,
  })
}
