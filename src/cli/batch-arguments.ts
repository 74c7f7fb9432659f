// The options that `parse` and `reconstruct` share, and what they mean.
import { type BatchOptions, defaultLogTimeZone, defaultTimeZone, inputFormats } from '../model/batch-options.ts'
import type { Text } from '../model/fcscope-error.ts'
import type { Arguments, Context, Option } from './command.ts'
import { timeZoneOption } from './option-values.ts'
import { usageError } from './usage-error.ts'

export const batchOptions: readonly Option[] = [
  {
    name: 'format',
    value: { placeholder: 'FORMAT', choices: inputFormats },
    text: { en: 'what lines are (default: auto, decided line by line)', zh: '行的格式（默认 auto，逐行判断）' },
  },
  {
    name: 'time-zone',
    value: { placeholder: 'ZONE' },
    text: {
      en: `zone of the console's times in front of lines (default: ${defaultTimeZone})`,
      zh: `行首控制台时间的时区（默认 ${defaultTimeZone}）`,
    },
  },
  {
    name: 'log-time-zone',
    value: { placeholder: 'ZONE' },
    text: {
      en: `zone of times in the text that carry none (default: ${defaultLogTimeZone})`,
      zh: `文本中不带时区的时间所用的时区（默认 ${defaultLogTimeZone}）`,
    },
  },
]

export const inputUsage = '[FILE…|-]'

export const inputNotes: readonly Text[] = [
  {
    en: `Input: files, or standard input for \`-\` and when no file is named; plain, gzip or zstd, told by content.
  text  one record per line; each file is one stream
  sls   Logstore rows as JSON lines, as GetLogs returns them (__time__, __topic__, message, …)
  auto  a line that is such a JSON object is a row, every other line is text`,
    zh: `输入：文件；\`-\` 或不指定文件时为标准输入；纯文本、gzip 或 zstd，按内容识别。
  text  每行一条记录，每个文件为一个流
  sls   GetLogs 返回的日志库行，每行一个 JSON（__time__、__topic__、message 等）
  auto  符合上述 JSON 对象的行为日志库行，其余为文本`,
  },
]

/** The shared part of a batch command's options. */
export function readBatchOptions(command: string, args: Arguments, context: Context): BatchOptions {
  const inputs = args.operands.length === 0 ? ['-'] : args.operands
  checkStandardInput(command, inputs, context)
  const format = args.value('format')
  return {
    inputs,
    format: inputFormats.find(name => name === format) ?? 'auto',
    timeZone: timeZoneOption({ args, command, name: 'time-zone' }, defaultTimeZone),
    logTimeZone: timeZoneOption({ args, command, name: 'log-time-zone' }, defaultLogTimeZone),
    lang: context.lang,
    output: context.stdout,
    onProgress: null,
  }
}

function checkStandardInput(command: string, inputs: readonly string[], context: Context): void {
  const count = inputs.filter(name => name === '-').length
  if (count > 1) {
    throw usageError(command, {
      en: 'Standard input (-) can be read only once.',
      zh: '标准输入（-）只能读取一次。',
    })
  }
  if (count === 1 && context.isStdinTerminal && context.logLevel !== 'silent') {
    const hint: Text = {
      en: 'Reading from the terminal; end with Ctrl-D.',
      zh: '正在从终端读取，按 Ctrl-D 结束。',
    }
    context.writeStderr(`fcscope: ${hint[context.lang]}\n`)
  }
}
