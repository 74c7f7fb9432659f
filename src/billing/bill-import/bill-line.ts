// A line of a bill as it is compared: read by a mapping, in exact decimals.
import type Big from 'big.js'
import type { BilledResource, LineKind } from '../../model/bill-mapping.ts'

/** What a line says whom it is for; null where it does not. */
export interface BilledName {
  readonly functionName: string | null
  readonly serviceName: string | null
  /** Its id; null as well where the bill's name of it is not known. */
  readonly region: string | null
}

/** What a plan or a free quota took over of a line. */
export interface LineUsage {
  readonly resource: BilledResource
  readonly isAsleep: boolean
  /** Before anything was deducted, in the resource's unit. */
  readonly total: Big
  readonly deducted: Big
}

export interface BillLine extends BilledName {
  /** `bill.csv:12` */
  readonly place: string
  readonly kind: LineKind
  /** YYYY-MM */
  readonly month: string
  /** YYYY-MM-DD, in Beijing; null in a bill by months. */
  readonly day: string | null
  /** When the hour of usage began, unix ms; null where only the day is known. */
  readonly hourMs: number | null
  /** What the billing item is called. */
  readonly item: string
  /** Null where the item is not known to the mapping, or nothing is told. */
  readonly usage: LineUsage | null
  /** At list price; null where the bill does not say. */
  readonly list: Big | null
  readonly discount: Big
  readonly coupon: Big
  /** Money that a savings plan took over, at list price. */
  readonly plan: Big
  readonly roundedOff: Big
  /** What is to be paid. */
  readonly payable: Big
  /** Digits behind the point of `payable`, as written. */
  readonly digits: number
  readonly currency: string
}
