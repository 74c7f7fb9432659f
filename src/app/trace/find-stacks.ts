// Finds the stacks of failed attempts among their lines: attempts themselves hold the error's type and message only.
import { readError } from '../../../parsers/fc-text/read-error.ts'
import { maxFrameLength, ownFrameLine, readFrame } from '../../classify/stack-frames.ts'
import { isFailure } from '../../model/failure.ts'
import type { AttemptRecord, AttemptStack, LineExcerpt, TraceLine } from '../../model/post-mortem.ts'

/** Lines of a stack that are told of. */
const maxFrames = 50

/** Python writes the text of the line between two frames. */
const maxBetween = 2

/** How long before and behind an attempt its lines may stand: records may have whole seconds, and PHP prints after the End. */
const slackMs = 2000

/** One per failed attempt that shows one. Lines that were left out of the excerpt are not looked at. */
export function findStacks(attempts: readonly AttemptRecord[], { first, last }: LineExcerpt): readonly AttemptStack[] {
  const lines = [...first, ...last]
  return attempts
    .filter(({ status }) => isFailure(status))
    .flatMap(attempt => {
      const own = attempts.length === 1 ? lines : lines.filter(line => isOf(line, attempt))
      const stack = bodyStack(own) ?? printedStack(own)
      return stack === null ? [] : [stackOf(attempt, stack)]
    })
}

/** Where several attempts share the lines, a line is of all whose instance and time it has. */
function isOf({ time, instanceID }: TraceLine, attempt: AttemptRecord): boolean {
  if (instanceID !== null && attempt.instanceID !== null && instanceID !== attempt.instanceID) return false
  if (time === null || attempt.startTime === null) return true
  const ms = Date.parse(time)
  const endMs = Date.parse(attempt.endTime ?? attempt.startTime)
  return ms >= Date.parse(attempt.startTime) - slackMs && (attempt.endTime === null || ms <= endMs + slackMs)
}

/** Of the last error body that has one. */
function bodyStack(lines: readonly TraceLine[]): readonly string[] | null {
  for (const { message, kind } of lines.toReversed()) {
    if (kind !== 'errorJson' && !message.includes('tack')) continue
    const stack = readError(message)?.stack ?? bodyWithin(message)
    if (stack != null && stack.trim() !== '') return linesOf(stack)
  }
  return null
}

/** Behind the time, the id and the level of an application line. */
function bodyWithin(message: string): string | null {
  const at = message.indexOf('{')
  return at <= 0 ? null : (readError(message.slice(at))?.stack ?? null)
}

/** The last run of lines with frames that was printed as it is, in one record or in several. */
function printedStack(lines: readonly TraceLine[]): readonly string[] | null {
  const texts = lines.flatMap(({ message }) => linesOf(message))
  const end = texts.findLastIndex(isFrame)
  if (end < 0) return null
  let begin = end
  for (let at = end - 1; at >= 0 && begin - at <= maxBetween; at--) if (isFrame(texts[at] ?? '')) begin = at
  return texts.slice(begin, end + 1)
}

/** A place alone may be any text with a number behind a colon. */
const isFrame = (text: string): boolean => readFrame(text)?.function != null

const linesOf = (text: string): readonly string[] =>
  text
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .filter(line => line !== '')

function stackOf({ attempt, phase }: AttemptRecord, lines: readonly string[]): AttemptStack {
  const own = ownFrameLine(lines.join('\n'))
  const isLastFirst = readFrame(own ?? lines.find(isFrame) ?? '')?.isLastFirst ?? false
  const kept = isLastFirst ? lines.slice(-maxFrames) : lines.slice(0, maxFrames)
  const frames = kept.map(line =>
    line.length > maxFrameLength ? `${line.slice(0, maxFrameLength).toWellFormed()}…` : line,
  )
  return { attempt, phase, frames, framesLeftOut: lines.length - frames.length, ownFrame: own }
}
