// Drawings of a reconciliation: both sides day by day, and what each reason comes to.
import type { ReconcileReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import type { Lang } from '../../../model/cause.ts'
import { type Html, html } from '../../post-mortem/html.ts'
import { money, signedMoney } from './money.ts'
import { timeOf, words } from './report-table.ts'

const width = 860
const left = 74
const right = 18
const chartHeight = 190
const labelHeight = 22
/** Days that are drawn; a bill has at most a few months. */
const maxDays = 400
const gridLines = 4

/** Two bars for each day. */
export function dayChart({ days, currency }: ReconcileReport, lang: Lang): Html | null {
  const shown = days.slice(0, maxDays)
  if (shown.length === 0) return null
  const most = Math.max(...shown.flatMap(({ ours, bill }) => [Number(ours), Number(bill)]), 0)
  const top = niceTop(most)
  const step = (width - left - right) / shown.length
  const bar = Math.max(1, round(step * 0.38))
  const heightOf = (value: number): number => (top === 0 ? 0 : round((Math.max(0, value) / top) * chartHeight))
  const every = Math.ceil(shown.length / 16)
  const bars = shown.map((day, i) => {
    const x = left + i * step + step * 0.1
    const sides = (['ours', 'bill'] as const).map((side, k) => {
      const height = heightOf(Number(day[side]))
      const text = `${timeOf(day)} · ${words[side][lang]} ${money(day[side])} ${currency}`
      return html`<rect class="${side}" x="${round(x + k * bar)}" y="${round(chartHeight - height + 4)}" width="${bar}" height="${height}"><title>${text}</title></rect>`
    })
    const label =
      i % every === 0 &&
      html`<text class="soft middle" x="${round(x + bar)}" y="${chartHeight + labelHeight}">${timeOf(day).slice(5)}</text>`
    return html`${sides}${label}`
  })
  const title = `${words.ours[lang]} / ${words.bill[lang]}, ${currency}`
  return html`<div class="panel drawing"><p><span class="swatch ours"></span>${words.ours[lang]}<span class="swatch bill"></span>${words.bill[lang]} <span class="soft">(${currency})</span></p>
<svg viewBox="0 0 ${width} ${chartHeight + labelHeight + 10}" role="img" aria-label="${title}">${grid(top)}${bars}</svg></div>`
}

function grid(top: number): readonly Html[] {
  return Array.from({ length: gridLines + 1 }, (_, i) => {
    const y = round(chartHeight + 4 - (chartHeight * i) / gridLines)
    const value = (top * i) / gridLines
    return html`<line class="${i === 0 ? 'axis' : 'grid'}" x1="${left}" x2="${width}" y1="${y}" y2="${y}"/>
<text class="soft end" x="${left - 8}" y="${y + 4}">${value.toLocaleString('en-US', { maximumSignificantDigits: 3 })}</text>`
  })
}

/** The next of 1, 2, 5 times a power of ten. */
function niceTop(value: number): number {
  if (!(value > 0)) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 2, 4, 5, 8, 10].find(step => step * power >= value) ?? 10
  return factor * power
}

const rowHeight = 26
const nameWidth = 150
const amountWidth = 120

/** A bar for each reason, to the left where the bill is lower by it. */
export function reasonChart({ reasons, currency }: ReconcileReport, lang: Lang): Html | null {
  if (reasons.length === 0) return null
  const most = Math.max(...reasons.map(({ amount }) => Math.abs(Number(amount))))
  const middle = nameWidth + (width - nameWidth - amountWidth) / 2
  const scale = most === 0 ? 0 : (width - nameWidth - amountWidth) / 2 / most
  const rows = reasons.map(({ reason, amount, isSettled }, i) => {
    const y = i * rowHeight
    const length = Math.max(1, round(Math.abs(Number(amount)) * scale))
    const x = Number(amount) < 0 ? middle - length : middle
    const kind = isSettled ? 'settled' : 'open'
    return html`<text x="0" y="${y + 17}">${reason}</text>
<rect class="${kind}" x="${round(x)}" y="${y + 5}" width="${length}" height="16" rx="2"><title>${`${reason} ${signedMoney(amount)} ${currency}`}</title></rect>
<text class="end" x="${width}" y="${y + 17}">${signedMoney(amount)}</text>`
  })
  const height = reasons.length * rowHeight + 4
  const legend: Record<'settled' | 'open', Record<Lang, string>> = {
    settled: { en: 'the bill accounts for it', zh: '账单可以说明' },
    open: { en: 'to be looked into', zh: '需要查明' },
  }
  return html`<div class="panel drawing"><p><span class="swatch settled"></span>${legend.settled[lang]}<span class="swatch open"></span>${legend.open[lang]} <span class="soft">(${currency}, ${words.bill[lang]} − ${words.ours[lang]})</span></p>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${words.reasons[lang]}"><line class="axis" x1="${middle}" x2="${middle}" y1="0" y2="${height}"/>${rows}</svg></div>`
}

const round = (value: number): number => Math.round(value * 10) / 10
