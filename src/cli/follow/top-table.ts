// The table of `top`.
import type { TopFrame } from '../../app/follow/watch-functions.ts'
import type { Text } from '../../model/fcscope-error.ts'
import { dateTime, grouped, milliseconds } from '../figures.ts'
import { oneLine, padded, paint, type Style, widthOf } from '../paint.ts'
import { spanText } from '../time-option.ts'

type Figures = TopFrame['functions'][number]

interface Column {
  /** For `--sort`. */
  readonly name: string
  readonly title: Text
  readonly text: (of: Figures) => string
  /** Larger comes first; null for what has an alphabetical order. */
  readonly weight: ((of: Figures) => number) | null
}

export const errorPercent = ({ errors, invocations }: Figures): number | null =>
  invocations === 0 ? null : Math.round((10_000 * errors) / invocations) / 100

const nameOf = ({ functionName, serviceName }: Figures): string =>
  serviceName === null ? (functionName ?? '–') : `${serviceName}/${functionName ?? '–'}`

const count = (name: 'invocations' | 'errors' | 'coldStarts' | 'throttled' | 'timeouts', title: Text): Column => ({
  name,
  title,
  text: of => grouped(of[name]),
  weight: of => of[name],
})

const columns: readonly Column[] = [
  { name: 'name', title: { en: 'function', zh: '函数' }, text: nameOf, weight: null },
  count('invocations', { en: 'invocations', zh: '调用' }),
  count('errors', { en: 'errors', zh: '错误' }),
  {
    name: 'errorPercent',
    title: { en: 'errors %', zh: '错误率 %' },
    text: of => String(errorPercent(of) ?? '–'),
    weight: of => errorPercent(of) ?? -1,
  },
  { name: 'p50', title: { en: 'p50', zh: 'p50' }, text: of => milliseconds(of.p50Ms), weight: of => of.p50Ms ?? -1 },
  { name: 'p99', title: { en: 'p99', zh: 'p99' }, text: of => milliseconds(of.p99Ms), weight: of => of.p99Ms ?? -1 },
  count('coldStarts', { en: 'cold starts', zh: '冷启动' }),
  count('throttled', { en: 'throttled', zh: '限流' }),
  count('timeouts', { en: 'time-outs', zh: '超时' }),
  {
    name: 'cost',
    title: { en: 'cost', zh: '费用' },
    text: of => (of.cost === null ? '–' : String(of.cost)),
    weight: of => of.cost ?? -1,
  },
]

export const sortNames: readonly string[] = columns.map(({ name }) => name)

const maxName = 48

/** The functions, those with the largest figure of column `name` first. */
export function sorted(functions: readonly Figures[], name: string): readonly Figures[] {
  const weight = columns.find(column => column.name === name)?.weight ?? null
  const byName = (a: Figures, b: Figures): number => nameOf(a).localeCompare(nameOf(b), 'en')
  return functions.toSorted((a, b) => (weight === null ? 0 : weight(b) - weight(a)) || byName(a, b))
}

/** Heading and one line per function, without line ends. `frame.functions` is in order already. */
export function topTable(frame: TopFrame, style: Style): { summary: string; head: string; rows: readonly string[] } {
  const { lang } = style
  const cells = frame.functions.map(of => columns.map(({ text }) => oneLine(text(of), maxName)))
  const titles = columns.map(({ title }) => title[lang])
  const widths = titles.map((title, i) => Math.max(widthOf(title), ...cells.map(row => widthOf(row[i] ?? ''))))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? padded(cell, widths[i] ?? 0) : padLeft(cell, widths[i] ?? 0))).join('  ')
  const rows = frame.functions.map((of, i) => {
    const text = line(cells[i] ?? [])
    return of.errors > 0 ? paint(text, 'red', style) : text
  })
  return { summary: summaryOf(frame, lang), head: paint(line(titles), 'bold', style), rows }
}

function summaryOf({ atMs, windowMs, functions }: TopFrame, lang: 'en' | 'zh'): string {
  const sum = (of: (one: Figures) => number): string => grouped(functions.reduce((total, one) => total + of(one), 0))
  const invocations = sum(one => one.invocations)
  const errors = sum(one => one.errors)
  const time = dateTime(new Date(atMs).toISOString()).replace(/\.\d+Z$/, 'Z')
  const span = spanText(windowMs)
  const text: Text = {
    en: `${time}, the last ${span}: ${grouped(functions.length)} functions, ${invocations} invocations, ${errors} errors`,
    zh: `${time}，最近 ${span}：${grouped(functions.length)} 个函数，${invocations} 次调用，${errors} 次错误`,
  }
  return text[lang]
}

const padLeft = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text
