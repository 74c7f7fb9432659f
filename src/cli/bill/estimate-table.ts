// An estimate for a terminal: functions, the dearest first, and what is not in the figures.
import type { ChargeReport, EstimateReport } from '../../app/bill/estimate-report.ts'
import type { Text } from '../../model/fcscope-error.ts'
import { grouped } from '../figures.ts'
import { oneLine, padded, paint, type Style, widthOf } from '../paint.ts'

const maxName = 48

const words = {
  en: {
    since: (edition: string) => `prices since ${edition}`,
    hours: (count: number) => `${grouped(count)} function-hours`,
    head: ['function', 'region', 'invocations', 'vCPU·s', 'memory GB·s', 'GPU GB·s', 'CU', 'amount'],
    total: 'total',
    unknown: '(unknown)',
  },
  zh: {
    since: (edition: string) => `${edition} 起的价格`,
    hours: (count: number) => `${grouped(count)} 个函数小时`,
    head: ['函数', '地域', '调用数', 'vCPU·秒', '内存 GB·秒', '显存 GB·秒', 'CU', '金额'],
    total: '合计',
    unknown: '（未知）',
  },
} as const

export function estimateTable(bill: EstimateReport, style: Style): string {
  const { since, hours, head, total, unknown } = words[style.lang]
  const title = [bill.book, ...(bill.edition === null ? [] : [since(bill.edition)]), hours(bill.hours.length)].join(
    ', ',
  )
  const functions = bill.functions.toSorted((a, b) => Number(b.amount) - Number(a.amount))
  const rows = [
    head,
    ...functions.map(of => [
      oneLine([of.serviceName, of.functionName ?? unknown].filter(part => part !== null).join('/'), maxName),
      of.region ?? '–',
      ...figures(of, bill.currency),
    ]),
    [total, '', ...figures(bill.total, bill.currency)],
  ]
  const widths = head.map((_, i) => Math.max(...rows.map(row => widthOf(row[i] ?? ''))))
  const lines = rows.map(row =>
    row
      .map((cell, i) => aligned(cell, widths[i] ?? 0, i < 2))
      .join('  ')
      .trimEnd(),
  )
  return `${paint(title, 'bold', style)}\n${lines.join('\n')}\n`
}

/** Names to the left, figures to the right. */
const aligned = (text: string, width: number, isName: boolean): string =>
  isName ? padded(text, width) : `${' '.repeat(Math.max(0, width - widthOf(text)))}${text}`

const figures = (of: ChargeReport, currency: string): readonly string[] => [
  grouped(of.invocations),
  rounded(of.vCPUSeconds),
  rounded(of.memoryGBSeconds),
  rounded(of.gpuGBSeconds),
  grouped(Number(of.cu)),
  `${of.amount} ${currency}`,
]

/** For the eye: exact figures are in the JSON. */
const rounded = (decimal: string): string => grouped(Math.round(Number(decimal) * 10) / 10)

/** A sentence for each reason, with the functions that it is about. */
export function leftOutText(leftOut: EstimateReport['leftOut']): readonly Text[] {
  const byReason = Map.groupBy(leftOut, ({ reason }) => reason)
  return [...byReason].map(([reason, of]) => {
    const count = grouped(of.reduce((sum, { count: each }) => sum + each, 0))
    const names = of.slice(0, 5).map(({ functionName }) => oneLine(functionName ?? '–', maxName))
    const more = of.length > names.length ? ', …' : ''
    const { en, zh } = reasons[reason]
    return { en: `${count} ${en} (${names.join(', ')}${more})`, zh: `${count} ${zh}（${names.join('、')}${more}）` }
  })
}

const reasons: Readonly<Record<EstimateReport['leftOut'][number]['reason'], Text>> = {
  notBilled: {
    en: 'attempts are not charged: the platform throttled or failed them.',
    zh: '次尝试不收费：被平台限流或平台出错。',
  },
  unknownConfig: {
    en: 'attempts are left out: functions.yaml has no vCPU or memory for them.',
    zh: '次尝试未计入：functions.yaml 中没有其 vCPU 或内存。',
  },
  noTime: {
    en: 'attempts are left out: nobody knows when they ran.',
    zh: '次尝试未计入：运行时间未知。',
  },
  noDuration: {
    en: 'attempts count as calls only: nobody knows how long they ran.',
    zh: '次尝试仅计调用次数：运行时长未知。',
  },
  noPrice: {
    en: 'attempts are left out: they are older than the price book.',
    zh: '次尝试未计入：早于价格表的起始日期。',
  },
}
