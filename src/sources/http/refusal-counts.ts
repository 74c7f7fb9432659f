// Counts what was turned away, and tells it now and then: a sender that does not give up must not fill the log.
import { httpRequestsRefused } from '../../telemetry/events/http-source.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import type { RefusalCode } from './replies.ts'

const silenceMs = 10_000

interface Count {
  untold: number
  toldAtMs: number
}

export class RefusalCounts {
  readonly #deps: SourceDeps
  /** One entry a reason, and reasons are a closed list. */
  readonly #counts = new Map<string, Count>()

  constructor(deps: SourceDeps) {
    this.#deps = deps
  }

  /** The first is told at once, later ones together. */
  add(reason: RefusalCode | 'tooManyConnections'): void {
    const nowMs = this.#deps.nowMs()
    const count = this.#counts.get(reason) ?? { untold: 0, toldAtMs: Number.NEGATIVE_INFINITY }
    this.#counts.set(reason, count)
    count.untold += 1
    if (nowMs - count.toldAtMs < silenceMs) return
    this.#tell(reason, count)
    count.toldAtMs = nowMs
  }

  /** Tells what has not been told yet. */
  flush(): void {
    for (const [reason, count] of this.#counts) if (count.untold > 0) this.#tell(reason, count)
  }

  #tell(reason: string, count: Count): void {
    httpRequestsRefused(this.#deps.log, { source: this.#deps.name, reason, count: count.untold })
    count.untold = 0
  }
}
