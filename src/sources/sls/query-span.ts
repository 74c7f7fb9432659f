// Of which LogGroups an answer with a query is. Only its whole range is known: which of the LogGroups in it have rows left, and
// which have none, is not said.
import { maxPullGroups } from './pull-pace.ts'

/**
 * `oneByOne`: a LogGroup of the answer for each of the range; `asOne`: all rows count as those of the first one; `tooWide`: the range
 * has to be pulled again in smaller pieces.
 */
export type SpanVerdict = 'oneByOne' | 'asOne' | 'tooWide'

/**
 * How many LogGroups to ask for, so that a row's LogGroup is known. An answer is clear when nothing or everything is left of its
 * range, and when it is of one LogGroup only.
 */
export class QuerySpan {
  readonly #hasQuery: boolean
  #asked = maxPullGroups

  constructor(hasQuery: boolean) {
    this.#hasQuery = hasQuery
  }

  get asked(): number {
    return this.#asked
  }

  /** `range`: how many LogGroups the answer is of; `groups`: how many of them it holds, at least one. */
  judge(groups: number, range: number): SpanVerdict {
    if (!this.#hasQuery) return this.#grow('oneByOne')
    if (groups === range) return this.#grow('oneByOne')
    if (this.#asked === 1) return 'asOne'
    this.narrow(range)
    return 'tooWide'
  }

  /** The next one may be larger again. */
  widen(): void {
    this.#asked = Math.min(maxPullGroups, this.#asked * 2)
  }

  /** Half of what the last answer was of. False: it cannot be less. */
  narrow(range: number = this.#asked): boolean {
    const isOne = this.#asked === 1
    this.#asked = Math.max(1, Math.floor(Math.min(this.#asked, range) / 2))
    return !isOne
  }

  #grow(verdict: SpanVerdict): SpanVerdict {
    this.widen()
    return verdict
  }
}
