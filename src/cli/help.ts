// Help, made from what commands and options say about themselves.
import type { Lang } from '../model/cause.ts'
import type { Text } from '../model/fcscope-error.ts'
import type { Command, Option } from './command.ts'
import { loadVisibleCommands } from './commands.ts'
import { globalOptions } from './global-options.ts'

const heading = {
  usage: { en: 'Usage:', zh: '用法：' },
  commands: { en: 'Commands:', zh: '命令：' },
  options: { en: 'Options:', zh: '选项：' },
  global: { en: 'Global options:', zh: '全局选项：' },
  examples: { en: 'Examples:', zh: '示例：' },
  exit: { en: 'Exit status:', zh: '退出状态：' },
} as const satisfies Record<string, Text>

const purpose: Text = {
  en: 'Turns the logs of Alibaba Cloud Function Compute into the truth about every invocation.',
  zh: '把阿里云函数计算的日志还原为每一次调用的真实情况。',
}

const exitStatuses: readonly (readonly [string, Text])[] = [
  ['0', { en: 'done', zh: '完成' }],
  [
    '1',
    {
      en: 'done, and the answer is bad (unaccounted records, a gap to the bill)',
      zh: '完成，但结果有问题（有记录未入账，或与账单有缺口）',
    },
  ],
  ['2', { en: 'wrong usage or configuration, a missing or broken input', zh: '用法或配置错误，输入缺失或损坏' }],
  ['3', { en: 'something needed could not be reached', zh: '所需资源无法访问' }],
  ['130', { en: 'interrupted', zh: '被中断' }],
]

const more: Text = {
  en: 'Run `fcscope COMMAND --help` for the options, formats and examples of a command.',
  zh: '运行 `fcscope COMMAND --help` 查看某个命令的选项、格式和示例。',
}

/** `fcscope --help`. */
export async function programHelp(lang: Lang): Promise<string> {
  const commands = await loadVisibleCommands()
  const example = commands.flatMap(command => command.examples.slice(0, 1))
  return sections([
    `${heading.usage[lang]} fcscope [${globalWord[lang]}] COMMAND …`,
    purpose[lang],
    `${heading.commands[lang]}\n${rows(commands.map(({ name, summary }) => [name, summary[lang]]))}`,
    `${heading.global[lang]}\n${optionRows(globalOptions, lang)}`,
    `${heading.examples[lang]}\n${exampleRows(example, lang)}`,
    exitSection(lang),
    more[lang],
  ])
}

/** `fcscope bill --help`: the commands that begin with a word. */
export async function groupHelp(word: string, lang: Lang): Promise<string> {
  const commands = (await loadVisibleCommands()).filter(({ name }) => name.startsWith(`${word} `))
  const example = commands.flatMap(command => command.examples.slice(0, 1))
  return sections([
    `${heading.usage[lang]} fcscope ${word} ${commands.map(({ name }) => name.slice(word.length + 1)).join('|')} …`,
    `${heading.commands[lang]}\n${rows(commands.map(({ name, summary }) => [name, summary[lang]]))}`,
    `${heading.examples[lang]}\n${exampleRows(example, lang)}`,
    more[lang],
  ])
}

/** `fcscope COMMAND --help`. */
export function commandHelp(command: Command, lang: Lang): string {
  const options = command.options.length > 0 ? ` [${optionWord[lang]}]` : ''
  return sections([
    `${heading.usage[lang]} fcscope ${command.name}${options}${command.usage === '' ? '' : ` ${command.usage}`}`,
    command.summary[lang],
    command.options.length > 0 ? `${heading.options[lang]}\n${optionRows(command.options, lang)}` : '',
    `${heading.global[lang]}\n${optionRows(globalOptions, lang)}`,
    ...(command.notes ?? []).map(note => note[lang]),
    command.examples.length > 0 ? `${heading.examples[lang]}\n${exampleRows(command.examples, lang)}` : '',
    exitSection(lang),
  ])
}

const optionWord: Text = { en: 'options', zh: '选项' }
const globalWord: Text = { en: 'global options', zh: '全局选项' }

const exitSection = (lang: Lang): string =>
  `${heading.exit[lang]}\n${rows(exitStatuses.map(([status, text]) => [status, text[lang]]))}`

const sections = (parts: readonly string[]): string => `${parts.filter(part => part !== '').join('\n\n')}\n`

function optionRows(options: readonly Option[], lang: Lang): string {
  return rows(
    options.map(({ name, short, value, text }) => {
      const placeholder = value?.choices?.join('|') ?? value?.placeholder
      const head = `${short === undefined ? '' : `-${short}, `}--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`
      return [head, text[lang]]
    }),
  )
}

const exampleRows = (examples: Command['examples'], lang: Lang): string =>
  examples.map(({ line, text }) => `  # ${text[lang]}\n  ${line}`).join('\n')

/** Two columns; the first one is ASCII, so its length is its width. */
function rows(pairs: readonly (readonly [string, string])[]): string {
  const fitting = pairs.map(([left]) => left.length).filter(length => length <= 34)
  const width = Math.max(0, ...fitting)
  return pairs
    .map(([left, right]) =>
      left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
    )
    .join('\n')
}
