// Runs a generator to its end and keeps all it says.
import { Generator } from '../../src/generate/generator.ts'
import { defaultGenerateOptions, type GenerateOptions } from '../../src/generate/options.ts'
import type { TrueAttempt } from '../../src/generate/truth.ts'
import type { LedgerReport } from '../../src/model/ledger.ts'

export interface Generated {
  readonly lines: readonly string[]
  readonly truth: readonly TrueAttempt[]
  readonly ledger: LedgerReport
}

export function generateAll(options: Partial<GenerateOptions>): Generated {
  const generator = new Generator({ ...defaultGenerateOptions, ...options }, true)
  const lines: string[] = []
  const truth: TrueAttempt[] = []
  for (let line = generator.nextLine(); line !== undefined; line = generator.nextLine()) {
    lines.push(line)
    truth.push(...generator.takeTruth())
  }
  truth.push(...generator.takeTruth())
  return { lines, truth, ledger: generator.ledger() }
}
