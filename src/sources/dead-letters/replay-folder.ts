// Dead letters that are to be tried again, as files in a folder: handed over by a command, taken by a worker, running or the next.
// One file per stream that they came from, so that lines of different programs do not become neighbours.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type InputFormat, inputFormats } from '../../model/batch-options.ts'

/** A letter of a replay. */
export interface ReplayedLetter {
  /** Where it came from in the beginning. */
  readonly streamId: string
  readonly position: number
  /** Where its line stands in the replay's bytes. */
  readonly offset: number
}

/** A replay, without its bytes. It stays for ever: whoever asks whether a letter was tried again finds it here. */
export interface Replay {
  /** The id of its stream. */
  readonly id: string
  /** RFC 3339. */
  readonly time: string
  readonly format: InputFormat
  /** What a person calls the stream that the letters came from. */
  readonly label: string
  readonly letters: readonly ReplayedLetter[]
}

/** How far it is: handed over, taken by a worker, or done with for good. */
export type ReplayStage = 'waiting' | 'taken' | 'done'

/** `prepared` becomes `waiting` when the note about it is there; a crash in between is made good by the next look. */
const endings = { prepared: '.prepared', waiting: '.log', taken: '.taken' } as const
const noteName = /^([0-9a-f]{16})\.json$/

export class ReplayFolder {
  readonly path: string

  constructor(deadLetters: string) {
    this.path = join(deadLetters, 'replay')
  }

  /** The same for the same letters, tried in the same way as often as before. */
  static idOf(identity: readonly unknown[]): string {
    const id = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)
    return /^0+$/.test(id) ? `${id.slice(1)}1` : id
  }

  /** Hands a replay over: all of it or nothing, and once however often. */
  add(replay: Replay, bytes: Uint8Array): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 })
    if (existsSync(this.#note(replay.id))) return
    writeFileSync(this.#file(replay.id, 'prepared'), bytes, { mode: 0o600, flush: true })
    writeFileSync(`${this.#note(replay.id)}.new`, `${JSON.stringify(replay)}\n`, { mode: 0o600, flush: true })
    renameSync(`${this.#note(replay.id)}.new`, this.#note(replay.id))
    this.#complete(replay.id)
  }

  /** Ids of all replays that ever were. */
  ids(): readonly string[] {
    return names(this.path).flatMap(name => noteName.exec(name)?.[1] ?? [])
  }

  /** Ids of those that have bytes. */
  present(): readonly string[] {
    const ids: string[] = []
    for (const name of names(this.path)) {
      const id = name.slice(0, 16)
      if (name === id + endings.prepared) {
        if (existsSync(this.#note(id))) this.#complete(id)
        else continue
      }
      if (Object.values(endings).some(ending => name === id + ending)) ids.push(id)
    }
    return ids.toSorted()
  }

  /** Null when there is no such replay, or nothing that could be one. */
  read(id: string): Replay | null {
    try {
      // Written by `add`.
      const replay = JSON.parse(readFileSync(this.#note(id), 'utf8')) as Replay
      return replay.id === id && inputFormats.includes(replay.format) ? replay : null
    } catch {
      return null
    }
  }

  stageOf(id: string): ReplayStage {
    if (existsSync(this.#file(id, 'waiting')) || existsSync(this.#file(id, 'prepared'))) return 'waiting'
    return existsSync(this.#file(id, 'taken')) ? 'taken' : 'done'
  }

  /** The file with its bytes, and their number; null when it is done with. */
  bytesOf(id: string): { readonly path: string; readonly size: number } | null {
    for (const path of [this.#file(id, 'waiting'), this.#file(id, 'taken')]) {
      const found = statSync(path, { throwIfNoEntry: false })
      if (found !== undefined) return { path, size: found.size }
    }
    return null
  }

  /** All of it is committed. */
  markTaken(id: string): void {
    if (existsSync(this.#file(id, 'waiting'))) renameSync(this.#file(id, 'waiting'), this.#file(id, 'taken'))
  }

  #complete(id: string): void {
    if (existsSync(this.#file(id, 'prepared'))) renameSync(this.#file(id, 'prepared'), this.#file(id, 'waiting'))
  }

  #note(id: string): string {
    return join(this.path, `${id}.json`)
  }

  #file(id: string, stage: keyof typeof endings): string {
    return join(this.path, id + endings[stage])
  }
}

function names(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
