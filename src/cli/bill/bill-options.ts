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

export const functionsOption: Option = {
  name: 'functions',
  value: { placeholder: 'FILE', isFile: true },
  text: {
    en: 'functions.yaml: vCPU, memory, disk, GPU, region',
    zh: 'functions.yaml：vCPU、内存、磁盘、GPU、地域',
  },
}

export const monthOption: Option = {
  name: 'month',
  value: { placeholder: 'YYYY-MM' },
  text: { en: 'only this month, in Beijing (default: all that is there)', zh: '只计算该月，北京时间（默认全部）' },
}

export const instancesOption: Option = {
  name: 'instances',
  value: { placeholder: 'FILE', isFile: true },
  text: { en: 'lives of instances: the time that attempts do not show', zh: '实例存续记录：调用之外的时间' },
}

export const allDiskOption: Option = {
  name: 'bill-all-disk',
  text: { en: 'disk counts from the first MB on', zh: '磁盘从第一 MB 起计费' },
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
