// What a price book's file may hold: the check, and the words for what is allowed (docs/billing.md).
import { z } from 'zod'
import { choiceOption, described, flagOption, integerOption, textOption, type Words } from '../lib/option-schema.ts'
import { readEffectiveFrom } from './effective-from.ts'

/** Keeps slips of the pen out; what is calculated with is exact at any length. */
const maxDigits = 30
const isDecimal = (text: string): boolean => text.length <= maxDigits && /^\d+(?:\.\d+)?$/.test(text)

/** YAML's numbers are binary; their shortest decimal text is what stands in the file. */
const decimal = (text: Words) =>
  described(
    z.union([z.string(), z.number()]).refine(value => isDecimal(String(value))),
    {
      text,
      allowed: {
        en: 'a decimal number that is not negative, in quotes when it is longer than 15 digits',
        zh: '非负十进制数，超过 15 位时请加引号',
      },
    },
  )

const date = (text: Words) =>
  described(
    z.string().refine(value => /^\d{4}-\d\d-\d\d$/.test(value) && readEffectiveFrom(value) !== null),
    { text, allowed: { en: 'a date like 2025-12-09', zh: '日期，如 2025-12-09' } },
  )

const mapping = (keys: readonly string[]): Words => ({
  en: `a mapping with ${keys.join(', ')}`,
  zh: `含有 ${keys.join('、')} 的映射`,
})

const usage = {
  vCPU: decimal({ en: 'CU for a vCPU-second.', zh: '每 vCPU 秒的 CU。' }),
  memory: decimal({ en: 'CU for a GB-second of memory.', zh: '每 GB 秒内存的 CU。' }),
  disk: decimal({ en: 'CU for a GB-second of disk.', zh: '每 GB 秒磁盘的 CU。' }),
  invocations: decimal({ en: 'CU for 10,000 invocations.', zh: '每万次调用的 CU。' }),
}
const gpuUsage = {
  ...usage,
  ada: decimal({ en: 'CU for a GB-second of GPU memory, Ada series.', zh: '每 GB 秒显存的 CU，Ada 系列。' }),
  tesla: decimal({ en: 'CU for a GB-second of GPU memory, Tesla series.', zh: '每 GB 秒显存的 CU，Tesla 系列。' }),
}

const factors = <S extends z.ZodRawShape>(shape: S, text: Words) => {
  const allowed = mapping(Object.keys(shape))
  const part = (of: Words) => described(z.strictObject(shape), { text: of, allowed })
  return described(
    z.strictObject({
      active: part({ en: 'While requests are served.', zh: '处理请求期间。' }),
      asleep: part({ en: 'While the instance is kept without.', zh: '保留但未处理请求期间。' }),
    }),
    { text, allowed: mapping(['active', 'asleep']) },
  ).optional()
}

const tier = described(
  z.strictObject({
    upTo: decimal({
      en: 'The last CU of the tier in a month; the last tier has none.',
      zh: '该阶梯每月的最后一个 CU；最后一级不写。',
    }).optional(),
    price: decimal({ en: 'List price of a CU.', zh: '每 CU 目录价。' }),
    discounted: decimal({ en: 'Price of a CU with the discount.', zh: '每 CU 折后价。' }).optional(),
  }),
  { text: { en: 'A tier.', zh: '一级阶梯。' }, allowed: mapping(['upTo', 'price', 'discounted']) },
)

const source = described(
  z.strictObject({
    page: textOption({ en: 'Its title.', zh: '标题。' }),
    url: textOption({ en: 'Its address.', zh: '地址。' }),
    date: date({ en: 'When it was written or read.', zh: '页面或读取日期。' }),
  }),
  { text: { en: 'Where it was read.', zh: '出处。' }, allowed: mapping(['page', 'url', 'date']) },
)

const hour = (text: Words) => integerOption({ min: 0, max: 24 }, text)

const night = described(
  z.strictObject({
    fromHour: hour({ en: 'Its first hour, Beijing time.', zh: '开始的整点（北京时间）。' }),
    toHour: hour({ en: 'The hour before which it ends.', zh: '结束的整点。' }),
    factor: decimal({ en: 'What all factors are multiplied with.', zh: '所有系数所乘的倍数。' }),
  }),
  { text: { en: 'Hours that cost less.', zh: '优惠时段。' }, allowed: mapping(['fromHour', 'toHour', 'factor']) },
)

const ms = (text: Words) => integerOption({ min: 1, max: 3_600_000, unit: { en: 'ms', zh: '毫秒' } }, text)

const edition = described(
  z.strictObject({
    edition: date({ en: 'The first day on which it holds.', zh: '生效的第一天。' }),
    sources: described(z.array(source).min(1), {
      text: { en: 'Where it was read.', zh: '出处。' },
      allowed: { en: 'a list of pages', zh: '页面列表' },
    }),
    cpu: factors(usage, { en: 'Functions without a GPU.', zh: '不带 GPU 的函数。' }),
    gpu: factors(gpuUsage, { en: 'Functions with a GPU.', zh: '带 GPU 的函数。' }),
    tiers: described(z.array(tier).min(1).max(20), {
      text: { en: 'Prices of a CU, the first CU of a month first.', zh: '每 CU 价格，从当月第一个 CU 起。' },
      allowed: { en: 'a list of tiers', zh: '阶梯列表' },
    }).optional(),
    hasDiscount: flagOption({ en: 'Whether the discount is given.', zh: '是否享受折扣。' }).optional(),
    night: described(night.nullable(), {
      text: { en: 'Hours that cost less; null for none.', zh: '优惠时段，null 表示没有。' },
      allowed: mapping(['fromHour', 'toHour', 'factor']),
    }).optional(),
    floor: described(decimal({ en: '', zh: '' }).nullable(), {
      text: {
        en: 'The least that an hour of a function without a GPU costs; null for nothing.',
        zh: '不带 GPU 的函数每小时最低费用，null 表示没有。',
      },
      allowed: { en: 'a decimal number or null', zh: '十进制数或 null' },
    }).optional(),
    freeDiskMB: integerOption(
      { min: 0, max: 1_048_576 },
      { en: 'Disk that costs nothing.', zh: '免费磁盘。' },
    ).optional(),
    granularity: described(
      z.strictObject({
        cpuMs: ms({ en: 'Of a run without a GPU.', zh: '不带 GPU 的运行。' }),
        gpuMs: ms({ en: 'Of a run with a GPU.', zh: '带 GPU 的运行。' }),
        provisionedMs: ms({ en: 'Of the life of a provisioned instance.', zh: '预留实例的存续时间。' }),
      }),
      {
        text: { en: 'What time is rounded up to.', zh: '计费时长向上取整的粒度。' },
        allowed: mapping(['cpuMs', 'gpuMs', 'provisionedMs']),
      },
    ).optional(),
  }),
  {
    text: { en: 'An edition: what is different from the one before it.', zh: '一个版本：与前一版本的不同之处。' },
    allowed: { en: 'a mapping with at least edition and sources', zh: '至少含有 edition 和 sources 的映射' },
  },
)

export const priceBookSchema = described(
  z.strictObject({
    book: described(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/), {
      text: { en: 'Its name.', zh: '名称。' },
      allowed: { en: 'lower-case letters, digits and hyphens', zh: '小写字母、数字和连字符' },
    }),
    currency: described(z.string().regex(/^[A-Z]{3}$/), {
      text: { en: 'What is paid with.', zh: '货币。' },
      allowed: { en: 'three capital letters like CNY', zh: '三个大写字母，如 CNY' },
    }),
    tiersPer: choiceOption(['region', 'account'], {
      en: 'What a month’s tiers are counted for.',
      zh: '阶梯按什么累计。',
    }),
    editions: described(z.array(edition).min(1).max(200), {
      text: { en: 'The editions, the oldest first.', zh: '各版本，旧的在前。' },
      allowed: { en: 'a list of editions', zh: '版本列表' },
    }),
  }),
  {
    text: { en: 'What Function Compute costs.', zh: '函数计算的价格。' },
    allowed: mapping(['book', 'currency', 'tiersPer', 'editions']),
  },
)

/** A price book as it stands in its file, checked part by part. */
export type PriceBookFile = z.infer<typeof priceBookSchema>
