// Warnings of a reconciliation in words.
import type { ReconcileReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import type { Text } from '../../../model/fcscope-error.ts'
import { grouped } from '../../figures.ts'
import { oneLine } from '../../paint.ts'

type Warning = ReconcileReport['warnings'][number]
type WarningOf<K extends Warning['warning']> = Extract<Warning, { warning: K }>
type Span = { readonly days: number; readonly from: string; readonly to: string }

const span = ({ days, from, to }: Span): string => (days === 1 ? from : `${from} … ${to}, ${grouped(days)}`)
const maxName = 48

const words: { readonly [K in Warning['warning']]: (warning: WarningOf<K>) => Text } = {
  billDaysWithoutAttempts: of => ({
    en: `the bill has days on which no function has an attempt (${span(of)}).`,
    zh: `账单中有所有函数均无尝试的日期（${span(of)}）。`,
  }),
  attemptDaysNotOnBill: of => ({
    en: `there are attempts on days that the bill does not have (${span(of)}).`,
    zh: `有尝试的日期不在账单中（${span(of)}）。`,
  }),
  otherMonths: ({ lines }) => ({
    en: `${grouped(lines)} lines of the bill are of other months and left out.`,
    zh: `账单中有 ${grouped(lines)} 行属于其他月份，未计入。`,
  }),
  wholeAccount: () => ({
    en: 'no line of the bill names a function; the account is compared as a whole. See names of the mapping (docs/reconcile.md).',
    zh: '账单没有写明函数，只能按整个账号核对。参见映射的 names（docs/reconcile.md）。',
  }),
  monthly: () => ({
    en: 'no line of the bill tells a day; months are compared. Export it by day or with details for more.',
    zh: '账单没有写明日期，只能按月核对。请按天或按明细导出以获得更多信息。',
  }),
  noUsage: () => ({
    en: 'no line of the bill tells CU; only money is compared. See items of the mapping (docs/reconcile.md).',
    zh: '账单没有 CU 用量，只能核对金额。参见映射的 items（docs/reconcile.md）。',
  }),
  unknownItems: ({ items, lines }) => ({
    en: `${grouped(lines)} lines are of billing items whose usage the mapping does not know (${items.map(item => oneLine(item, maxName)).join(', ')}); their money is compared.`,
    zh: `${grouped(lines)} 行的计费项用量不在映射中（${items.map(item => oneLine(item, maxName)).join('、')}），只核对金额。`,
  }),
  attemptsWithoutFunction: ({ attempts }) => ({
    en: `${grouped(attempts)} attempts belong to no known function and are left out.`,
    zh: `${grouped(attempts)} 次尝试不属于已知函数，未计入。`,
  }),
}

/** Each warning has the words of its own kind; the compiler cannot follow that through the index. */
export const warningText = (warning: Warning): Text => (words[warning.warning] as (of: Warning) => Text)(warning)
