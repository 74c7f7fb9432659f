// What an earlier run left in a write-ahead log: where reading goes on, and what may have to be read again.
import type { StoredStream } from '../../model/source.ts'
import type { Frame } from './frame.ts'
import type { WriteAheadLog } from './write-ahead-log.ts'

/** What a stream's memo says: all frames of the log `log` before `offset` are part of committed batches. */
interface Memo {
  readonly log: string
  readonly offset: number
}

export const writeMemo = (memo: Memo): string => JSON.stringify(memo)

/** Null for what was not written by us: nothing is known then, and reading begins at the front. */
export function readMemo(text: string): Memo | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('log' in value) || !('offset' in value)) return null
    const { log, offset } = value
    return typeof log === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset)
      ? { log, offset }
      : null
  } catch {
    return null
  }
}

/** The streams of the log `id`, each with its memo. Others belong to a log that was lost. */
const ownStreams = (id: string, stored: readonly StoredStream[]) =>
  stored.flatMap(({ streamId, position, memo }) => {
    const own = readMemo(memo)
    return own?.log === id ? [{ streamId, position, offset: own.offset }] : []
  })

/**
 * The first offset that new frames may have. A log that was not synced can be shorter after a loss of power than what was
 * committed; its old positions must not be given to new bytes.
 */
export const firstFreeOffset = (id: string, stored: readonly StoredStream[]): number =>
  Math.max(0, ...ownStreams(id, stored).flatMap(({ position, offset }) => [position, offset]))

export interface Restart {
  /** Everything before it is part of committed batches. */
  readonly offset: number
  /** The first frame there, and how many bytes of its payload are part of them too. Null at the end. */
  readonly taken: { readonly frame: number; readonly bytes: number } | null
  /** Payload bytes behind that place. */
  readonly unreadBytes: number
  /** The part before `offset` that was not released: where it begins, and the last position of each stream in it. */
  readonly earlierFrom: number
  readonly earlier: Map<string, number>
}

/** Walks over the heads of all frames that are still needed. */
export function findRestart(
  log: WriteAheadLog,
  stored: readonly StoredStream[],
  idOf: (stream: string) => string,
): Restart {
  const own = ownStreams(log.id, stored)
  const committed = new Map(own.map(({ streamId, position }) => [streamId, position]))
  const offset = Math.max(log.begin, ...own.map(stream => stream.offset))
  const earlierFrom = Math.min(offset, Math.max(log.begin, log.released))
  const earlier = new Map<string, number>()
  const takenOf = (frame: Frame): number =>
    Math.min(frame.length, Math.max(0, (committed.get(idOf(frame.stream)) ?? 0) - frame.position))
  let taken: Restart['taken'] = null
  let unreadBytes = 0
  const reader = log.reader(false)
  for (let frame = reader.next(earlierFrom); frame !== null; frame = reader.next(frame.next)) {
    if (frame.offset < offset) {
      earlier.set(idOf(frame.stream), frame.position + frame.length)
    } else {
      taken ??= { frame: frame.offset, bytes: takenOf(frame) }
      unreadBytes += frame.length
    }
  }
  reader.close()
  return { offset, taken, unreadBytes: unreadBytes - (taken?.bytes ?? 0), earlierFrom, earlier }
}
