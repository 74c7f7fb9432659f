// What the mapping of a bill may hold: the check, and the words for what is allowed (docs/reconcile.md).
import { z } from 'zod'
import { choiceOption, described, flagOption, textOption, type Words } from '../lib/option-schema.ts'
import { type BillField, billedResources, billFields, lineKinds } from '../model/bill-mapping.ts'
import { readEffectiveFrom } from './effective-from.ts'

/** Longest pattern, in UTF-16 units. */
const maxPattern = 500

const keys = (names: readonly string[]): Words => ({
  en: `a mapping with ${names.join(', ')}`,
  zh: `含有 ${names.join('、')} 的映射`,
})

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text, 'iu')
    return true
  } catch {
    return false
  }
}

const pattern = (text: Words) =>
  described(z.string().min(1).max(maxPattern).refine(isPattern), {
    text,
    allowed: {
      en: `a regular expression (JavaScript, flags iu) of at most ${maxPattern} characters`,
      zh: `正则表达式（JavaScript，标志 iu），最多 ${maxPattern} 个字符`,
    },
  })

const field = choiceOption(billFields, { en: 'What is looked at.', zh: '所查看的字段。' })

const patternsOf = <S extends z.ZodRawShape>(more: S, text: Words) => {
  const shape = { field, pattern: pattern({ en: 'What its text is like.', zh: '文本的样子。' }), ...more }
  const entry = described(z.strictObject(shape), {
    text: { en: 'A rule.', zh: '一条规则。' },
    allowed: keys(Object.keys(shape)),
  })
  return described(z.array(entry).min(1).max(200), {
    text,
    allowed: { en: 'a list of rules', zh: '规则列表' },
  })
}

const scale = described(
  z.union([z.string(), z.number()]).refine(value => /^\d{1,12}(?:\.\d{1,12})?$/.test(String(value))),
  {
    text: { en: 'What the usage is multiplied with.', zh: '用量所乘的倍数。' },
    allowed: { en: 'a decimal number', zh: '十进制数' },
  },
)

const column = (name: BillField) =>
  described(z.array(z.string().min(1).max(200)).min(1).max(50), {
    text: { en: `Columns or keys of ${name}, the best first.`, zh: `${name} 的列名或键名，优先者在前。` },
    allowed: { en: 'a list of names', zh: '名称列表' },
  }).optional()

/** Every field, each with the names of its columns. */
const columnShape = Object.fromEntries(billFields.map(name => [name, column(name)] as const))

const namesOf = (value: Words, text: Words) =>
  described(z.record(z.string().min(1).max(200), z.string().regex(/^[A-Za-z0-9-]{2,64}$/)), {
    text,
    allowed: { en: `a mapping of names to ${value.en}`, zh: `名称到${value.zh}的映射` },
  })

const date = described(
  z.string().refine(value => /^\d{4}-\d\d-\d\d$/.test(value) && readEffectiveFrom(value) !== null),
  {
    text: { en: 'When it was written or read.', zh: '页面或读取日期。' },
    allowed: { en: 'a date like 2025-12-09', zh: '日期，如 2025-12-09' },
  },
)

const source = described(
  z.strictObject({
    page: textOption({ en: 'Its title.', zh: '标题。' }),
    url: textOption({ en: 'Its address.', zh: '地址。' }),
    date,
  }),
  { text: { en: 'Where it was read.', zh: '出处。' }, allowed: keys(['page', 'url', 'date']) },
)

const shape = {
  mapping: described(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/), {
    text: { en: 'Its name.', zh: '名称。' },
    allowed: { en: 'lower-case letters, digits and hyphens', zh: '小写字母、数字和连字符' },
  }),
  format: choiceOption(['csv', 'json'], { en: 'What bills it reads.', zh: '所读取的账单格式。' }),
  sources: described(z.array(source).min(1).max(50), {
    text: { en: 'Where the names were read.', zh: '名称的出处。' },
    allowed: { en: 'a list of pages', zh: '页面列表' },
  }),
  utcOffset: described(z.string().regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/), {
    text: { en: 'The clock of the bill.', zh: '账单的时区。' },
    allowed: { en: 'an offset like +08:00', zh: '偏移量，如 +08:00' },
  }).default('+08:00'),
  columns: described(z.strictObject(columnShape), {
    text: { en: 'Which column or key holds what.', zh: '各列或键的含义。' },
    allowed: { en: `a mapping with any of ${billFields.join(', ')}`, zh: `可含 ${billFields.join('、')} 的映射` },
  }),
  functionCompute: patternsOf(
    {},
    { en: 'Lines of Function Compute fit any of these.', zh: '函数计算的账单行符合其一。' },
  ),
  names: patternsOf(
    {},
    {
      en: 'How a line names its function; the group functionName, and serviceName and region where they are there.',
      zh: '账单行如何写明函数：命名组 functionName，以及可选的 serviceName、region。',
    },
  ).default([]),
  kinds: patternsOf(
    { kind: choiceOption(lineKinds, { en: 'What the line is for.', zh: '账单行的用途。' }) },
    { en: 'What lines are for; usage where none fits.', zh: '账单行的用途，均不符合时为 usage。' },
  ).default([]),
  items: patternsOf(
    {
      resource: choiceOption(billedResources, { en: 'What its usage counts.', zh: '用量所计的资源。' }),
      isAsleep: flagOption({ en: 'Of instances kept without requests.', zh: '是否为未处理请求的实例。' }).default(
        false,
      ),
      scale: scale.default('1'),
    },
    { en: 'What usage of billing items counts.', zh: '计费项用量的含义。' },
  ).default([]),
  regions: namesOf(
    { en: 'ids of regions', zh: '地域 ID' },
    { en: 'Regions as the bill names them.', zh: '账单中的地域名称。' },
  ).default({}),
  currencies: namesOf(
    { en: 'codes of currencies', zh: '币种代码' },
    { en: 'Currencies as the bill names them.', zh: '账单中的币种名称。' },
  ).default({}),
  fixedCurrency: described(z.string().regex(/^[A-Z]{3}$/), {
    text: { en: 'The currency of bills that have no column for it.', zh: '账单没有币种列时的币种。' },
    allowed: { en: 'three capital letters like CNY', zh: '三个大写字母，如 CNY' },
  }).optional(),
  isUsageAfterDeduction: flagOption({
    en: 'Whether usage is what is left after plans deducted their part.',
    zh: '用量是否为资源包抵扣之后的剩余。',
  }).default(false),
}

export const billMappingSchema = described(z.strictObject(shape), {
  text: { en: 'How a bill is read.', zh: '账单的读法。' },
  allowed: keys(Object.keys(shape)),
})

/** A mapping as it stands in its file, checked part by part. */
export type BillMappingFile = z.infer<typeof billMappingSchema>
