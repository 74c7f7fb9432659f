// Where in the store lines can be that are equal to those of a block: a condition that the table's order makes cheap.

import { sqlTexts, sqlTime } from '../../lib/sql-text.ts'
import type { LineBlock } from '../../model/line-block.ts'
import { LineColumnsView } from './line-columns-view.ts'

/** Programs print odd times: so many ranges of times are told apart, with at least so long between them. */
const maxRanges = 16
const minGapSeconds = 60

/** With more functions than this the list costs more than it saves. */
const maxFunctions = 500

/** What `DateTime` holds, in unix seconds. */
const behindLastSecond = 2 ** 32

/** SQL on `log_lines`; lines of `ownStreams` are none that were there before. */
export function equalPlaces(block: LineBlock, ownStreams: readonly string[]): string {
  if (block.rows === 0) return 'false'
  const view = new LineColumnsView(block)
  const functions = new Set<string>()
  const seconds = new Set<number>()
  for (let row = 0; row < block.rows; row++) {
    functions.add(block.origins[view.originIndex(row)]!.functionName ?? '')
    seconds.add(Math.floor(view.timeMs(row) / 1000))
  }
  const ofFunctions = functions.size > maxFunctions ? [] : [`functionName IN ${sqlTexts([...functions])}`]
  const times = rangesOf([...seconds].sort((a, b) => a - b)).map(within)
  return [...ofFunctions, `(${times.join(' OR ')})`, `streamId NOT IN ${sqlTexts(ownStreams)}`].join(' AND ')
}

interface Range {
  readonly first: number
  readonly last: number
}

/** Rising seconds in few ranges, divided where most is between them. */
function rangesOf(seconds: readonly number[]): readonly Range[] {
  const gaps = seconds
    .slice(1)
    .map((second, at) => ({ behind: at, length: second - seconds[at]! }))
    .filter(({ length }) => length >= minGapSeconds)
    .sort((a, b) => b.length - a.length)
    .slice(0, maxRanges - 1)
    .map(({ behind }) => behind)
    .sort((a, b) => a - b)
  const lasts = [...gaps, seconds.length - 1]
  return lasts.map((last, at) => ({ first: seconds[at === 0 ? 0 : lasts[at - 1]! + 1]!, last: seconds[last]! }))
}

function within({ first, last }: Range): string {
  const exact = `Timestamp BETWEEN ${sqlTime(first * 1000)} AND ${sqlTime(last * 1000 + 999)}`
  if (first < 0 || last >= behindLastSecond) return exact
  return `(TimestampTime BETWEEN toDateTime(${first}) AND toDateTime(${last}) AND ${exact})`
}
