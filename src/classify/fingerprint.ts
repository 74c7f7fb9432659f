// Tells failures of one kind from others: the same fault has one fingerprint, whatever the ids, figures and times in its words.
import { createHash } from 'node:crypto'
import { type FailureKind, maxMessagePoints } from '../model/failure.ts'
import { firstPoints } from './first-points.ts'
import { normaliseMessage } from './normalise-message.ts'
import { ownFrameLine, readFrame } from './stack-frames.ts'

export interface Fingerprint {
  /** 16 hex digits, the same for the same {@link key} everywhere. */
  readonly id: string
  /** What the id is made of, unshortened. */
  readonly key: string
  /** The message without what changes; null without one. */
  readonly message: string | null
  /** File and function of the first frame that is the function's own, without line and digits; null when none is known. */
  readonly frame: string | null
}

/**
 * Made of service, function, status, the error's type (its code where it has none), the normalised message and the first frame of
 * the function's own code. The frame is the one that the evidence quotes, or that the message itself holds.
 */
export function fingerprintOf(kind: FailureKind): Fingerprint {
  const message = kind.message === null ? null : normaliseMessage(kind.message)
  const frame = frameOf(kind)
  const what = kind.errorType ?? kind.errorCode
  const key = JSON.stringify([kind.serviceName, kind.functionName, kind.status, what, message, frame])
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 16), key, message, frame }
}

function frameOf({ evidence, message }: FailureKind): string | null {
  const quoted = evidence.find(piece => readFrame(piece)?.isOwn === true)
  const line =
    quoted ?? (message?.includes('\n') ? ownFrameLine(firstPoints(message.toWellFormed(), maxMessagePoints)) : null)
  const frame = line === null ? null : readFrame(line)
  if (frame === null) return null
  const { file, function: name } = frame
  const text = name === null ? file : file === null ? name : `${name} (${file})`
  return text === null ? null : text.replace(/\d+/g, '*')
}
