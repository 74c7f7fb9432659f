// The rows of a few instances at random, each instance in its own order, and ways to merge them.
import fc from 'fast-check'
import { appRow, metricsRow, textLine } from './records.ts'

/** What one record of an instance says, and how long after the one before. */
const step = fc.tuple(textLine, fc.constantFrom(0, 1, 20, 400, 999, 1000, 1001, 2500))

/** Rows of one instance in order. */
const stream = (instanceID: string): fc.Arbitrary<string[]> =>
  fc.tuple(fc.array(step, { maxLength: 25 }), fc.boolean()).map(([steps, isExact]) => {
    let ms = 0
    return steps.map(([message, laterMs]) => {
      ms += laterMs
      return appRow(message, { instanceID, ms, isExact })
    })
  })

/** One row per execution: of two rows that contradict each other the first counts. */
const metricsRows = fc.uniqueArray(metricsRow, { maxLength: 6, selector: row => executionOf(JSON.parse(row)) })

const executionOf = (row: Record<string, unknown>): string =>
  JSON.stringify([row['requestId'], row['instanceID'], row['invocationStartTimestamp']])

/** Streams of three instances, and metrics rows that may come at any time. */
export const instanceStreams = fc
  .tuple(stream('c-1'), stream('c-2'), stream('c-3'), metricsRows)
  .map(([first, second, third, rows]) => [first, second, third, ...rows.map(row => [row])])

/** Which stream the next record comes from, as numbers to be taken modulo the streams that are left. */
export const mergeOrder = fc.array(fc.nat(1000), { maxLength: 120 })

/** The streams in one, each in its own order. When the order runs out, the rest comes stream by stream. */
export function merge(streams: readonly (readonly string[])[], order: readonly number[]): string {
  const left = streams.filter(records => records.length > 0).map(records => [...records])
  const merged: string[] = []
  for (const turn of order) {
    const records = left[turn % Math.max(1, left.length)]
    if (records === undefined) break
    merged.push(records.shift() ?? '')
    if (records.length === 0) left.splice(left.indexOf(records), 1)
  }
  return [...merged, ...left.flat()].map(record => `${record}\n`).join('')
}
