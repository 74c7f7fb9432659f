// A post-mortem that may be shared: everything that came out of logs is masked where it shows secrets or people.
import { basename } from 'node:path'
import { redactText } from '../../lib/redaction.ts'
import type { AttemptRecord, AttemptStack, LineExcerpt, PostMortem, TraceLine } from '../../model/post-mortem.ts'

/** Ids and names stay: without them nobody finds anything again. Paths are cut to their last step. */
export function redactPostMortem(postMortem: PostMortem): PostMortem {
  const { origin, attempts, initializers, stacks, lines, unattached } = postMortem
  return {
    ...postMortem,
    origin: { ...origin, names: origin.names.map(name => basename(name)) },
    attempts: attempts.map(redactAttempt),
    initializers: initializers.map(redactAttempt),
    stacks: stacks.map(redactStack),
    lines: redactExcerpt(lines),
    unattached: redactExcerpt(unattached),
  }
}

function redactAttempt(attempt: AttemptRecord): AttemptRecord {
  const { errorMessage, errorType, httpPath, causes } = attempt
  return {
    ...attempt,
    errorMessage: redactOptional(errorMessage),
    errorType: redactOptional(errorType),
    httpPath: redactOptional(httpPath),
    causes: causes.map(cause => ({ ...cause, evidence: cause.evidence.map(redactText) })),
  }
}

const redactStack = (stack: AttemptStack): AttemptStack => ({
  ...stack,
  frames: stack.frames.map(redactText),
  ownFrame: redactOptional(stack.ownFrame),
})

const redactOptional = (text: string | null): string | null => (text === null ? null : redactText(text))

const redactExcerpt = (excerpt: LineExcerpt): LineExcerpt => ({
  ...excerpt,
  first: excerpt.first.map(redactLine),
  last: excerpt.last.map(redactLine),
})

const redactLine = (line: TraceLine): TraceLine => ({
  ...line,
  message: redactText(line.message),
  stream: basename(line.stream),
})
