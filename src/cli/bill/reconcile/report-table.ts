// A reconciliation for a terminal: functions, reasons, the days above the threshold, and what belongs to no day.
import type { CellReport, ReasonReport, ReconcileReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import type { Text } from '../../../model/fcscope-error.ts'
import { grouped } from '../../figures.ts'
import { oneLine, padded, paint, type Style, widthOf } from '../../paint.ts'
import { factText } from './fact-words.ts'
import { money, signedMoney, signedPercent } from './money.ts'
import { reasonWords } from './reason-words.ts'

const maxName = 48
/** Days and functions that a terminal is given; all of them are in the JSON and in the page. */
const maxCells = 30
const maxFunctions = 100

export const words = {
  title: (book: string, currency: string, percent: string): Text => ({
    en: `the bill against ${book}, ${currency}; threshold ${percent} %`,
    zh: `账单与 ${book} 核对，${currency}；阈值 ${percent} %`,
  }),
  function: { en: 'function', zh: '函数' },
  region: { en: 'region', zh: '地域' },
  day: { en: 'day', zh: '日期' },
  ours: { en: 'ours', zh: '我方' },
  bill: { en: 'bill', zh: '账单' },
  difference: { en: 'difference', zh: '差额' },
  percent: { en: '%', zh: '%' },
  gap: { en: 'gap', zh: '缺口' },
  over: { en: 'days over', zh: '超阈值天数' },
  total: { en: 'total', zh: '合计' },
  reason: { en: 'reason', zh: '原因' },
  amount: { en: 'amount', zh: '金额' },
  cells: { en: 'days', zh: '天数' },
  meaning: { en: 'meaning', zh: '含义' },
  reasons: { en: 'Reasons', zh: '原因' },
  daysOver: { en: 'Days above the threshold', zh: '超过阈值的日期' },
  account: { en: 'Lines that belong to no function and day', zh: '不属于任何函数日的账单行' },
  noReason: { en: 'bought plans, not compared', zh: '购买资源包，不参与核对' },
  unknown: { en: '(unknown)', zh: '（未知）' },
  whole: { en: '(whole account)', zh: '（整个账号）' },
  estimate: { en: 'estimated', zh: '估算' },
  together: { en: 'cannot be told apart', zh: '无法拆分' },
} as const satisfies Record<string, Text | ((...parts: string[]) => Text)>

export function reportTable(report: ReconcileReport, style: Style): string {
  const { lang } = style
  const title = words.title(report.book, report.currency, report.thresholdPercent)[lang]
  return [
    paint(title, 'bold', style),
    functionTable(report, style),
    ...reasonTable(report, style),
    ...cellLines(report, style),
    ...accountLines(report, style),
    '',
  ].join('\n')
}

/** `service/function`; names are somebody else's text. */
export const nameOf = (
  { functionName, serviceName }: Pick<CellReport, 'functionName' | 'serviceName'>,
  report: ReconcileReport,
  lang: Style['lang'],
): string => {
  const unknown = report.warnings.some(({ warning }) => warning === 'wholeAccount') ? words.whole : words.unknown
  return oneLine([serviceName, functionName ?? unknown[lang]].filter(part => part !== null).join('/'), maxName)
}

function functionTable(report: ReconcileReport, style: Style): string {
  const { lang } = style
  const sorted = report.functions.toSorted((a, b) => Math.abs(Number(b.difference)) - Math.abs(Number(a.difference)))
  const sums = (of: ReconcileReport['total']): readonly string[] => [
    money(of.ours),
    money(of.bill),
    signedMoney(of.difference),
    signedPercent(of.percent),
    signedMoney(of.gap),
  ]
  const over = report.cells.filter(({ isOver }) => isOver).length
  const rows = [
    [words.function, words.region, words.ours, words.bill, words.difference, words.percent, words.gap, words.over].map(
      word => word[lang],
    ),
    ...sorted
      .slice(0, maxFunctions)
      .map(of => [nameOf(of, report, lang), of.region ?? '–', ...sums(of), grouped(of.cellsOver)]),
    ...(sorted.length > maxFunctions
      ? [[`… ${grouped(sorted.length - maxFunctions)}`, '', '', '', '', '', '', '']]
      : []),
    [words.total[lang], '', ...sums(report.total), grouped(over)],
  ]
  return aligned(rows, 2)
}

function reasonTable(report: ReconcileReport, style: Style): readonly string[] {
  const { lang } = style
  if (report.reasons.length === 0) return []
  const rows = report.reasons.map(({ reason, amount, cells }) => [
    reason,
    signedMoney(amount),
    grouped(cells),
    reasonWords[reason][lang],
  ])
  const head = [words.reason, words.amount, words.cells, words.meaning].map(word => word[lang])
  return ['', paint(words.reasons[lang], 'bold', style), aligned([head, ...rows], 1, 3)]
}

function cellLines(report: ReconcileReport, style: Style): readonly string[] {
  const { lang } = style
  const over = report.cells
    .filter(({ isOver }) => isOver)
    .toSorted((a, b) => Math.abs(Number(b.difference)) - Math.abs(Number(a.difference)))
  if (over.length === 0) return []
  const shown = over.slice(0, maxCells).sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
  const lines = shown.flatMap(cell => [
    paint(
      `${timeOf(cell)}  ${nameOf(cell, report, lang)}: ${money(cell.ours.amount)} → ${money(cell.bill?.amount ?? '0')}  ${signedMoney(cell.difference)} (${signedPercent(cell.percent)})`,
      cell.isGap ? 'yellow' : null,
      style,
    ),
    ...cell.reasons.map(reason => `  ${reasonLine(reason, style)}`),
    ...(cell.unexplained === '0' ? [] : [`  ${signedMoney(cell.unexplained)}  ${reasonWords.unexplained[lang]}`]),
  ])
  const count = over.length > maxCells ? `${maxCells} / ${grouped(over.length)}` : grouped(over.length)
  return ['', paint(`${words.daysOver[lang]} (${count})`, 'bold', style), ...lines]
}

function reasonLine(reason: ReasonReport, style: Style): string {
  const { lang } = style
  const facts = reason.facts.map(fact => factText(fact)[lang]).join(lang === 'zh' ? '；' : '; ')
  const code = paint(reason.reason, reason.isSettled ? 'green' : 'yellow', style)
  return `${amountOf(reason, lang)}  ${code}${facts === '' ? '' : `: ${facts}`}`
}

/** What a reason explains, and how sure that is. */
export const amountOf = ({ amount, isEstimate }: ReasonReport, lang: Style['lang']): string =>
  amount === null
    ? words.together[lang]
    : isEstimate
      ? `${signedMoney(amount)} (${words.estimate[lang]})`
      : signedMoney(amount)

function accountLines(report: ReconcileReport, style: Style): readonly string[] {
  const { lang } = style
  if (report.account.length === 0) return []
  const lines = report.account.map(({ reason, amount, lines: count, places }) => {
    const what = reason === null ? words.noReason[lang] : `${reason}: ${reasonWords[reason][lang]}`
    return `  ${signedMoney(amount)}  ${what}; ${factText({ fact: 'lines', lines: count, places })[lang]}`
  })
  return ['', paint(words.account[lang], 'bold', style), ...lines]
}

export const timeOf = ({ day, month }: Pick<CellReport, 'day' | 'month'>): string => day ?? month

/** The first `names` columns to the left, and the one at `text`; figures to the right. */
function aligned(rows: readonly (readonly string[])[], names: number, text = -1): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => widthOf(row[i] ?? ''))))
  const cellOf = (cell: string, i: number): string =>
    i < names || i === text
      ? padded(cell, widths[i] ?? 0)
      : `${' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell)))}${cell}`
  return rows.map(row => row.map(cellOf).join('  ').trimEnd()).join('\n')
}
