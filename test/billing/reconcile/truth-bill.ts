// A bill made from the truth: one line for each function and hour, or day, as the console and the API give them, with what a fault
// changes in it.
import { dayName, dayOf, hourMs, type Month, type TrueHour, yuan } from './month.ts'

/** A line before it is written. */
export interface TrueLine {
  readonly functionName: string
  /** 1 to 31. */
  day: number
  /** Null in a bill by days. */
  startMs: number | null
  cu: bigint
  deducted: bigint
  listMicros: bigint
  discountMicros: bigint
  couponMicros: bigint
  micros: bigint
  type: string
}

/** Of every hour. */
export function hourLines({ truth }: Month): TrueLine[] {
  return [...truth].flatMap(([functionName, hours]) => [...hours.values()].map(hour => lineOf(functionName, hour)))
}

const lineOf = (functionName: string, { hourMs: startMs, cu, micros, listMicros }: TrueHour): TrueLine => ({
  functionName,
  day: dayOf(startMs),
  startMs,
  cu,
  deducted: 0n,
  listMicros,
  discountMicros: listMicros - micros,
  couponMicros: 0n,
  micros,
  type: 'PayAsYouGoBill',
})

/** The same by days. */
export function dayLines(lines: readonly TrueLine[]): TrueLine[] {
  const sums = new Map<string, TrueLine>()
  for (const line of lines) {
    const key = `${line.functionName} ${line.day} ${line.type}`
    const sum = sums.get(key)
    if (sum === undefined) {
      sums.set(key, { ...line, startMs: null })
      continue
    }
    for (const part of ['cu', 'deducted', 'listMicros', 'discountMicros', 'couponMicros', 'micros'] as const)
      sum[part] += line[part]
  }
  return [...sums.values()]
}

const arn = (functionName: string): string => `acs:fc:cn-hangzhou:1234567890:functions/${functionName}`

/** As the console's file of details has it, with a byte order mark, groups in the headers, CRLF and a comma in a cell. */
export function consoleCsv(lines: readonly TrueLine[]): string {
  const header = [
    '账单信息/账单月份',
    ' 账单信息/账单日期',
    '账单信息/费用类型',
    '账单信息/服务开始时间',
    '产品信息/产品Code',
    '产品信息/产品名称',
    '产品信息/计费项名称',
    '资源信息/实例ID（出账粒度）',
    '资源信息/地域',
    '用量信息/抵扣前用量',
    '用量信息/用量',
    '用量信息/用量单位 ',
    '费用信息/目录总价',
    '优惠信息/优惠金额',
    '优惠信息/优惠券抵扣金额',
    '应付信息/应付金额（含税）',
    '定价信息/定价币种',
  ]
  const rows = lines.map(line => [
    '202601',
    dayName(line.day).replaceAll('-', ''),
    line.type === 'PayAsYouGoBill' ? '云资源按量费用' : line.type,
    line.startMs === null ? '' : beijingText(line.startMs),
    'fc',
    '"函数计算, FC"',
    'CU使用量',
    arn(line.functionName),
    '华东1（杭州）',
    line.cu,
    line.cu - line.deducted,
    'CU',
    yuan(line.listMicros),
    yuan(line.discountMicros),
    yuan(line.couponMicros),
    yuan(line.micros),
    'CNY',
  ])
  const other = [
    '202601',
    '20260105',
    '云资源按量费用',
    '',
    'oss',
    '对象存储',
    '流量',
    'x',
    '华东1（杭州）',
    1,
    1,
    'GB',
    '9',
    '0',
    '0',
    '9',
    'CNY',
  ]
  return `\ufeff${[header, other, ...rows].map(row => row.join(',')).join('\r\n')}\r\n`
}

/** As DescribeInstanceBill answers, day by day, in pages of 300 items. */
export function apiPages(lines: readonly TrueLine[]): readonly object[] {
  const pages: object[] = []
  for (const [day, own] of Map.groupBy(lines, line => line.day)) {
    for (let at = 0; at < own.length; at += 300) {
      const isLast = at + 300 >= own.length
      pages.push({
        Code: 'Success',
        Success: true,
        RequestId: `R-${day}-${at}`,
        Data: {
          BillingCycle: '2026-01',
          AccountID: '1234567890',
          TotalCount: own.length,
          MaxResults: 300,
          NextToken: isLast ? '' : `T-${day}-${at}`,
          Items: own.slice(at, at + 300).map(itemOf),
        },
      })
    }
  }
  return pages
}

const itemOf = (line: TrueLine): object => ({
  ProductCode: 'fc',
  ProductName: '函数计算',
  SubscriptionType: 'PayAsYouGo',
  Item: line.type,
  BillingDate: dayName(line.day),
  BillingItem: 'CU',
  UsageUnit: 'CU',
  InstanceID: arn(line.functionName),
  Region: 'cn-hangzhou',
  Usage: String(line.cu),
  DeductedByResourcePackage: line.deducted === 0n ? 'NULL' : String(line.deducted),
  PretaxGrossAmount: Number(yuan(line.listMicros)),
  InvoiceDiscount: Number(yuan(line.discountMicros)),
  DeductedByCoupons: Number(yuan(line.couponMicros)),
  PretaxAmount: Number(yuan(line.micros)),
  Currency: 'CNY',
})

/** `2026-01-15 10:00:00` in Beijing. */
export const beijingText = (ms: number): string =>
  new Date(ms + 8 * hourMs).toISOString().slice(0, 19).replace('T', ' ')
