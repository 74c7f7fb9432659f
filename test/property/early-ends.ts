// Invocations of one instance at random, and the same with some Ends moved in front of their Starts.
import fc from 'fast-check'
import { appRow } from './records.ts'

const ids = [
  '65a24fa0-7e42-4ee5-8a5c-0b44b15d431a',
  '1-65a24fa0-0b44b15d-431a6b32cc8c',
  '1-65a24fa0-0b44b15d431a6b32cc8c0001',
]
const outcomes = ['', ', Error: Unhandled function error', ', Error: Handled function error']

interface Invocation {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
  readonly outcome: string
  /** When its lines came; each carries its id. */
  readonly lineMs: readonly number[]
  readonly isMoved: boolean
}

/** An id is used again a second or more after its End: closer markers would be copies. */
const invocations = fc
  .array(
    fc.record({
      pauseMs: fc.integer({ min: 1000, max: 3000 }),
      durationMs: fc.integer({ min: 20, max: 59_000 }),
      lines: fc.uniqueArray(fc.integer({ min: 1, max: 19 }), { maxLength: 4 }),
      linesAfter: fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: 2 }),
      outcome: fc.constantFrom(...outcomes),
      isMoved: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map(parts => {
    let ms = 0
    return parts.map((part, index): Invocation => {
      const startMs = ms + part.pauseMs
      const endMs = startMs + part.durationMs
      ms = endMs + 900
      const lineMs = [...part.lines.map(later => startMs + later), ...part.linesAfter.map(later => endMs + later)]
      return { ...part, id: ids[index % ids.length] ?? '', startMs, endMs, lineMs: lineMs.toSorted((a, b) => a - b) }
    })
  })

/** The records of one instance in the order of time, and with some Ends right before their Starts. */
export const earlyEnds = invocations.map(all => ({
  inTime: all.flatMap(one => recordsOf(one, false)),
  early: all.flatMap(one => recordsOf(one, one.isMoved)),
}))

function recordsOf({ id, startMs, endMs, outcome, lineMs }: Invocation, isEarly: boolean): string[] {
  const record = (message: string, ms: number): string => appRow(message, { instanceID: 'c-1', ms, isExact: true })
  const end = record(`FC Invoke End RequestId: ${id}${outcome}`, endMs)
  const lines = lineMs.map(ms => ({ ms, text: record(`2025-01-15T12:00:00.000Z ${id} [INFO] x`, ms) }))
  const before = lines.filter(({ ms }) => ms < endMs).map(({ text }) => text)
  const after = lines.filter(({ ms }) => ms > endMs).map(({ text }) => text)
  const start = record(`FC Invoke Start RequestId: ${id}`, startMs)
  return isEarly ? [end, start, ...before, ...after] : [start, ...before, end, ...after]
}
