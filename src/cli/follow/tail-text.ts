// Lines and attempts as `tail` shows them to people. The text of logs is made harmless wherever it goes: a pipe may end on a terminal.
import type { TailRow } from '../../app/follow/tail-feed.ts'
import { dateTime, milliseconds } from '../figures.ts'
import { levelPaint, oneLine, padded, paint, printable, type Style, statusPaint } from '../paint.ts'

/** What every row would say again is left out. */
export interface TailColumns {
  readonly functionName: boolean
  readonly requestId: boolean
}

type Line = Extract<TailRow, { kind: 'line' }>['line']
type Attempt = Extract<TailRow, { kind: 'attempt' }>['attempt']

const maxName = 40
const maxMessage = 200
const levelWidth = 5
const timeWidth = '2025-01-15 08:00:01.234Z'.length

/** One row, with its line end. */
export const tailText = (row: TailRow, columns: TailColumns, style: Style): string =>
  row.kind === 'line' ? lineText(row.line, columns, style) : attemptText(row.attempt, columns, style)

function lineText(line: Line, columns: TailColumns, style: Style): string {
  const how = levelPaint(line.level)
  const head = [
    // A line without a time of its own goes on with what stands above it.
    paint(padded(line.time === null ? '' : dateTime(line.time), timeWidth), 'dim', style),
    paint(padded(oneLine(line.levelText, levelWidth), levelWidth), how, style),
    ...names(line, columns, style),
  ]
  const [first = '', ...more] = printable(line.message).split('\n')
  const text = [first, ...more.map(part => `    ${part}`)].join('\n')
  return `${head.join('  ')}  ${how === 'red' ? paint(text, how, style) : text}\n`
}

function attemptText(attempt: Attempt, columns: TailColumns, style: Style): string {
  const { startTime, status, phase, errorCode, errorType, errorMessage, durationMs, coldStart, revision } = attempt
  const marks = [
    phase === 'invoke' ? '' : phase,
    attempt.attempt === 0 ? '' : `#${attempt.attempt}`,
    coldStart === true ? words.coldStart[style.lang] : '',
    attempt.withdrawn ? words.withdrawn[style.lang] : revision > 1 ? words.revised[style.lang] : '',
    errorCode ?? '',
    errorType ?? '',
    oneLine(errorMessage ?? '', maxMessage),
  ]
  const text = [
    paint(padded(dateTime(startTime), timeWidth), 'dim', style),
    attempt.withdrawn
      ? paint(padded('–', statusWidth), 'dim', style)
      : paint(padded(status, statusWidth), statusPaint(status), style),
    padded(milliseconds(durationMs), 10),
    ...names(attempt, columns, style),
    ...marks.filter(mark => mark !== '').map(mark => oneLine(mark, maxMessage)),
  ]
  return `${text.join('  ')}\n`
}

const statusWidth = 'unhandledError'.length

const words = {
  coldStart: { en: 'cold start', zh: '冷启动' },
  withdrawn: { en: 'withdrawn', zh: '已撤回' },
  revised: { en: 'revised', zh: '已修订' },
} as const

function names(
  { functionName, requestId }: { readonly functionName: string | null; readonly requestId: string | null },
  columns: TailColumns,
  style: Style,
): readonly string[] {
  return [
    ...(columns.functionName ? [paint(oneLine(functionName ?? '–', maxName), 'cyan', style)] : []),
    ...(columns.requestId ? [paint(oneLine(requestId ?? '–', 64), 'dim', style)] : []),
  ]
}
