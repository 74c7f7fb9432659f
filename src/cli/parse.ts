// `fcscope parse`: one JSON object per record (contract §3).
import { ExitStatus } from '../model/fcscope-error.ts'
import { batchOptions, inputNotes, inputUsage, readBatchOptions } from './batch-arguments.ts'
import type { Command } from './command.ts'
import { withProgress } from './progress.ts'

export const parseCommand: Command = {
  name: 'parse',
  summary: {
    en: 'Say what every record is: one JSON object per record, in input order.',
    zh: '说明每条记录是什么：按输入顺序，每条记录输出一个 JSON 对象。',
  },
  usage: inputUsage,
  operands: 'files',
  options: batchOptions,
  notes: inputNotes,
  examples: [
    {
      line: 'fcscope parse function.log.gz | jq \'select(.kind == "errorText")\'',
      text: { en: 'the platform’s error sentences in a log', zh: '日志中平台给出的错误语句' },
    },
    {
      line: 'kubectl logs my-pod | fcscope parse --log-time-zone Asia/Shanghai -',
      text: { en: 'standard input; times without a zone are Shanghai’s', zh: '标准输入；不带时区的时间按上海时间处理' },
    },
  ],
  async run(args, context) {
    const options = readBatchOptions('parse', args, context)
    const { runParse } = await import('../app/batch.ts')
    // On a terminal the records themselves show how far it is.
    if (context.isStdoutTerminal) await runParse(options)
    else await withProgress(context, onProgress => runParse({ ...options, onProgress }))
    return ExitStatus.done
  },
}
