// A what-if for a terminal: costs side by side, and what the history says in plain words.
import type { VariantReport, WhatIfReport } from '../../app/bill/what-if-report.ts'
import type { Text } from '../../model/fcscope-error.ts'
import { grouped, milliseconds } from '../figures.ts'
import { oneLine, padded, paint, type Style, widthOf } from '../paint.ts'

const maxName = 80

const words = {
  now: { en: 'as it is', zh: '现状' },
  sameDurations: { en: 'calls take as long as they took', zh: '调用耗时不变' },
  allComputing: { en: 'calls do nothing but compute', zh: '调用全部时间用于计算' },
  asObserved: { en: 'calls take as long as others with that vCPU', zh: '耗时与历史中该 vCPU 的调用相同' },
  amount: { en: 'amount', zh: '金额' },
  difference: { en: 'whole bill', zh: '账单变化' },
  history: { en: 'What was seen', zh: '历史' },
  risk: { en: 'Risk', zh: '风险' },
} as const satisfies Record<string, Text>

export function whatIfText(report: WhatIfReport, style: Style): string {
  const { lang } = style
  const name = oneLine([report.serviceName, report.functionName].filter(part => part !== null).join('/'), maxName)
  const lines = [
    paint(`${name}: ${changeText(report)}`, 'bold', style),
    ...costLines(report, style),
    '',
    paint(words.history[lang], 'bold', style),
    ...report.history.map(era => eraText(era)[lang]),
    '',
    paint(words.risk[lang], 'bold', style),
    ...riskTexts(report).map(text => text[lang]),
  ]
  return `${lines.join('\n')}\n`
}

const changeText = ({ change: { vCPU, memoryMB, diskMB } }: WhatIfReport): string =>
  [
    vCPU === null ? null : `${vCPU} vCPU`,
    memoryMB === null ? null : `${grouped(memoryMB)} MB`,
    diskMB === null ? null : `${grouped(diskMB)} MB disk`,
  ]
    .filter(part => part !== null)
    .join(', ')

function costLines(report: WhatIfReport, { lang }: Style): readonly string[] {
  const variants: readonly (readonly [string, VariantReport | null])[] = [
    [words.now[lang], report.now],
    [words.sameDurations[lang], report.sameDurations],
    [words.allComputing[lang], report.allComputing],
    [words.asObserved[lang], report.asObserved],
  ]
  const rows = variants.flatMap(([label, variant]) =>
    variant === null
      ? []
      : [
          [
            label,
            `${grouped(Number(variant.cu))} CU`,
            `${variant.amount} ${report.currency}`,
            signed(variant.difference),
          ],
        ],
  )
  const all = [['', 'CU', words.amount[lang], words.difference[lang]], ...rows]
  const widths = [0, 1, 2, 3].map(i => Math.max(...all.map(row => widthOf(row[i] ?? ''))))
  return all.map(row =>
    row
      .map((cell, i) =>
        i === 0 ? padded(cell, widths[i] ?? 0) : `${' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell)))}${cell}`,
      )
      .join('  ')
      .trimEnd(),
  )
}

const signed = (difference: string): string => (/^-|^0$/.test(difference) ? difference : `+${difference}`)

function eraText({
  from,
  vCPU,
  memoryMB,
  calls,
  p50Ms,
  p99Ms,
  maxMs,
  maxPeakMB,
}: WhatIfReport['history'][number]): Text {
  const size = `${vCPU ?? '?'} vCPU, ${memoryMB ?? '?'} MB`
  const since = from === null ? { en: '', zh: '' } : { en: ` since ${from}`, zh: `，自 ${from}` }
  const [half, most, longest] = [p50Ms, p99Ms, maxMs].map(milliseconds)
  const peak = maxPeakMB === null ? '–' : `${grouped(Math.ceil(maxPeakMB))} MB`
  return {
    en: `${size}${since.en}: ${grouped(calls)} calls, half within ${half}, 99 % within ${most}, the longest ${longest}; peak ${peak}`,
    zh: `${size}${since.zh}：${grouped(calls)} 次调用，一半在 ${half} 内，99 % 在 ${most} 内，最长 ${longest}；内存峰值 ${peak}`,
  }
}

function riskTexts(report: WhatIfReport): readonly Text[] {
  const texts = [memoryText(report)]
  if (report.change.vCPU !== null) texts.push(durationText(report))
  return texts
}

function memoryText({ memory: { risk, calls, above, near, maxMB }, change }: WhatIfReport): Text {
  const limit = grouped(change.memoryMB ?? 0)
  const peak = grouped(Math.ceil(maxMB ?? 0))
  if (risk === 'unchanged') return { en: 'Memory: the limit stays.', zh: '内存：限制不变。' }
  if (risk === 'unknown')
    return { en: 'Memory: no peak was seen, nothing can be said.', zh: '内存：没有峰值记录，无法判断。' }
  if (risk === 'tooSmall') {
    return {
      en: `Memory: too small. ${grouped(above)} of ${grouped(calls)} calls took more than ${limit} MB (the most: ${peak} MB) and would have been killed.`,
      zh: `内存：不足。${grouped(calls)} 次调用中有 ${grouped(above)} 次超过 ${limit} MB（最高 ${peak} MB），将被终止。`,
    }
  }
  if (risk === 'tight') {
    return {
      en: `Memory: tight. None of ${grouped(calls)} calls took more than ${limit} MB, but ${grouped(near)} took more than nine tenths of it (the most: ${peak} MB).`,
      zh: `内存：余量小。${grouped(calls)} 次调用均未超过 ${limit} MB，但有 ${grouped(near)} 次超过其九成（最高 ${peak} MB）。`,
    }
  }
  return {
    en: `Memory: fits. None of ${grouped(calls)} calls took more than nine tenths of ${limit} MB (the most: ${peak} MB).`,
    zh: `内存：足够。${grouped(calls)} 次调用均未超过 ${limit} MB 的九成（最高 ${peak} MB）。`,
  }
}

function durationText({ asObserved, timeouts }: WhatIfReport): Text {
  const limit =
    timeouts === null
      ? { en: '', zh: '' }
      : {
          en: ` If they did nothing but compute, ${grouped(timeouts)} would run into the timeout.`,
          zh: `若全部时间用于计算，将有 ${grouped(timeouts)} 次超时。`,
        }
  if (asObserved === null) {
    return {
      en: `Durations: calls with this vCPU were not seen often enough to tell how long they take; the cost lies between the two ends above.${limit.en}`,
      zh: `耗时：该 vCPU 的调用不足，无法判断耗时；费用介于上述两端之间。${limit.zh}`,
    }
  }
  return {
    en: `Durations: calls with this vCPU were seen; the line above takes their mean. Other code or other inputs at that time would show as well.${limit.en}`,
    zh: `耗时：历史中有该 vCPU 的调用，上面按其平均值计算；当时代码或输入的不同也会反映在内。${limit.zh}`,
  }
}
