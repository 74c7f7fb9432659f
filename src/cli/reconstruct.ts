// `fcscope reconstruct`: one JSON object per attempt (contract §4), or a summary for whoever sits at the terminal.
import { attemptOutputs, defaultBook, defaultMaxOpen, type ReconstructOptions } from '../model/batch-options.ts'
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Ledger } from '../model/ledger.ts'
import { batchOptions, inputNotes, inputUsage, readBatchOptions } from './batch-arguments.ts'
import type { Arguments, Command, Context } from './command.ts'
import { integerOption } from './option-values.ts'
import { withProgress } from './progress.ts'

/** Slots of the attempt tables; more would not fit into the memory of the machines this runs on. */
const maxMaxOpen = 16_000_000

export const reconstructCommand: Command = {
  name: 'reconstruct',
  summary: {
    en: 'Put records together to attempts: one JSON object per attempt; on a terminal a summary.',
    zh: '把记录还原为调用尝试：每次尝试输出一个 JSON 对象；在终端上输出摘要。',
  },
  usage: inputUsage,
  operands: 'files',
  options: [
    ...batchOptions,
    {
      name: 'out',
      value: { placeholder: 'OUT', choices: attemptOutputs },
      text: {
        en: 'what to print; none still does all the work (default: jsonl, on a terminal a summary)',
        zh: '输出内容；none 仍完成全部工作（默认 jsonl，在终端上为摘要）',
      },
    },
    { name: 'sort', text: { en: 'one fixed order of attempts', zh: '以固定顺序输出' } },
    {
      name: 'ledger',
      value: { placeholder: 'FILE', isFile: true },
      text: { en: 'write where every record went to FILE, as JSON', zh: '把每条记录的去向以 JSON 写入 FILE' },
    },
    {
      name: 'functions',
      value: { placeholder: 'FILE', isFile: true },
      text: { en: 'limits and concurrency of functions (functions.yaml)', zh: '函数的规格与并发度（functions.yaml）' },
    },
    {
      name: 'book',
      value: { placeholder: 'BOOK', isFile: true },
      text: {
        en: `the price book of cu, with --functions (default: ${defaultBook}; docs/billing.md)`,
        zh: `计算 cu 的价格表，与 --functions 同用（默认 ${defaultBook}，见 docs/billing.md）`,
      },
    },
    {
      name: 'max-open',
      value: { placeholder: 'N' },
      text: {
        en: `open attempts to keep; beyond it the oldest is given out as incomplete (default: ${defaultMaxOpen})`,
        zh: `保留的未结束尝试数，超出时最早的一个以 incomplete 输出（默认 ${defaultMaxOpen}）`,
      },
    },
  ],
  notes: inputNotes,
  examples: [
    {
      line: 'fcscope reconstruct function.log | jq \'select(.status != "ok")\'',
      text: { en: 'the attempts that failed, and why', zh: '失败的尝试及其原因' },
    },
    {
      line: 'fcscope reconstruct --out none --ledger ledger.json logs/*.gz',
      text: { en: 'only count: every record has one fate', zh: '只统计：每条记录都有唯一去向' },
    },
  ],
  async run(args, context) {
    const options = readReconstructOptions(args, context)
    const ledger = await withProgress(context, onProgress =>
      runWith({ options: { ...options, onProgress }, args, context }),
    )
    return statusOf(ledger.unaccounted, context)
  },
}

/** Somebody at a terminal gets a summary unless they asked for something else. */
async function runWith(run: { options: ReconstructOptions; args: Arguments; context: Context }): Promise<Ledger> {
  const { options, args, context } = run
  if (context.isStdoutTerminal && !args.has('out')) {
    const { runSummary } = await import('./summary-run.ts')
    return runSummary(options, context)
  }
  const { runReconstruct } = await import('../app/batch.ts')
  const isListing = context.isStdoutTerminal && options.out === 'jsonl'
  return runReconstruct(isListing ? { ...options, onProgress: null } : options)
}

function readReconstructOptions(args: Arguments, context: Context): ReconstructOptions {
  const out = args.value('out')
  return {
    ...readBatchOptions('reconstruct', args, context),
    out: attemptOutputs.find(name => name === out) ?? 'jsonl',
    sort: args.has('sort'),
    ledgerPath: args.value('ledger') ?? null,
    functionsPath: args.value('functions') ?? null,
    book: args.value('book') ?? defaultBook,
    maxOpen: integerOption(
      { args, command: 'reconstruct', name: 'max-open' },
      { min: 1, max: maxMaxOpen, fallback: defaultMaxOpen },
    ),
    onAttempt: null,
  }
}

/** Unaccounted records are a bug in us; the answer is there, but it is bad. */
function statusOf(unaccounted: number, context: Context): ExitStatus {
  if (unaccounted === 0) return ExitStatus.done
  const text = {
    en: `${unaccounted} records are unaccounted for: a bug in fcscope. Please report it with the input.`,
    zh: `有 ${unaccounted} 条记录未入账：这是 fcscope 的缺陷，请附上输入报告该问题。`,
  }
  context.writeStderr(`fcscope: ${text[context.lang]}\n`)
  return ExitStatus.badAnswer
}
