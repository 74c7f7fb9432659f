// Makes one event of the many things that fail while the topic's cluster is away.
import { routeRecovered, routeTroubled } from '../telemetry/events/route.ts'
import type { Log } from '../telemetry/log.ts'

/** Clusters answer with errors for a moment whenever something moves. */
const patienceMs = 5000

export interface RouteTroublesParts {
  readonly topic: string
  readonly log: Log
  readonly nowMs: () => number
}

/** One trouble after the other, whoever has it. */
export class RouteTroubles {
  readonly #parts: RouteTroublesParts
  readonly #failing = new Set<object>()
  #sinceMs: number | null = null
  #isTold = false

  constructor(parts: RouteTroublesParts) {
    this.#parts = parts
  }

  /** Unix ms since which something has been failing; null while nothing is. */
  get sinceMs(): number | null {
    return this.#sinceMs
  }

  begin(who: object, reason: string): void {
    const { topic, log, nowMs } = this.#parts
    this.#failing.add(who)
    this.#sinceMs ??= nowMs()
    if (this.#isTold || nowMs() - this.#sinceMs < patienceMs) return
    this.#isTold = true
    routeTroubled(log, { topic, lanes: this.#failing.size, reason })
  }

  /** It succeeded, or is not tried any more. */
  end(who: object): void {
    if (!this.#failing.delete(who) || this.#failing.size > 0 || this.#sinceMs === null) return
    const { topic, log, nowMs } = this.#parts
    if (this.#isTold) routeRecovered(log, { topic, afterMs: nowMs() - this.#sinceMs })
    this.#sinceMs = null
    this.#isTold = false
  }
}
