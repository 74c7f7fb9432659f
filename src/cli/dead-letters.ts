// `fcscope dead-letters`: what could not be processed, and again through the pipeline.
import type { Letter } from '../app/dead-letters/letter-box.ts'
import type { WorkerConfig } from '../app/worker-config.ts'
import { type InputFormat, inputFormats } from '../model/batch-options.ts'
import { deadLetterReasons } from '../model/dead-letter.ts'
import { ExitStatus, type Text } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { integerOption } from './option-values.ts'
import { oneLine, padded, paint, widthOf } from './paint.ts'
import { printStoreConfig, readStoreConfig } from './store-command.ts'
import { sinceOption } from './time-option.ts'
import { usageError } from './usage-error.ts'

const shownBytes = 80
const defaultWaitSeconds = 30

export const deadLettersCommand: Command = {
  name: 'dead-letters',
  summary: {
    en: 'List what could not be processed, and put it through the pipeline again.',
    zh: '列出无法处理的记录，并重新送入处理流程。',
  },
  usage: 'list|replay',
  operands: ['list', 'replay'],
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'reason',
      value: { placeholder: 'REASON', choices: deadLetterReasons },
      text: { en: 'only letters with this reason; may be given several times', zh: '只看该原因的死信，可多次指定' },
    },
    {
      name: 'source',
      value: { placeholder: 'NAME' },
      text: {
        en: 'only letters of this source, or of a stream whose name has this in it',
        zh: '只看该数据源的死信，或名称包含该文字的流的死信',
      },
    },
    {
      name: 'since',
      value: { placeholder: 'TIME' },
      text: {
        en: 'only letters from then on: 15m, 2h, 2025-01-15T08:00:00Z',
        zh: '只看该时间之后的死信：15m、2h、2025-01-15T08:00:00Z',
      },
    },
    {
      name: 'id',
      value: { placeholder: 'ID' },
      text: { en: 'only this letter; may be given several times', zh: '只看该死信，可多次指定' },
    },
    {
      name: 'all',
      text: { en: 'list: also those that went in when they were tried again', zh: 'list：也列出重新处理成功的死信' },
    },
    {
      name: 'json',
      text: {
        en: 'list: one JSON object per letter, with all of its bytes',
        zh: 'list：每封死信输出一个 JSON 对象，含全部字节',
      },
    },
    {
      name: 'format',
      value: { placeholder: 'FORMAT', choices: inputFormats },
      text: { en: 'replay: read them as this (default: auto)', zh: 'replay：按该格式读取（默认 auto）' },
    },
    {
      name: 'encoding',
      value: { placeholder: 'NAME' },
      text: {
        en: 'replay: what the bytes are written in, like gb18030; invalid ones are replaced',
        zh: 'replay：字节的编码，如 gb18030，无效字节会被替换',
      },
    },
    {
      name: 'dry-run',
      text: { en: 'replay: say how many it would be, and do nothing', zh: 'replay：只显示将处理的数量，不执行' },
    },
    {
      name: 'wait',
      value: { placeholder: 'SECONDS' },
      text: {
        en: `replay: how long to wait for the worker's answer (default: ${defaultWaitSeconds})`,
        zh: `replay：等待 worker 结果的秒数（默认 ${defaultWaitSeconds}）`,
      },
    },
  ],
  notes: [
    {
      en: `replay hands letters over to the worker that runs, or to the next one. Each goes in once, however often replay is called;
those that fail again stay in the list. docs/dead-letters.md tells more.`,
      zh: `replay 把死信交给正在运行的或下一个启动的 worker。无论调用多少次，每封只处理一次；再次失败的仍留在列表中。
详见 docs/dead-letters.md。`,
    },
  ],
  examples: [
    { line: 'fcscope dead-letters list --reason invalidJson', text: { en: 'broken JSON', zh: '损坏的 JSON' } },
    {
      line: 'fcscope dead-letters replay --reason invalidUtf8 --encoding gb18030',
      text: { en: 'lines that were not UTF-8 after all', zh: '重新处理并非 UTF-8 编码的日志' },
    },
  ],
  run: runDeadLetters,
}

async function runDeadLetters(args: Arguments, context: Context): Promise<ExitStatus> {
  const config = await readStoreConfig(args, context)
  if (context.isConfigPrint) return printStoreConfig(config, context)
  const wants = readFilter(args, context)
  return args.operands[0] === 'list' ? list(config, wants, args, context) : replay(config, wants, args, context)
}

type Wants = (letter: Letter) => boolean

function readFilter(args: Arguments, context: Context): Wants {
  const reasons = new Set(args.values('reason'))
  const sources = args.values('source')
  const ids = new Set(args.values('id'))
  const sinceMs = sinceOption({ args, command: 'dead-letters', name: 'since' }, context.unixMs())
  return ({ reason, source, stream, id, time }) =>
    (reasons.size === 0 || reasons.has(reason)) &&
    (sources.length === 0 || sources.some(name => source === name || stream.includes(name))) &&
    (ids.size === 0 || ids.has(id)) &&
    (sinceMs === null || Date.parse(time) >= sinceMs)
}

async function list(config: WorkerConfig, wants: Wants, args: Arguments, context: Context): Promise<ExitStatus> {
  const { openLetterBox } = await import('../app/dead-letters/replay-letters.ts')
  const { letterFolderOf } = await import('../app/topic-sections.ts')
  const { isUtf8 } = await import('node:buffer')
  const box = openLetterBox(config)
  const counts = new Map<string, number>()
  for (const letter of box.letters()) {
    if (!wants(letter) || (letter.state === 'replayed' && !args.has('all'))) continue
    counts.set(letter.reason, (counts.get(letter.reason) ?? 0) + 1)
    const text = args.has('json') ? json(letter, isUtf8(letter.bytes)) : row(letter, context)
    await context.stdout.write(Buffer.from(text))
  }
  if (context.logLevel !== 'silent' && !args.has('json')) context.writeStderr(summary(counts, context))
  if (box.damaged > 0) context.writeStderr(damaged(box.damaged, letterFolderOf(config.settings))[context.lang])
  return ExitStatus.done
}

function json({ bytes, replayIds: _, ...letter }: Letter, isText: boolean): string {
  const text = isText ? bytes.toString('utf8') : null
  const base64 = isText ? null : bytes.toString('base64')
  return `${JSON.stringify({ ...letter, bytes: bytes.length, text, base64 })}\n`
}

const widest = Math.max(...deadLetterReasons.map(reason => reason.length))

function row(letter: Letter, { lang, colour }: Context): string {
  const style = { lang, colour }
  const { id, time, reason, state, source, stream, position, bytes } = letter
  const beginning = bytes.subarray(0, shownBytes)
  const columns = [
    paint(id, 'dim', style),
    paint(time, 'dim', style),
    paint(padded(reason, widest), 'red', style),
    padded(stateWords[state][lang], Math.max(...Object.values(stateWords).map(word => widthOf(word[lang])))),
    oneLine(source === null ? `${stream}:${position}` : `${source} ${stream}:${position}`, 120),
    // Bytes that are no UTF-8 are shown as marks.
    oneLine(beginning.toString('utf8'), shownBytes) + (bytes.length > shownBytes ? '…' : ''),
  ]
  return `${columns.join('  ')}\n`
}

const stateWords: Readonly<Record<Letter['state'], Text>> = {
  new: { en: 'new', zh: '未处理' },
  pending: { en: 'pending', zh: '待处理' },
  failed: { en: 'failed again', zh: '再次失败' },
  replayed: { en: 'replayed', zh: '已处理' },
}

const countsText = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([reason, count]) => `${reason} ${count}`).join(', ')

function summary(counts: ReadonlyMap<string, number>, { lang }: Context): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const of = counts.size === 0 ? '' : lang === 'zh' ? `（${countsText(counts)}）` : ` (${countsText(counts)})`
  return lang === 'zh' ? `fcscope: ${total} 封死信${of}\n` : `fcscope: ${total} dead letters${of}\n`
}

const damaged = (lines: number, folder: string): Text => ({
  en: `fcscope: ${lines} lines of the files in ${folder} are no dead letters and are left out.\n`,
  zh: `fcscope: ${folder} 中有 ${lines} 行不是死信，已略过。\n`,
})

async function replay(config: WorkerConfig, wants: Wants, args: Arguments, context: Context): Promise<ExitStatus> {
  const site = { args, command: 'dead-letters', name: 'wait' }
  const waitSeconds = integerOption(site, { min: 0, max: 86_400, fallback: defaultWaitSeconds })
  const format: InputFormat = inputFormats.find(name => name === args.value('format')) ?? 'auto'
  const encoding = readEncoding(args)
  const { handOver, isReplayable, openLetterBox, replayOutcome } = await import('../app/dead-letters/replay-letters.ts')
  if (args.has('dry-run')) {
    let count = 0
    for (const letter of openLetterBox(config).letters()) if (isReplayable(letter) && wants(letter)) count += 1
    say(context, { en: `${count} letters would be tried again.`, zh: `将重新处理 ${count} 封死信。` })
    return ExitStatus.done
  }
  const { letters, unfit, replayIds } = handOver(config, { wants, format, encoding, nowMs: () => context.unixMs() })
  if (unfit > 0) {
    say(context, {
      en: `${unfit} letters cannot be tried again: only their beginnings were kept.`,
      zh: `${unfit} 封死信只保留了开头，无法重新处理。`,
    })
  }
  const outcome = await replayOutcome(config, replayIds, waitSeconds * 1000)
  const { replayed, pending, failed } = outcome
  const failures = [...failed.values()].reduce((sum, count) => sum + count, 0)
  say(context, outcomeText(letters, { replayed, pending, failures, failed: countsText(failed) }))
  if (config.settings.deadLetters.type === 'kafka' && replayed > 0)
    say(context, {
      en: 'those that failed again are in the topic anew.',
      zh: '再次失败的会重新写入主题。',
    })
  return failures > 0 ? ExitStatus.badAnswer : ExitStatus.done
}

function readEncoding(args: Arguments): string | null {
  const encoding = args.value('encoding')
  if (encoding === undefined) return null
  try {
    return new TextDecoder(encoding).encoding
  } catch {
    throw usageError('dead-letters', {
      en: `--encoding: '${encoding}' is not known. Give a name like gb18030, big5 or windows-1252.`,
      zh: `--encoding：不支持 '${encoding}'，请使用 gb18030、big5、windows-1252 这样的名称。`,
    })
  }
}

function outcomeText(
  letters: number,
  of: { replayed: number; pending: number; failures: number; failed: string },
): Text {
  const { replayed, pending, failures, failed } = of
  if (letters === 0) return { en: 'nothing to try again.', zh: '没有需要重新处理的死信。' }
  const en = [
    replayed > 0 ? `${replayed} went in` : '',
    failures > 0 ? `${failures} failed again (${failed})` : '',
    pending > 0 ? `${pending} wait for a worker to take them` : '',
  ]
  const zh = [
    replayed > 0 ? `${replayed} 封处理成功` : '',
    failures > 0 ? `${failures} 封再次失败（${failed}）` : '',
    pending > 0 ? `${pending} 封等待 worker 处理` : '',
  ]
  const some = (parts: readonly string[], between: string): string => parts.filter(part => part !== '').join(between)
  return { en: `of ${letters} letters ${some(en, ', ')}.`, zh: `共 ${letters} 封死信：${some(zh, '，')}。` }
}

function say(context: Context, text: Text): void {
  if (context.logLevel !== 'silent') context.writeStderr(`fcscope: ${text[context.lang]}\n`)
}
