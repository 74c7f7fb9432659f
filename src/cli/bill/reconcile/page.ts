// A reconciliation as one page that needs nothing else: no script, nothing from outside. Names in it are whatever a bill holds.
import { createHash } from 'node:crypto'
import type { CellReport, ReconcileReport, SumsReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import type { Lang } from '../../../model/cause.ts'
import type { Text } from '../../../model/fcscope-error.ts'
import { dateTime, grouped } from '../../figures.ts'
import { type Html, html } from '../../post-mortem/html.ts'
import { factText } from './fact-words.ts'
import { money, signedMoney, signedPercent } from './money.ts'
import { dayChart, reasonChart } from './page-charts.ts'
import { reconcileStyle } from './page-style.ts'
import { reasonWords } from './reason-words.ts'
import { amountOf, nameOf, timeOf, words } from './report-table.ts'
import { warningText } from './warning-words.ts'

export interface ReconcilePageFacts {
  readonly lang: Lang
  readonly version: string
  /** RFC 3339. */
  readonly madeAt: string
}

/** Rows of a table in the page; the JSON has all. */
const maxCells = 1000
const maxFunctions = 1000

/** Only the style that is in the page, by its hash; no script, no image, no font, no form. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(reconcileStyle).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** The whole page. */
export function reconcilePage(report: ReconcileReport, { lang, version, madeAt }: ReconcilePageFacts): string {
  const title = words.title(report.book, report.currency, report.thresholdPercent)[lang]
  const page = html`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} – fcscope bill reconcile</title>
<style>STYLE</style>
</head>
<body>
<h1>${title}</h1>
<p class="lead ${report.isGap ? 'bad' : 'ok'}">${leadOf(report)[lang]}</p>
${report.warnings.length > 0 && html`<ul>${report.warnings.map(warning => html`<li class="warn">${warningText(warning)[lang]}</li>`)}</ul>`}
${dayChart(report, lang)}
<h2>${words.reasons[lang]}</h2>
${reasonChart(report, lang) ?? html`<p>–</p>`}
${reasonList(report, lang)}
${functionTable(report, lang)}
${cellTable(report, lang)}
${accountTable(report, lang)}
<p class="soft">${footer({ lang, version, madeAt }, report)}</p>
</body>
</html>
`
  // The style must stand there as it is: its hash is in the policy. No escaped text can hold a raw tag.
  return `<!doctype html>\n${page.markup.replace('<style>STYLE</style>', () => `<style>${reconcileStyle}</style>`)}`
}

function leadOf({ total, currency, isGap, cells }: ReconcileReport): Text {
  const over = cells.filter(({ isOver }) => isOver).length
  const figures = `${money(total.ours)} → ${money(total.bill)} ${currency}, ${signedMoney(total.difference)} (${signedPercent(total.percent)})`
  return isGap
    ? {
        en: `${figures}. ${grouped(over)} function-days are above the threshold, and the bill does not account for all of it.`,
        zh: `${figures}。${grouped(over)} 个函数日超过阈值，账单不能说明全部差额。`,
      }
    : {
        en: `${figures}. The bill accounts for every difference above the threshold.`,
        zh: `${figures}。超过阈值的差额账单均可说明。`,
      }
}

function reasonList({ reasons }: ReconcileReport, lang: Lang): Html | null {
  if (reasons.length === 0) return null
  const rows = reasons.map(
    ({ reason, amount, cells }) =>
      html`<tr><td>${reason}</td><td class="figure">${signedMoney(amount)}</td><td class="figure">${grouped(cells)}</td><td class="why">${reasonWords[reason][lang]}</td></tr>`,
  )
  return html`<div class="scroll"><table><tr><th>${words.reason[lang]}</th><th class="figure">${words.amount[lang]}</th><th class="figure">${words.cells[lang]}</th><th>${words.meaning[lang]}</th></tr>${rows}</table></div>`
}

function functionTable(report: ReconcileReport, lang: Lang): Html {
  const sorted = report.functions.toSorted((a, b) => Math.abs(Number(b.difference)) - Math.abs(Number(a.difference)))
  const rows = sorted
    .slice(0, maxFunctions)
    .map(
      of =>
        html`<tr><td>${nameOf(of, report, lang)}</td><td>${of.region ?? '–'}</td>${sumCells(of)}<td class="figure">${grouped(of.cellsOver)}</td></tr>`,
    )
  const over = report.functions.reduce((sum, { cellsOver }) => sum + cellsOver, 0)
  return html`<h2>${words.function[lang]} (${report.functions.length})</h2><div class="scroll"><table>
<tr><th>${words.function[lang]}</th><th>${words.region[lang]}</th>${sumHeads(lang)}<th class="figure">${words.over[lang]}</th></tr>${rows}
<tr class="total"><td>${words.total[lang]}</td><td></td>${sumCells(report.total)}<td class="figure">${grouped(over)}</td></tr></table></div>`
}

const sumHeads = (lang: Lang): readonly Html[] =>
  [words.ours, words.bill, words.difference, words.percent, words.gap].map(
    word => html`<th class="figure">${word[lang]}</th>`,
  )

const sumCells = ({ ours, bill, difference, percent, gap }: SumsReport): readonly Html[] =>
  [money(ours), money(bill), signedMoney(difference), signedPercent(percent), signedMoney(gap)].map(
    text => html`<td class="figure">${text}</td>`,
  )

function cellTable(report: ReconcileReport, lang: Lang): Html | null {
  const over = report.cells.filter(({ isOver }) => isOver)
  if (over.length === 0) return null
  const shown = over
    .toSorted((a, b) => Math.abs(Number(b.difference)) - Math.abs(Number(a.difference)))
    .slice(0, maxCells)
  const count = over.length > maxCells ? `${grouped(maxCells)} / ${grouped(over.length)}` : grouped(over.length)
  return html`<h2>${words.daysOver[lang]} (${count})</h2><div class="scroll"><table>
<tr><th>${words.day[lang]}</th><th>${words.function[lang]}</th><th class="figure">${words.ours[lang]}</th><th class="figure">${words.bill[lang]}</th><th class="figure">${words.difference[lang]}</th><th class="figure">${words.percent[lang]}</th><th>${words.reasons[lang]}</th></tr>
${shown.map(cell => cellRow(cell, report, lang))}</table></div>`
}

function cellRow(cell: CellReport, report: ReconcileReport, lang: Lang): Html {
  const reasons = cell.reasons.map(reason => {
    const facts = reason.facts.map(fact => factText(fact)[lang]).join(lang === 'zh' ? '；' : '; ')
    return html`<li><span class="tag ${reason.isSettled ? 'ok' : 'bad'}">${reason.reason}</span> ${amountOf(reason, lang)} <span class="soft">${facts}</span></li>`
  })
  const rest =
    cell.unexplained !== '0' &&
    html`<li><span class="tag bad">unexplained</span> ${signedMoney(cell.unexplained)} <span class="soft">${reasonWords.unexplained[lang]}</span></li>`
  return html`<tr><td>${timeOf(cell)}</td><td>${nameOf(cell, report, lang)}</td><td class="figure">${money(cell.ours.amount)}</td><td class="figure">${money(cell.bill?.amount ?? '0')}</td>
<td class="figure ${cell.isGap ? 'bad' : ''}">${signedMoney(cell.difference)}</td><td class="figure">${signedPercent(cell.percent)}</td><td class="why"><ul class="plain">${reasons}${rest}</ul></td></tr>`
}

function accountTable({ account }: ReconcileReport, lang: Lang): Html | null {
  if (account.length === 0) return null
  const rows = account.map(({ reason, amount, lines, places }) => {
    const what = reason === null ? words.noReason[lang] : reasonWords[reason][lang]
    return html`<tr><td>${reason ?? '–'}</td><td class="figure">${signedMoney(amount)}</td><td class="why">${what}; ${factText({ fact: 'lines', lines, places })[lang]}</td></tr>`
  })
  return html`<h2>${words.account[lang]}</h2><div class="scroll"><table>${rows}</table></div>`
}

function footer(
  { lang, version, madeAt }: ReconcilePageFacts,
  { billRows, billLines, mapping }: ReconcileReport,
): string {
  const made: Text = {
    en: `Made by fcscope ${version} at ${dateTime(madeAt)} from ${grouped(billRows)} lines of a bill (${grouped(billLines)} of Function Compute, mapping ${mapping}). Days are those of Beijing; amounts are rounded for the eye.`,
    zh: `由 fcscope ${version} 于 ${dateTime(madeAt)} 根据 ${grouped(billRows)} 行账单生成（其中函数计算 ${grouped(billLines)} 行，映射 ${mapping}）。日期为北京时间，金额已取整显示。`,
  }
  return made[lang]
}
