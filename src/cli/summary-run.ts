// Reconstructs and shows a summary instead of the attempts.
import type { ReconstructOptions } from '../model/batch-options.ts'
import type { Ledger } from '../model/ledger.ts'
import { AttemptSummary } from './attempt-summary.ts'
import type { Context } from './command.ts'
import { summaryText } from './summary-text.ts'

export async function runSummary(options: ReconstructOptions, context: Context): Promise<Ledger> {
  const { runReconstruct } = await import('../app/batch.ts')
  const summary = new AttemptSummary()
  const ledger = await runReconstruct({ ...options, out: 'none', onAttempt: attempt => summary.add(attempt) })
  const text = summaryText(summary, ledger, { lang: context.lang, colour: context.colour })
  await context.stdout.write(Buffer.from(text))
  return ledger
}
