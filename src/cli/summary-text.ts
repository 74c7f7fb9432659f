// The readable report of a reconstruction.

import { isFailure } from '../model/failure.ts'
import type { Text } from '../model/fcscope-error.ts'
import { fates, type Ledger } from '../model/ledger.ts'
import type { AttemptSummary, CauseSummary, FunctionSummary } from './attempt-summary.ts'
import { oneLine, paint, type Style } from './paint.ts'

const maxRows = 10
const maxTextLength = 110

const words = {
  attempts: { en: 'Attempts', zh: '调用尝试' },
  functions: { en: 'Functions', zh: '函数' },
  causes: { en: 'Why attempts failed', zh: '失败原因' },
  records: { en: 'Records', zh: '记录' },
  unknown: { en: '(function not known)', zh: '（函数未知）' },
  requests: { en: 'requests', zh: '请求' },
  seen: { en: 'seen', zh: '现象' },
  remedy: { en: 'do', zh: '处理' },
  hooks: { en: 'instance hooks', zh: '实例钩子' },
  failed: { en: 'failed', zh: '失败' },
  coldStarts: { en: 'cold', zh: '冷启动' },
  noneFailed: { en: 'No attempt failed.', zh: '没有失败的尝试。' },
} as const satisfies Record<string, Text>

/** What is shown instead of the attempts, ready to print. */
export function summaryText(summary: AttemptSummary, ledger: Ledger, style: Style): string {
  return [
    attemptsSection(summary, style),
    functionsSection(summary, style),
    causesSection(summary, style),
    recordsSection(ledger, style),
  ].join('\n')
}

function attemptsSection(summary: AttemptSummary, style: Style): string {
  const rows = [...summary.statuses].sort(([, a], [, b]) => b - a)
  const total = rows.reduce((sum, [, count]) => sum + count, 0)
  const span =
    summary.firstMs <= summary.lastMs
      ? ` · ${new Date(summary.firstMs).toISOString()} … ${new Date(summary.lastMs).toISOString()}`
      : ''
  const hooks = summary.hooks > 0 ? ` · ${count(summary.hooks)} ${words.hooks[style.lang]}` : ''
  const lines = rows.map(([status, amount]) => {
    const text = `  ${count(amount).padStart(9)}  ${status}`
    return isFailure(status) ? red(text, style) : text
  })
  return `${bold(`${words.attempts[style.lang]}: ${count(total)}`, style)}${hooks}${span}\n${joined(lines)}`
}

function functionsSection(summary: AttemptSummary, style: Style): string {
  const functions = [...summary.functions.values()]
  functions.sort((a, b) => b.failed - a.failed || b.attempts - a.attempts)
  const { attempts, failed, coldStarts, functions: title } = words
  const head = [attempts[style.lang], failed[style.lang], coldStarts[style.lang], 'p50 ms', 'p99 ms']
  const lines = functions.slice(0, maxRows).map(row => functionRow(row, style))
  return `${bold(title[style.lang], style)} (${head.join(' / ')})\n${joined(lines)}${rest(functions.length, style)}`
}

function functionRow(row: FunctionSummary, style: Style): string {
  const quantiles = [row.durations.quantileMs(0.5), row.durations.quantileMs(0.99)]
  const cells = [count(row.attempts), count(row.failed), count(row.coldStarts), ...quantiles.map(milliseconds)]
  const text = `${cells.map(cell => cell.padStart(9)).join(' ')}  ${printable(row.name ?? words.unknown[style.lang])}`
  return row.failed > 0 ? red(text, style) : text
}

function causesSection(summary: AttemptSummary, style: Style): string {
  const causes = [...summary.causes.values()].sort((a, b) => b.count - a.count)
  if (causes.length === 0) return `${words.noneFailed[style.lang]}\n`
  const lines = causes.slice(0, maxRows).map(cause => causeText(cause, style))
  return `${bold(words.causes[style.lang], style)}\n${joined(lines)}${rest(causes.length, style)}`
}

function causeText(cause: CauseSummary, style: Style): string {
  const { lang } = style
  return [
    red(`  ${count(cause.count).padStart(9)}  ${cause.code}`, style),
    `             ${words.seen[lang]}: ${printable(cause.evidence)}`,
    `             ${words.remedy[lang]}: ${cause.remedy}`,
    `             ${words.requests[lang]}: ${cause.requestIds.map(printable).join(', ')}`,
  ].join('\n')
}

function recordsSection(ledger: Ledger, style: Style): string {
  const parts = fates.map(fate => `${count(ledger[fate])} ${fate}`)
  parts.push(`${count(ledger.unaccounted)} unaccounted`)
  return `${bold(`${words.records[style.lang]}: ${count(ledger.received)}`, style)} = ${parts.join(' + ')}\n`
}

const joined = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')

function rest(total: number, style: Style): string {
  const more = total - maxRows
  const text: Text = { en: `… and ${more} more`, zh: `……另有 ${more} 项` }
  return more > 0 ? `  ${text[style.lang]}\n` : ''
}

const count = (value: number): string => value.toLocaleString('en-US')

const milliseconds = (value: number | null): string => (value === null ? '–' : count(Number(value.toPrecision(3))))

/** Text from logs must not steer the terminal, and one line stays one line. */
const printable = (text: string): string => oneLine(text, maxTextLength)

const bold = (text: string, style: Style): string => paint(text, 'bold', style)
const red = (text: string, style: Style): string => paint(text, 'red', style)
