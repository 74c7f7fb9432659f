// Reads spans of time one behind the other, and some windows ahead of whoever takes the rows.
import type { Log } from '../../telemetry/log.ts'
import { readWindow } from './read-window.ts'
import type { Seconds } from './search-api.ts'
import { SearchError } from './search-error.ts'
import type { SearchPatience } from './search-patience.ts'
import { isDivisible, type Window, WindowPlan } from './window-plan.ts'

/** Few enough that pages far behind in a window are not slow, many enough that counting is little beside reading. */
export const defaultMaxRows = 5000
/** Windows that are read or wait to be taken. */
const maxAhead = 3
/** A window with more is divided, and a second with more than the other is too much. */
const maxWindowBytes = 64 * 1024 * 1024
const maxSecondBytes = 512 * 1024 * 1024

/** A page of rows of the span with that number. */
export interface SpanPage {
  readonly span: number
  readonly bytes: Buffer
  readonly rows: number
}

export interface RangeReaderParts {
  readonly search: SearchPatience
  /** Requests that may be under way for one window. */
  readonly inFlight: number
  readonly maxRows: number
  readonly log: Log
}

export class RangeReader {
  readonly #parts: RangeReaderParts
  readonly #plan: WindowPlan
  readonly #spans: readonly Window[]

  /** `spans`: in order of time, and counted. */
  constructor(spans: readonly Window[], parts: RangeReaderParts) {
    this.#parts = parts
    this.#spans = spans
    this.#plan = new WindowPlan(spans, { maxRows: parts.maxRows, count: window => parts.search.count(window) })
  }

  /** Rejects with a {@link SearchError}; all before was right. */
  async *pages(): AsyncGenerator<SpanPage> {
    const ahead: WindowReading[] = []
    for (let hasMore = true; hasMore || ahead.length > 0; ) {
      while (hasMore && ahead.length < maxAhead) {
        const window = await this.#plan.next()
        hasMore = window !== null
        if (window !== null) ahead.push(this.#begin(window))
      }
      const first = ahead.shift()
      if (first !== undefined) yield* this.#take(first)
    }
  }

  #begin(window: Window): WindowReading {
    const { search, inFlight, log } = this.#parts
    const maxBytes = isDivisible(window) ? maxWindowBytes : maxSecondBytes
    return { window, pages: heard(readWindow(window, { search, inFlight, maxBytes, log })) }
  }

  /** What is too much to be held is read in halves, the later one when the earlier one was taken. */
  async *#take({ window, pages }: WindowReading): AsyncGenerator<SpanPage> {
    const read = await pages
    if (read !== null) {
      const span = this.#spans.findIndex(({ from, to }) => window.from >= from && window.to <= to)
      for (const { bytes, rows } of read) yield { span, bytes, rows }
      return
    }
    if (!isDivisible(window)) throw tooLarge(window)
    const [later, earlier] = await this.#plan.divide(window)
    for (const half of [earlier, later]) yield* this.#take(this.#begin(half))
  }
}

interface WindowReading {
  readonly window: Window
  readonly pages: ReturnType<typeof readWindow>
}

/** Awaited in its turn: a failure must not be taken for one that nobody hears of. */
function heard<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}

function tooLarge({ from }: Seconds): SearchError {
  const second = new Date(from * 1000).toISOString()
  const message = `the rows of ${second} alone are more than ${maxSecondBytes / 1024 / 1024} MiB`
  return new SearchError({ kind: 'tooLarge', code: 'TooLarge', status: 200, requestId: '', message })
}
