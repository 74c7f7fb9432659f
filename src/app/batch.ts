// The wiring of the batch commands: inputs, parsers, steps and output meet here.
import { ZoneClock } from '../lib/zone-clock.ts'
import type { ParseOptions, ReconstructOptions } from '../model/batch-options.ts'
import { Ledger } from '../model/ledger.ts'
import { RecordIntake } from '../pipeline/record-intake.ts'
import { readInputs } from './read-inputs.ts'
import { createRecordParsers } from './record-parsers.ts'

/** `parse`: one JSON object per record, in input order. */
export async function runParse(options: ParseOptions): Promise<void> {
  const { createParseTaker } = await import('./parse-output.ts')
  const ledger = new Ledger()
  const taker = createParseTaker(options)
  const parsers = createRecordParsers(options.format)
  const intake = new RecordIntake({ format: options.format, parsers, taker, ledger })
  try {
    await readInputs(options, intake, () => {})
  } finally {
    await taker.flush()
  }
}

/** `reconstruct`: records to attempts. Resolves with the ledger, which is written to `ledgerPath` as well. */
export async function runReconstruct(options: ReconstructOptions): Promise<Ledger> {
  const { createReconstruction } = await import('./reconstruction.ts')
  const ledger = new Ledger()
  const clock = new ZoneClock(options.timeZone)
  const reconstruction = await createReconstruction({ options, ledger, clock })
  const parsers = createRecordParsers(options.format)
  const { taker } = reconstruction
  const intake = new RecordIntake({ format: options.format, parsers, taker, ledger })
  try {
    await readInputs(options, intake, () => taker.nextInput())
  } finally {
    await reconstruction.finish()
  }
  if (options.ledgerPath !== null) {
    const { writeLedger } = await import('./write-ledger.ts')
    await writeLedger(options.ledgerPath, ledger)
  }
  return ledger
}
