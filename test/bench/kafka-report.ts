// What the bench of the Kafka source says.
import type { ShareRun } from './kafka-share.ts'
import { median } from './measure.ts'
import { describeWorkerReport, type Report } from './report.ts'
import { table } from './report-page.ts'

/** One worker, and two right behind it. */
export interface SharePair {
  readonly alone: ShareRun
  readonly both: ShareRun
}

export interface KafkaReport extends Report {
  readonly rowsPerMessage: number
  readonly shares: readonly SharePair[]
  readonly sharedRows: number
  readonly cores: number
}

/** Two workers, the broker and the store want a core each; with fewer, only what a row costs can be compared. */
const coresForRate = 5
const leastRate = 1.8
const mostCpu = 1.05

export function describeKafka(report: KafkaReport): string {
  const { rowsPerMessage } = report
  const messages = `_One row_: every message is a row. _Many rows_: as \`fcscope route\` writes them, ${rowsPerMessage.toFixed(0)} rows a message here.`
  return [describeWorkerReport(report).trimEnd(), messages, describeShares(report)].join('\n\n').concat('\n')
}

function describeShares({ shares, sharedRows, cores }: KafkaReport): string {
  const of = (figure: (pair: SharePair) => number): number => median(shares.map(figure))
  const rate = of(({ alone, both }) => alone.wallMs / both.wallMs)
  const cpu = of(({ alone, both }) => both.cpuMs / alone.cpuMs)
  const hasCores = cores >= coresForRate
  const bars = [
    [
      'two workers’ rate in that of one',
      `${rate.toFixed(2)} ×`,
      `≥ ${leastRate} ×`,
      verdict(hasCores, rate >= leastRate),
    ],
    ['their CPU time per row', `${cpu.toFixed(2)} ×`, `≤ ${mostCpu} ×`, verdict(!hasCores, cpu <= mostCpu)],
  ]
  const row = (about: string, run: (pair: SharePair) => ShareRun): string[] => [
    about,
    `${of(pair => run(pair).wallMs).toFixed(0)} ms`,
    `${(of(pair => run(pair).cpuMs) / 1000).toFixed(2)} s`,
    `${((of(pair => run(pair).cpuMs) * 1000) / sharedRows).toFixed(2)} µs`,
  ]
  const runs = [row('one worker', ({ alone }) => alone), row('two workers', ({ both }) => both)]
  const text = `One worker beside two of one group, all warm, with ${sharedRows.toLocaleString('en')} rows, one a message, that appear all at once, and a ClickHouse server: from then until the group knows that all are stored. ${
    hasCores ? '' : `On ${cores} cores, which the broker and the store need as well, the rate says nothing.`
  }`
  return [
    text.trimEnd(),
    table(['what', 'measured', 'bar', ''], bars),
    table(['run', 'wall', 'CPU of the workers', 'a row'], runs),
  ].join('\n\n')
}

const verdict = (counts: boolean, isMet: boolean): string => (counts ? (isMet ? 'met' : '**not met**') : '')
