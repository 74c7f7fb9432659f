// The generator as a whole: the scenario's records as text, and, when asked, the truth about them.
import { Random } from '../lib/random.ts'
import type { LedgerReport } from '../model/ledger.ts'
import type { Emission } from './emission.ts'
import type { GenerateOptions } from './options.ts'
import { renderEmission } from './render.ts'
import { Shuffler } from './shuffle.ts'
import { Traffic } from './traffic.ts'
import { formatTruth, makeTruth, type TrueAttempt } from './truth.ts'
import { TruthLedger } from './truth-ledger.ts'
import { Reader } from './visibility.ts'

export class Generator {
  readonly #options: GenerateOptions
  readonly #next: () => Emission | undefined
  readonly #reader: Reader | null
  readonly #ledger = new TruthLedger()
  readonly #truth: TrueAttempt[] = []
  #isOver = false

  /** `withTruth` also finds out what a perfect reader would make of the records; it costs about as much as writing them. */
  constructor(options: GenerateOptions, withTruth: boolean) {
    this.#options = options
    const traffic = new Traffic(options)
    const shuffler = options.shuffle ? new Shuffler(() => traffic.next(), new Random(options.seed ^ 0x5f3759df)) : null
    this.#next = shuffler === null ? () => traffic.next() : () => shuffler.next()
    this.#reader = withTruth ? this.#makeReader() : null
  }

  /** The next record with its newline; undefined at the end. */
  nextLine(): string | undefined {
    const emission = this.#isOver ? undefined : this.#next()
    if (emission === undefined) {
      if (!this.#isOver) this.#reader?.finish()
      this.#isOver = true
      return undefined
    }
    const line = renderEmission(emission, this.#options.format)
    this.#reader?.see(emission)
    return line
  }

  /** Attempts that became final since the last call. */
  takeTruth(): TrueAttempt[] {
    return this.#truth.splice(0)
  }

  /** The same as JSON lines. */
  takeTruthText(): string {
    return this.takeTruth().map(formatTruth).join('')
  }

  /** Whole only after the last record. */
  ledger(): LedgerReport {
    return this.#ledger.report()
  }

  #makeReader(): Reader {
    const { format } = this.#options
    const isConsole = format === 'console'
    return new Reader({
      format,
      ledger: this.#ledger,
      give: seen => {
        const truth = makeTruth(seen, { isConsole })
        this.#ledger.attempt(truth.status)
        this.#truth.push(truth)
      },
    })
  }
}
