// Which of the attempts on an instance are the neighbours of one of them.
import type { AttemptRecord, Neighbour, Relation } from './post-mortem.ts'

/** Of each relation; the nearest ones. */
export const maxNeighboursEach = 5

type Span = Pick<AttemptRecord, 'startTime' | 'endTime'>
type Other = Omit<Neighbour, 'relation'>

/** The nearest of `others` that have a time, by their beginnings; none for an attempt without one. */
export function nearestNeighbours(attempt: Span, others: readonly Other[]): readonly Neighbour[] {
  const start = timeOf(attempt.startTime)
  if (Number.isNaN(start)) return []
  const distance = ({ startTime }: Other): number => Math.abs(timeOf(startTime) - start)
  const near = others.filter(({ startTime }) => startTime !== null).toSorted((a, b) => distance(a) - distance(b))
  const counts: Record<Relation, number> = { before: 0, overlapping: 0, after: 0 }
  return near
    .map(other => ({ ...other, relation: relationOf(other, attempt) }))
    .filter(({ relation }) => ++counts[relation] <= maxNeighboursEach)
    .toSorted((a, b) => timeOf(a.startTime) - timeOf(b.startTime))
}

/** `other` as seen from `attempt`. One whose end is not known is where it began. */
function relationOf(other: Span, attempt: Span): Relation {
  const start = timeOf(attempt.startTime)
  const otherStart = timeOf(other.startTime)
  if (otherStart > timeOf(attempt.endTime ?? attempt.startTime)) return 'after'
  return otherStart >= start || timeOf(other.endTime ?? other.startTime) > start ? 'overlapping' : 'before'
}

const timeOf = (time: string | null): number => (time === null ? Number.NaN : Date.parse(time))
