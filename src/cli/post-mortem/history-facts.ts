// The words about failures of the same kind before this one.
import type { Text } from '../../model/fcscope-error.ts'
import type { FailureHistory } from '../../model/post-mortem.ts'
import { dateTime, grouped, milliseconds } from '../figures.ts'
import { oneLine } from '../paint.ts'
import { historyText } from './words.ts'

/** One sentence in both languages. */
export function historySentence({ previous, within24h }: FailureHistory): Text {
  if (previous === null) return historyText(null)
  const { requestId, startTime, agoMs } = previous
  const ago = milliseconds(agoMs)
  return historyText({ count: grouped(within24h), requestId: oneLine(requestId, 100), time: dateTime(startTime), ago })
}
