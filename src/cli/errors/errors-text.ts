// Groups of failures for a terminal: one line of figures each, and below it what was seen, why, and which requests show it.
import type { ErrorGroup, ErrorReport } from '../../app/errors/error-report.ts'
import type { Text } from '../../model/fcscope-error.ts'
import { dateTime, grouped } from '../figures.ts'
import { oneLine, padded, paint, type Style, statusPaint, widthOf } from '../paint.ts'

const maxName = 48
const maxText = 160

const words = {
  en: {
    head: ['count', 'share', 'first seen', 'last seen', 'function', 'status', 'error'],
    isNew: 'NEW',
    at: 'at',
    said: 'said',
    cause: 'cause',
    examples: 'e.g.',
    versions: 'versions',
  },
  zh: {
    head: ['次数', '占比', '首次出现', '最近出现', '函数', '状态', '错误'],
    isNew: '新增',
    at: '位置',
    said: '消息',
    cause: '原因',
    examples: '示例',
    versions: '版本',
  },
} as const

/** `12 failures in 3 groups, from … to …`, and what is not shown. */
export function summaryOf({ from, to, failures, failuresLeftOut, groups, errors }: ErrorReport): Text {
  const [count, of, shown, rest] = [failures, groups, errors.length, failuresLeftOut].map(grouped)
  const times = [from, to].map(time => shortTime(time))
  const cut = groups > errors.length
  const left = failuresLeftOut > 0
  return {
    en: `${count} failures in ${of} groups, ${times.join(' → ')}${cut ? `; ${shown} groups are shown (--limit)` : ''}${left ? `; ${rest} failures are in no group: there are too many kinds, ask for fewer functions or a shorter time` : ''}`,
    zh: `共 ${count} 次失败，分为 ${of} 组，${times.join(' → ')}${cut ? `；仅显示 ${shown} 组（--limit）` : ''}${left ? `；另有 ${rest} 次未归组：种类过多，请缩小函数或时间范围` : ''}`,
  }
}

/** The groups in their order, ready to print. */
export function errorsText({ errors }: ErrorReport, style: Style): string {
  const { head } = words[style.lang]
  const rows = errors.map(cellsOf)
  const widths = head.map((title, column) => Math.max(widthOf(title), ...rows.map(row => widthOf(row[column] ?? ''))))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => aligned(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd()
  const title = paint(line(head), 'bold', style)
  return `${title}\n${errors.map((group, row) => groupText(group, line(rows[row] ?? []), style)).join('')}`
}

/** The error is the last column and may be as long as it is. */
function cellsOf(group: ErrorGroup): string[] {
  const { count, share, firstSeen, lastSeen, functionName, serviceName, status, errorType, errorCode, message } = group
  const name = [serviceName, functionName ?? '–'].filter(part => part !== null).join('/')
  const error = [errorType ?? errorCode, message].filter(part => part !== null).join(': ')
  return [
    grouped(count),
    `${Math.round(share * 1000) / 10} %`,
    shortTime(firstSeen),
    shortTime(lastSeen),
    oneLine(name, maxName),
    status,
    oneLine(error, maxText),
  ]
}

/** Figures to the right. */
const aligned = (text: string, width: number, column: number): string =>
  column < 2 ? `${' '.repeat(Math.max(0, width - widthOf(text)))}${text}` : column === 6 ? text : padded(text, width)

function groupText(group: ErrorGroup, line: string, style: Style): string {
  const { isNew, at, said, cause, examples, versions } = words[style.lang]
  const names = [at, said, cause, examples, versions]
  const width = Math.max(...names.map(widthOf))
  const detail = (name: string, text: string): string => `      ${paint(padded(name, width), 'dim', style)}  ${text}\n`
  const [newest] = group.requests
  const where = [...group.qualifiers, ...group.versions]
  return [
    `${paint(line, statusPaint(group.status), style)}${group.isNew ? `  ${paint(isNew, 'yellow', style)}` : ''}\n`,
    group.frame === null ? '' : detail(at, oneLine(group.frame, maxText)),
    newest?.errorMessage != null && newest.errorMessage !== group.message
      ? detail(said, oneLine(newest.errorMessage, maxText))
      : '',
    group.cause === null ? '' : detail(cause, causeText(group.cause)),
    group.requests.length === 0
      ? ''
      : detail(examples, group.requests.map(({ requestId }) => oneLine(requestId, 100)).join('  ')),
    where.length === 0 ? '' : detail(versions, where.map(name => oneLine(name, maxName)).join(', ')),
  ].join('')
}

/** The whole remedy is in `trace`: here its first sentence. */
function causeText({ code, remedy }: NonNullable<ErrorGroup['cause']>): string {
  if (remedy === null) return code
  const end = remedy.search(/\.(?:\s|$)|。/)
  return `${code}: ${oneLine(end < 0 ? remedy : remedy.slice(0, end), 2 * maxText)}`
}

const shortTime = (time: string | null): string => dateTime(time).replace(/\.\d+Z$/, 'Z')
