// What keeps single paths from being followed: said once for each, and once more when it is over.
import { fileRecovered, fileTroubled } from '../../telemetry/events/file-source.ts'
import type { FollowContext } from './follow-context.ts'

/** Troubles beyond it are forgotten, oldest first, and would be said again. */
const maxPaths = 10_000

export class Troubles {
  readonly #context: FollowContext
  /** Path → code. */
  readonly #codes = new Map<string, string>()

  constructor(context: FollowContext) {
    this.#context = context
  }

  report(path: string, code: string): void {
    if (this.#codes.get(path) === code) return
    this.#codes.set(path, code)
    for (const oldest of this.#codes.keys()) {
      if (this.#codes.size <= maxPaths) break
      this.#codes.delete(oldest)
    }
    const { log, source } = this.#context
    fileTroubled(log, { source, path, code })
  }

  /** The path can be followed, or is not there any more. */
  clear(path: string, isGone = false): void {
    if (!this.#codes.delete(path) || isGone) return
    const { log, source } = this.#context
    fileRecovered(log, { source, path })
  }
}
