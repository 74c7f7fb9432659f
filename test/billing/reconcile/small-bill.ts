// Small bills, line by line, in the form of DescribeInstanceBill.
import { functionOf } from '../case.ts'
import { type RunOf, run } from './run.ts'

export interface Line {
  readonly functionName?: string
  /** Day of January 2026. */
  readonly day?: number
  readonly cu?: number | string | null
  readonly payable: string
  readonly list?: string
  readonly discount?: string
  readonly more?: Readonly<Record<string, unknown>>
}

/** One line of usage; a name that is empty stands for an account. */
export const item = ({
  functionName = 'f',
  day = 15,
  cu = null,
  payable,
  list,
  discount,
  more = {},
}: Line): object => ({
  ProductCode: 'fc',
  Item: 'PayAsYouGoBill',
  BillingDate: `2026-01-${String(day).padStart(2, '0')}`,
  InstanceID: functionName === '' ? '1234567890' : functionName,
  BillingItem: 'CU',
  ...(cu === null ? {} : { Usage: String(cu), UsageUnit: 'CU' }),
  ...(list === undefined ? {} : { PretaxGrossAmount: list, InvoiceDiscount: discount ?? '0' }),
  PretaxAmount: payable,
  Currency: 'CNY',
  ...more,
})

/** Functions `f` and `g` of 1 vCPU and 1 GB: 1.15 CU a second and 0.0075 a call. */
export const runSmall = (
  of: Omit<Partial<RunOf>, 'bills'> & {
    readonly lines: readonly object[]
    /** Instead of the lines. */
    readonly text?: string
  },
) =>
  run({
    attempts: [],
    functions: [functionOf({ functionName: '*', region: null })],
    mapping: 'describe-instance-bill',
    ...of,
    bills: [of.text ?? of.lines.map(line => JSON.stringify(line)).join('\n')],
  })
