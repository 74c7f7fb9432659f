// What a new store holds, for people.
import type { CauseLook, FirstLook, FunctionLook } from '../app/first-look.ts'
import type { Status } from '../model/attempt.ts'
import type { Text } from '../model/fcscope-error.ts'
import { grouped, milliseconds } from './figures.ts'
import { oneLine, paint, type Style, statusPaint } from './paint.ts'

const maxNameLength = 60
const maxRemedyLength = 150

/** Several lines, ready to print. */
export function firstLookText(look: FirstLook, style: Style): string {
  const { lang } = style
  const head: Text = {
    en: `Stored: ${grouped(look.attempts)} attempts and ${grouped(look.lines)} lines`,
    zh: `已存储：${grouped(look.attempts)} 次尝试，${grouped(look.lines)} 条日志`,
  }
  const statuses = look.statuses.map(({ status, count }) =>
    paint(`  ${grouped(count).padStart(9)}  ${status}`, statusPaint(status as Status), style),
  )
  return [
    `\n${paint(head[lang], 'bold', style)}`,
    ...statuses,
    `\n${paint(words.functions[lang], 'bold', style)}`,
    ...look.functions.map(row => functionRow(row, style)),
    ...(look.causes.length === 0 ? [] : [`\n${paint(words.causes[lang], 'bold', style)}`]),
    ...look.causes.map(cause => causeRows(cause, style)),
    '',
  ].join('\n')
}

const words = {
  functions: {
    en: 'Functions (attempts / failed / cold / p50 / p99)',
    zh: '函数（尝试 / 失败 / 冷启动 / p50 / p99）',
  },
  causes: { en: 'Why attempts failed', zh: '失败原因' },
  unknown: { en: '(function not known)', zh: '（函数未知）' },
} as const satisfies Record<string, Text>

function functionRow({ functionName, attempts, failed, coldStarts, p50Ms, p99Ms }: FunctionLook, style: Style): string {
  const counts = [attempts, failed, coldStarts].map(grouped)
  const cells = [...counts, milliseconds(p50Ms), milliseconds(p99Ms)].map(cell => cell.padStart(10))
  const name = oneLine(functionName ?? words.unknown[style.lang], maxNameLength)
  return `  ${paint(`${cells.join(' ')}  ${name}`, failed > 0 ? 'red' : null, style)}`
}

function causeRows({ code, count, remedy }: CauseLook, style: Style): string {
  const head = paint(`  ${grouped(count).padStart(9)}  ${code}`, 'red', style)
  return `${head}\n             ${oneLine(remedy, maxRemedyLength)}`
}
