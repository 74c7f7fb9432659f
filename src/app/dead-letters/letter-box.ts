// The dead letters of a folder, and what became of them: which were tried again, and which failed again. A letter that failed again
// is the same letter, however often: it is told as what it was in the beginning.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredDeadLetter } from '../../sinks/dead-letter/dead-letter-sink.ts'
import type { ReplayFolder } from '../../sources/dead-letters/replay-folder.ts'

/** `new`: never tried again; `pending`: handed over, and no worker has taken it yet; `failed`: tried again in vain; `replayed`: went in. */
export const letterStates = ['new', 'pending', 'failed', 'replayed'] as const
export type LetterState = (typeof letterStates)[number]

export interface Letter {
  /** Short, for people; made of stream and position. */
  readonly id: string
  readonly state: LetterState
  readonly reason: string
  /** When it was buried, RFC 3339. */
  readonly time: string
  /** Name of the source; null in letters of older versions. */
  readonly source: string | null
  readonly stream: string
  readonly streamId: string
  readonly position: number
  /** The bytes that came; of a line that was too long only the beginning. */
  readonly bytes: Buffer
  /** How often it was tried again. */
  readonly tries: number
  /** Why it failed the last time; null when it was not tried again, or went in. */
  readonly lastReason: string | null
  readonly replayIds: readonly string[]
}

interface Try {
  readonly replayId: string
  readonly time: string
  readonly isPending: boolean
  /** Null while nothing speaks against it. */
  failure: string | null
}

const placeOf = (streamId: string, position: number): string => `${streamId} ${position}`

export class LetterBox {
  readonly #path: string
  readonly #tries = new Map<string, Try[]>()
  /** The letter at each place of each replay. */
  readonly #replayed = new Map<string, Map<number, string>>()
  /** Lines that are no letters: a file that was damaged. */
  damaged = 0

  constructor(path: string, replays: ReplayFolder) {
    this.#path = path
    for (const id of replays.ids()) {
      const replay = replays.read(id)
      if (replay === null) continue
      const isPending = replays.stageOf(id) === 'waiting'
      const places = new Map<number, string>()
      for (const { streamId, position, offset } of replay.letters) {
        const place = placeOf(streamId, position)
        places.set(offset, place)
        const tries = this.#tries.get(place) ?? []
        tries.push({ replayId: id, time: replay.time, isPending, failure: null })
        this.#tries.set(place, tries)
      }
      this.#replayed.set(id, places)
    }
    for (const tries of this.#tries.values()) tries.sort((a, b) => a.time.localeCompare(b.time))
    if (this.#replayed.size > 0) for (const letter of this.#stored()) this.#noteFailure(letter)
  }

  #noteFailure({ streamId, position, reason }: StoredDeadLetter): void {
    const place = this.#replayed.get(streamId)?.get(position)
    const tries = place === undefined ? undefined : this.#tries.get(place)
    const tried = tries?.find(({ replayId }) => replayId === streamId)
    if (tried !== undefined) tried.failure = reason
  }

  /** All letters, the oldest first, each once. */
  *letters(): Generator<Letter> {
    const seen = new Set<string>()
    this.damaged = 0
    for (const stored of this.#stored()) {
      if (this.#replayed.has(stored.streamId)) continue
      const place = placeOf(stored.streamId, stored.position)
      // A worker that lost its state has buried it again.
      if (seen.has(place)) continue
      seen.add(place)
      yield this.#letter(stored, place)
    }
  }

  #letter(stored: StoredDeadLetter, place: string): Letter {
    const { reason, time, source, stream, streamId, position, text, base64 } = stored
    const tries = this.#tries.get(place) ?? []
    const last = tries.at(-1)
    return {
      id: createHash('sha256').update(place).digest('hex').slice(0, 12),
      state: last === undefined ? 'new' : last.failure !== null ? 'failed' : last.isPending ? 'pending' : 'replayed',
      reason,
      time,
      source: source ?? null,
      stream,
      streamId,
      position,
      bytes: text === null ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text),
      tries: tries.length,
      lastReason: last?.failure ?? null,
      replayIds: tries.map(({ replayId }) => replayId),
    }
  }

  *#stored(): Generator<StoredDeadLetter> {
    for (const name of filesIn(this.#path)) {
      // A file is one batch, which has a bound.
      for (const line of readFileSync(join(this.#path, name), 'utf8').split('\n')) {
        const letter = line === '' ? undefined : letterIn(line)
        if (letter === null) this.damaged += 1
        else if (letter !== undefined) yield letter
      }
    }
  }
}

function letterIn(line: string): StoredDeadLetter | null {
  try {
    const letter = JSON.parse(line)
    const isLetter = typeof letter.streamId === 'string' && typeof letter.position === 'number'
    return isLetter && typeof letter.reason === 'string' ? letter : null
  } catch {
    return null
  }
}

/** Files of letters by name, which begins with the time; empty where there is no folder. */
export function filesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
      .filter(name => name.endsWith('.jsonl'))
      .toSorted()
  } catch {
    return []
  }
}
