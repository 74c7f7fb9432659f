// Hours at the edge of a day that the bill counts on the day beside it: a bill by another clock, or by the day of settlement. Told by
// differences of neighbouring days that cancel out and are exactly those hours.
import Big from 'big.js'
import { beijingTime } from '../beijing-clock.ts'
import type { Cell } from './cell.ts'
import type { OurHour } from './our-sums.ts'
import type { Fact } from './reason.ts'

/** What a day gained from its neighbours by the bill's clock; negative where it lost. */
export interface EdgeShift {
  readonly cu: Big
  /** Null where a neighbour is not in the data: what is left of the difference then. */
  readonly amount: Big | null
  readonly facts: readonly Fact[]
}

/** Beijing is 16 hours ahead of the furthest clock of a region. */
const maxHours = 16
/** Days in a row that a shift must hold for where its other end is not in the data. */
const minLinks = 3
/** So many hours may be all that a day has: a job at midnight that is settled on the next day. */
const maxWholeHours = 2
/** Longest time that is gone through day by day; texts of a bill may name any year. */
const maxDays = 400
const zero = new Big(0)
const dayMs = 86_400_000

interface Day {
  readonly day: string
  readonly cell: Cell | null
  /** The bill's CU minus ours; without CU the same of money. */
  readonly difference: Big
}

/** Hours that move over a border between two days. */
interface Edge {
  readonly cu: Big
  readonly amount: Big
  /** What differences are made of. */
  readonly value: Big
}

/** Day by day, from the first to the last; `edges[i]` lies behind day i - 1, null where its hours are not in the data. */
interface Series {
  readonly days: readonly Day[]
  readonly edges: readonly (Edge | null)[]
  readonly tolerance: Big
}

/** A clock that the bill might go by: so many hours forward (1) or backward (-1), with what moves over each border then. */
interface Shift {
  readonly hours: number
  readonly direction: 1 | -1
  readonly series: Series
}

/** Shifts of the cells of one function, which must be in the order of days. */
export function findDayEdges(cells: readonly Cell[], unit: Big): ReadonlyMap<Cell, EdgeShift> {
  const found = new Map<Cell, EdgeShift>()
  const isByCU = cells.every(({ bill }) => bill === null || bill.cu !== null)
  const days = daysOf(cells, isByCU)
  // CU are whole numbers on both sides; money may be rounded once a line.
  const tolerance = isByCU ? new Big('0.000001') : unit.times(Math.max(1, ...cells.map(({ bill }) => bill?.lines ?? 0)))
  const isApart = ({ difference }: Day): boolean => difference.abs().gt(tolerance)
  // A lone difference has no neighbour to cancel it out.
  if (days.filter(isApart).length < 2) return found
  const shifts = shiftsOf(days, { isByCU, tolerance })
  for (let start = 0; start < days.length; ) {
    const day = days[start]
    start = day !== undefined && isApart(day) ? takeChain(shifts, start, found) : start + 1
  }
  return found
}

function daysOf(cells: readonly Cell[], isByCU: boolean): readonly Day[] {
  const [first] = cells
  const last = cells.at(-1)
  if (first === undefined || last === undefined || first.day === null || last.day === null) return []
  if (Date.parse(last.day) - Date.parse(first.day) > maxDays * dayMs) return []
  const byDay = new Map(cells.map(cell => [cell.day, cell]))
  const days: Day[] = []
  for (let ms = Date.parse(first.day); ms <= Date.parse(last.day); ms += dayMs) {
    const day = new Date(ms).toISOString().slice(0, 10)
    const cell = byDay.get(day) ?? null
    days.push({ day, cell, difference: cell === null ? zero : differenceOf(cell, isByCU) })
  }
  return days
}

const differenceOf = ({ bill, ours }: Cell, isByCU: boolean): Big =>
  isByCU ? (bill?.cu ?? zero).minus(ours.cu) : (bill?.payable ?? zero).minus(ours.amount)

/** Takes the first shift that begins on day `start`; gives the day to go on with. */
function takeChain(shifts: readonly Shift[], start: number, found: Map<Cell, EdgeShift>): number {
  for (const shift of shifts) {
    const flows = chainFrom(shift.series, start)
    if (flows === null) continue
    tellChain({ shift, flows, start }, found)
    return start + flows.length - 1
  }
  return start + 1
}

/** The fewest hours first. */
function shiftsOf(days: readonly Day[], more: { isByCU: boolean; tolerance: Big }): readonly Shift[] {
  const clocks = days.map(({ cell }) => (cell?.ours.hours ?? []).map(hour => ({ hour, at: hourOfDay(hour.hourMs) })))
  return Array.from({ length: maxHours }, (_, i) => i + 1).flatMap(hours =>
    ([1, -1] as const).map(direction => ({
      hours,
      direction,
      series: { days, tolerance: more.tolerance, edges: edgesOf(clocks, { hours, direction, isByCU: more.isByCU }) },
    })),
  )
}

type ClockHours = readonly { readonly hour: OurHour; readonly at: number }[]

const hourOfDay = (unixMs: number): number => Number(beijingTime(unixMs).slice(11, 13))

/** Forward the last hours of a day move to the next one; backward the first hours to the one before. */
function edgesOf(
  clocks: readonly ClockHours[],
  { hours, direction, isByCU }: { hours: number; direction: 1 | -1; isByCU: boolean },
): readonly (Edge | null)[] {
  return Array.from({ length: clocks.length + 1 }, (_, border) => {
    const day = clocks[direction === 1 ? border - 1 : border]
    if (day === undefined) return null
    const own = day.filter(({ at }) => (direction === 1 ? at >= 24 - hours : at < hours))
    // With more, days without edges would pass as days that moved as a whole.
    if (own.length === 0 || (hours > maxWholeHours && own.length === day.length)) return nothing.edge
    const cu = own.reduce((sum, { hour }) => sum.plus(hour.cu), zero).times(direction)
    const amount = own.reduce((sum, { hour }) => sum.plus(hour.amount), zero).times(direction)
    return { cu, amount, value: isByCU ? cu : amount }
  })
}

/** What moves over a border; null of it where its hours are not in the data. */
type Flow = { readonly edge: Edge | null }
const nothing: Flow = { edge: { cu: zero, amount: zero, value: zero } }

/**
 * The flows over the borders from day `start` on, until one is nothing: with flow f over the border before a day and g behind it, the
 * day's difference is f - g. Null when the days do not fit.
 */
function chainFrom(series: Series, start: number): readonly Flow[] | null {
  const inflows: Flow[] = [nothing]
  // What comes in from before the first day is the edge of a day that may not be there.
  if (start === 0) inflows.push({ edge: series.edges[0] ?? null })
  for (const inflow of inflows) {
    const flows = follow(series, start, inflow)
    if (flows === null) continue
    const isClosed = inflow === nothing && flows.at(-1) === nothing
    if (isClosed || flows.length > minLinks) return flows
  }
  return null
}

function follow({ days, edges, tolerance }: Series, start: number, inflow: Flow): readonly Flow[] | null {
  const flows: Flow[] = [inflow]
  const isNear = (a: Big, b: Big): boolean => a.minus(b).abs().lte(tolerance)
  for (let at = start; at < days.length; at += 1) {
    const into = flows.at(-1)?.edge ?? null
    const behind = edges[at + 1] ?? null
    const outflow = into === null ? (behind?.value ?? null) : into.value.minus(days[at]?.difference ?? zero)
    if (outflow === null) return null
    if (into !== null && outflow.abs().lte(tolerance)) return [...flows, nothing]
    const isEdge =
      behind === null ? at === days.length - 1 : behind.value.abs().gt(tolerance) && isNear(outflow, behind.value)
    if (!isEdge) return null
    flows.push({ edge: behind })
  }
  return flows
}

function tellChain(
  { shift, flows, start }: { shift: Shift; flows: readonly Flow[]; start: number },
  found: Map<Cell, EdgeShift>,
): void {
  const { series, hours, direction } = shift
  for (let i = 0; i + 1 < flows.length; i += 1) {
    const { cell, difference } = series.days[start + i] ?? { cell: null, difference: zero }
    if (cell === null) continue
    const into = flows[i]?.edge ?? null
    const out = flows[i + 1]?.edge ?? null
    const isKnown = into !== null && out !== null
    const cu = isKnown ? into.cu.minus(out.cu) : cell.bill?.cu === null ? zero : difference
    const facts: Fact[] = []
    const tell = (edge: Edge | null, border: number): void => {
      const before = series.days[border - 1]?.day
      const after = series.days[border]?.day
      if (edge === null || edge.value.eq(0) || before === undefined || after === undefined) return
      const [from, to] = direction === 1 ? [before, after] : [after, before]
      facts.push({ fact: 'edgeHours', hours, from, to, cu: edge.cu.abs().toFixed() })
    }
    tell(into, start + i)
    tell(out, start + i + 1)
    found.set(cell, { cu, amount: isKnown ? into.amount.minus(out.amount) : null, facts })
  }
}
