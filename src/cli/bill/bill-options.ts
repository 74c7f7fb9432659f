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

/** `--month` in Beijing; null when it is not given. Fails with `FCS_USAGE` when it is no month. */
export function readMonth(args: Arguments, command: string): string | null {
  const month = args.value('month') ?? null
  if (month === null || /^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return month
  throw usageError(command, {
    en: `--month: '${month}' is no month like 2026-01.`,
    zh: `--month：'${month}' 不是 2026-01 这样的月份。`,
  })
}
