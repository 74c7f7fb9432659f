// Options that the commands of `fcscope bill` share.
import type { Arguments, Option } from '../command.ts'
import { usageError } from '../usage-error.ts'

export const bookOption: Option = {
  name: 'book',
  value: { placeholder: 'BOOK', isFile: true },
  text: {
    en: 'prices: fc3-cn, fc2-cn, intl, or a YAML file of your own',
    zh: '价格表：fc3-cn、fc2-cn、intl，或自己的 YAML 文件',
  },
}

export const noDiscountOption: Option = {
  name: 'no-discount',
  text: { en: 'list prices, also where the platform gives a discount', zh: '使用目录价，不计平台折扣' },
}

/** Fails with `FCS_USAGE` when it is not there. */
export function requiredOption(args: Arguments, command: string, name: string): string {
  const value = args.value(name)
  if (value !== undefined) return value
  throw usageError(command, { en: `--${name} is missing.`, zh: `缺少 --${name}。` })
}
