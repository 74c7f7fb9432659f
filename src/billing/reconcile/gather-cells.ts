// Puts together what belongs together: our hours, the bill's cells, attempts left out and CloudMonitor's calls, by function and day.
import { beijingTime } from '../beijing-clock.ts'
import type { BilledName } from '../bill-import/bill-line.ts'
import type { Bill } from '../bill-import/bill-reader.ts'
import type { BillCell } from '../bill-import/bill-sums.ts'
import type { MonitoredDay } from '../bill-import/monitor-calls.ts'
import type { LeftOut, LeftReason } from '../gather-usage.ts'
import { NameAligner } from './align-names.ts'
import { type Cell, mergedBill, ourSideOf } from './cell.ts'
import type { OurHour } from './our-sums.ts'

export interface Sides {
  readonly bill: Bill
  /** In the order of time. */
  readonly ours: readonly OurHour[]
  readonly leftOut: readonly LeftOut[]
  /** Null when CloudMonitor was not asked. */
  readonly monitored: readonly MonitoredDay[] | null
}

interface OpenCell extends BilledName {
  readonly month: string
  readonly day: string | null
  readonly hours: OurHour[]
  bill: BillCell | null
  monitored: number | null
  readonly left: Map<LeftReason, number>
}

/** Sorted by day, then name. */
export function gatherCells(sides: Sides): readonly Cell[] {
  const gathering = new CellGathering(sides)
  return gathering.cells()
}

class CellGathering {
  readonly #sides: Sides
  readonly #aligner: NameAligner
  readonly #cells = new Map<string, OpenCell>()

  constructor(sides: Sides) {
    const { bill, ours, monitored } = sides
    this.#sides = sides
    this.#aligner = new NameAligner([...bill.cells, ...ours, ...(monitored ?? [])], bill.isWholeAccount)
  }

  cells(): readonly Cell[] {
    const { bill, ours, monitored } = this.#sides
    for (const cell of bill.cells) {
      const open = this.#cellOf(cell, cell.day ?? cell.month)
      open.bill = open.bill === null ? cell : mergedBill(open.bill, cell)
    }
    for (const hour of ours) this.#cellOf(hour, beijingTime(hour.hourMs).slice(0, 10)).hours.push(hour)
    // Calls of a day without money on either side make no difference.
    for (const day of monitored ?? []) {
      const open = this.#cells.get(this.#keyOf(day, day.day))
      if (open !== undefined) open.monitored = (open.monitored ?? 0) + day.invocations
    }
    this.#addLeft()
    return [...this.#cells.values()].sort(inOrder).map(({ hours, ...cell }) => ({ ...cell, ours: ourSideOf(hours) }))
  }

  #keyOf(name: BilledName, day: string): string {
    const { functionName, serviceName, region } = this.#aligner.aligned(name)
    return JSON.stringify([region, serviceName, functionName, this.#sides.bill.isMonthly ? day.slice(0, 7) : day])
  }

  #cellOf(name: BilledName, day: string): OpenCell {
    const key = this.#keyOf(name, day)
    const known = this.#cells.get(key)
    if (known !== undefined) return known
    const open: OpenCell = {
      ...this.#aligner.aligned(name),
      month: day.slice(0, 7),
      day: this.#sides.bill.isMonthly ? null : day,
      hours: [],
      bill: null,
      monitored: null,
      left: new Map(),
    }
    this.#cells.set(key, open)
    return open
  }

  /** Attempts that were left out have no region, so they tell of every cell of their function on that day. */
  #addLeft(): void {
    const { bill, leftOut } = this.#sides
    const byName = Map.groupBy(leftOut, ({ functionName }) => functionName)
    for (const cell of this.#cells.values()) {
      const own = bill.isWholeAccount ? leftOut : (byName.get(cell.functionName) ?? [])
      for (const { serviceName, reason, day, count } of own) {
        const isService = serviceName === null || cell.serviceName === null || serviceName === cell.serviceName
        const isTime = day === null || day === cell.day || (cell.day === null && day.startsWith(cell.month))
        if (isService && isTime) cell.left.set(reason, (cell.left.get(reason) ?? 0) + count)
      }
    }
  }
}

const inOrder = (a: BilledName & { day: string | null; month: string }, b: typeof a): number =>
  compare(a.day ?? a.month, b.day ?? b.month) ||
  compare(a.region, b.region) ||
  compare(a.serviceName, b.serviceName) ||
  compare(a.functionName, b.functionName)

/** By code points, what is not known first. */
const compare = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1
