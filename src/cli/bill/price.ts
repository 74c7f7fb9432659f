// `fcscope bill price`: what a number of CU costs.
import type { PricedCU } from '../../app/bill/price-cu-at.ts'
import { ExitStatus } from '../../model/fcscope-error.ts'
import type { Arguments, Command, Context } from '../command.ts'
import { padded, paint } from '../paint.ts'
import { usageError } from '../usage-error.ts'
import { bookOption, noDiscountOption, requiredOption } from './bill-options.ts'

const name = 'bill price'
const maxDigits = 30

export const billPriceCommand: Command = {
  name,
  summary: { en: 'What a number of CU costs in a month.', zh: '计算一个月内若干 CU 的费用。' },
  usage: '',
  operands: 'none',
  options: [
    { name: 'cu', value: { placeholder: 'N' }, text: { en: 'how many; may have decimals', zh: 'CU 数量，可带小数' } },
    bookOption,
    {
      name: 'at',
      value: { placeholder: 'DATE' },
      text: { en: 'prices of that day, like 2025-12-09 (default: today)', zh: '该日的价格，如 2025-12-09（默认今天）' },
    },
    noDiscountOption,
    { name: 'json', text: { en: 'JSON, also on a terminal', zh: '在终端上也输出 JSON' } },
  ],
  notes: [
    {
      en: 'Tiers are filled from the first CU of the month on. docs/billing.md tells where the prices are from.',
      zh: '阶梯从当月第一个 CU 起累计。价格出处见 docs/billing.md。',
    },
  ],
  examples: [
    {
      line: 'fcscope bill price --cu 250000000 --book fc3-cn --at 2026-01-15',
      text: { en: 'exactly, tier by tier', zh: '逐级精确计算' },
    },
  ],
  run: runPrice,
}

async function runPrice(args: Arguments, context: Context): Promise<ExitStatus> {
  const cu = requiredOption(args, name, 'cu')
  if (cu.length > maxDigits || !/^\d+(\.\d+)?$/.test(cu)) {
    throw usageError(name, {
      en: `--cu: '${cu}' is no decimal number from 0 on with at most ${maxDigits} digits.`,
      zh: `--cu：'${cu}' 不是最多 ${maxDigits} 位的非负十进制数。`,
    })
  }
  const { priceCUAt } = await import('../../app/bill/price-cu-at.ts')
  const priced = priceCUAt({
    cu,
    book: requiredOption(args, name, 'book'),
    at: args.value('at') ?? null,
    nowMs: context.unixMs(),
    hasDiscount: !args.has('no-discount'),
  })
  const text = args.has('json') || !context.isStdoutTerminal ? `${JSON.stringify(priced)}\n` : table(priced, context)
  await context.stdout.write(Buffer.from(text))
  return ExitStatus.done
}

function table({ book, edition, currency, cu, amount, tiers }: PricedCU, { lang, colour }: Context): string {
  const words =
    lang === 'zh'
      ? {
          title: `${book}，${edition} 起的价格`,
          upTo: '至',
          cu: 'CU',
          price: '单价',
          amount: '金额',
          all: '合计',
          rest: '以上',
        }
      : {
          title: `${book}, prices since ${edition}`,
          upTo: 'up to',
          cu: 'CU',
          price: 'price',
          amount: 'amount',
          all: 'total',
          rest: 'more',
        }
  const cells = [
    [words.upTo, words.cu, words.price, words.amount],
    ...tiers.map(tier => [tier.upTo ?? words.rest, tier.cu, tier.price, `${tier.amount} ${currency}`]),
    [words.all, cu, '', `${amount} ${currency}`],
  ]
  const rows = cells.map(row =>
    row
      .map(cell => padded(cell, 16))
      .join('  ')
      .trimEnd(),
  )
  return `${paint(words.title, 'bold', { lang, colour })}\n${rows.join('\n')}\n`
}
