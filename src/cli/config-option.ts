// The option `-c FILE` of commands that have a configuration.
import { existsSync } from 'node:fs'
import type { Arguments, Option } from './command.ts'

/** What is read when `-c` is not given. */
const usualFile = 'fcscope.yaml'

export const configOption: Option = {
  name: 'config',
  short: 'c',
  value: { placeholder: 'FILE', isFile: true },
  text: {
    en: `the configuration (default: ${usualFile} in the working directory)`,
    zh: `配置文件（默认为当前目录下的 ${usualFile}）`,
  },
}

/** The file that is named, or the usual one; null when there is neither. */
export const configPath = (args: Arguments): string | null =>
  args.value(configOption.name) ?? (existsSync(usualFile) ? usualFile : null)
