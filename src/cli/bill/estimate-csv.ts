// An estimate as CSV: a row for each function-hour, decimals exact.
import type { EstimateReport } from '../../app/bill/estimate-report.ts'
import { csvText, textCell } from '../csv.ts'

const columns = [
  'functionName',
  'serviceName',
  'region',
  'hour',
  'invocations',
  'vCPUSeconds',
  'memoryGBSeconds',
  'diskGBSeconds',
  'gpuGBSeconds',
  'cuExact',
  'cu',
  'amount',
  'currency',
] as const

export const estimateCsv = ({ hours, currency }: EstimateReport): string =>
  csvText([
    columns,
    ...hours.map(hour => [
      textCell(hour.functionName),
      textCell(hour.serviceName),
      textCell(hour.region),
      hour.hour,
      String(hour.invocations),
      hour.vCPUSeconds,
      hour.memoryGBSeconds,
      hour.diskGBSeconds,
      hour.gpuGBSeconds,
      hour.cuExact,
      hour.cu,
      hour.amount,
      currency,
    ]),
  ])
