// Sources for standard input over inputs that a test fills.
import { LoggedSource, type LoggedSourceOptions } from '../../../src/sources/shared/logged-source.ts'
import { StdinIntake } from '../../../src/sources/stdin/stdin-intake.ts'
import type { SourceRig } from '../shared/source-rig.ts'
import { SourceWorld } from '../shared/source-world.ts'
import { FedInput } from './fed-input.ts'

export class StdinRig implements SourceRig {
  readonly world = new SourceWorld()
  /** Of the run that was opened last. */
  input = new FedInput()
  readonly #options: Partial<LoggedSourceOptions>
  readonly #sources: LoggedSource[] = []

  constructor(options: Partial<LoggedSourceOptions> = {}) {
    this.#options = options
  }

  open({ once = false } = {}): LoggedSource {
    const input = new FedInput()
    this.input = input
    const deps = this.world.deps(once)
    const source = new LoggedSource(
      { format: 'auto', fsync: false, maxBacklogBytes: 64 * 1024 * 1024, ...this.#options },
      deps,
      new StdinIntake(async () => input, deps),
    )
    this.#sources.push(source)
    return source
  }

  async write(text: string): Promise<void> {
    const woken = this.world.nextWake()
    this.input.feed(text)
    await woken
  }

  end = async (): Promise<void> => {
    const woken = this.world.nextWake()
    this.input.end()
    await woken
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map(source => source.stop()))
    this.world.remove()
  }
}
