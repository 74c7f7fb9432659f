// The wiring of the batch commands: inputs, parsers, steps and output meet here.
import { LinearMemory } from '../lib/linear-memory.ts'
import type { ParseOptions, ReconstructOptions } from '../model/batch-options.ts'
import { Ledger } from '../model/ledger.ts'
import { reserveWindow } from '../pipeline/cut-lines.ts'
import { LineReading } from '../pipeline/read-lines.ts'
import { RecordIntake } from '../pipeline/record-intake.ts'
import { checkInputs } from '../sources/file/check-inputs.ts'
import { readInputs } from './read-inputs.ts'
import { createRecordParsers, reserveRows } from './record-parsers.ts'

/** `parse`: one JSON object per record, in input order. */
export async function runParse(options: ParseOptions): Promise<void> {
  checkInputs(options.inputs)
  const { createParseTaker } = await import('./parse-output.ts')
  const memory = new LinearMemory()
  const window = reserveWindow(memory)
  const rows = { memory, room: reserveRows(memory) }
  const taker = createParseTaker(options)
  const parsers = createRecordParsers(options.format, rows)
  const intake = new RecordIntake({ format: options.format, parsers, taker, ledger: new Ledger() })
  const reading = new LineReading({ memory, window, taker: intake })
  try {
    await readInputs(options, reading, () => {})
  } finally {
    await taker.flush()
  }
}

/** `reconstruct`: records to attempts. Resolves with the ledger, which is written to `ledgerPath` as well. */
export async function runReconstruct(options: ReconstructOptions): Promise<Ledger> {
  checkInputs(options.inputs)
  const { createReconstruction, reserveAttempts } = await import('./reconstruction.ts')
  const ledger = new Ledger()
  const memory = new LinearMemory()
  const window = reserveWindow(memory)
  const rows = { memory, room: reserveRows(memory) }
  const room = reserveAttempts(memory, options.maxOpen)
  const reconstruction = await createReconstruction({ options, ledger, memory, room })
  const parsers = createRecordParsers(options.format, rows)
  const { taker } = reconstruction
  const intake = new RecordIntake({ format: options.format, parsers, taker, ledger })
  const reading = new LineReading({ memory, window, taker: intake })
  try {
    await readInputs(options, reading, () => taker.nextInput())
  } finally {
    await reconstruction.finish()
  }
  if (options.ledgerPath !== null) {
    const { writeLedger } = await import('./write-ledger.ts')
    await writeLedger(options.ledgerPath, ledger)
  }
  return ledger
}
