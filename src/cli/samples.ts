// What `npm start` shows: the bundled sample logs, put together and explained.
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defaultLogTimeZone, defaultMaxOpen, defaultTimeZone, type ReconstructOptions } from '../model/batch-options.ts'
import { ExitStatus, FcscopeError, type Text } from '../model/fcscope-error.ts'
import type { Command, Context } from './command.ts'

export const samplesCommand: Command = {
  name: 'samples',
  summary: { en: 'Reconstruct the bundled sample logs.', zh: '还原自带的示例日志。' },
  usage: '',
  operands: 'none',
  options: [],
  examples: [],
  isHidden: true,
  async run(_args, context) {
    const folder = fileURLToPath(new URL('../../samples/', import.meta.url))
    const inputs = sampleFiles(folder)
    await write(context, intro(inputs))
    const { runSummary } = await import('./summary-run.ts')
    const ledger = await runSummary(sampleOptions(folder, inputs, context), context)
    await write(context, outro)
    return ledger.unaccounted === 0 ? ExitStatus.done : ExitStatus.badAnswer
  },
}

const isLog = (name: string): boolean => /\.(log|txt|jsonl)(\.gz|\.zst)?$/.test(name)

function sampleFiles(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter(isLog).sort() : []
  if (names.length > 0) return names.map(name => `${folder}${name}`)
  throw new FcscopeError('FCS_INPUT_MISSING', {
    en: `${folder}: the sample logs are missing. Check the project out again.`,
    zh: `${folder}：缺少示例日志，请重新检出项目。`,
  })
}

function sampleOptions(folder: string, inputs: readonly string[], context: Context): ReconstructOptions {
  const functionsPath = `${folder}functions.yaml`
  return {
    inputs,
    format: 'auto',
    timeZone: defaultTimeZone,
    logTimeZone: defaultLogTimeZone,
    lang: context.lang,
    output: context.stdout,
    onProgress: null,
    out: 'none',
    sort: false,
    ledgerPath: null,
    functionsPath: existsSync(functionsPath) ? functionsPath : null,
    maxOpen: defaultMaxOpen,
    onAttempt: null,
  }
}

const write = async (context: Context, text: Text): Promise<void> =>
  context.stdout.write(Buffer.from(`${text[context.lang]}\n`))

const intro = (inputs: readonly string[]): Text => ({
  en: `The bundled sample logs (${inputs.length} files in samples/):\n`,
  zh: `自带的示例日志（samples/ 下 ${inputs.length} 个文件）：\n`,
})

const outro: Text = {
  en: `
With your own logs:
  bin/fcscope reconstruct FILE…            this report; into a pipe one JSON object per attempt
  bin/fcscope parse FILE…                  what every single line is
  bin/fcscope --help                       everything else`,
  zh: `
使用自己的日志：
  bin/fcscope reconstruct FILE…            输出本报告；接管道时每次尝试输出一个 JSON 对象
  bin/fcscope parse FILE…                  说明每一行是什么
  bin/fcscope --help                       其他命令`,
}
