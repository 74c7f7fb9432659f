// The options that every command takes.
import type { Lang } from '../model/cause.ts'
import { type LogLevel, logLevels, type Option } from './command.ts'

const languages = ['en', 'zh'] as const satisfies readonly Lang[]

export const globalOptions: readonly Option[] = [
  { name: 'help', short: 'h', text: { en: 'show help and exit', zh: '显示帮助并退出' } },
  { name: 'version', short: 'V', text: { en: 'show the version and exit', zh: '显示版本并退出' } },
  {
    name: 'lang',
    value: { placeholder: 'LANG', choices: languages },
    text: {
      en: 'language of messages, causes and remedies (default: from LANG)',
      zh: '消息、原因和处理建议的语言（默认取自 LANG）',
    },
  },
  {
    name: 'log-level',
    value: { placeholder: 'LEVEL', choices: logLevels },
    text: {
      en: 'how much to say on stderr; debug adds stack traces (default: info)',
      zh: 'stderr 的输出级别，debug 会显示堆栈（默认 info）',
    },
  },
  {
    name: 'config-print',
    text: {
      en: 'show the effective configuration as YAML, without secrets, and exit; for commands with -c',
      zh: '以 YAML 显示生效的配置（不含密钥）并退出；用于带 -c 的命令',
    },
  },
]

const named = <T extends string>(names: readonly T[], text: string | undefined): T | undefined =>
  names.find(name => name === text)

/** The language: `--lang` wherever it stands, so that errors about other options speak it too; else the environment's. */
export function chooseLang(words: readonly string[], environment: NodeJS.ProcessEnv): Lang {
  const at = words.findIndex(word => word === '--lang' || word.startsWith('--lang='))
  const typed = words[at] === '--lang' ? words[at + 1] : words[at]?.slice('--lang='.length)
  // POSIX: the first of the three that is set and not empty decides.
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || ''
  return named(languages, typed) ?? (/^zh\b|^zh_/i.test(locale) ? 'zh' : 'en')
}

export const chooseLogLevel = (text: string | undefined): LogLevel => named(logLevels, text) ?? 'info'
