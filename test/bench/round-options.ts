// Options of benches that measure in rounds.
import { parseArgs } from 'node:util'

export interface RoundOptions {
  /** One round of little input, which writes nothing: only whether it works. */
  readonly isQuick: boolean
  readonly rounds: number
  /** Whether docs/performance.md is written. */
  readonly writesPage: boolean
}

/** `--quick`, `--rounds N` and `--no-page`. */
export function readRoundOptions(defaultRounds: number): RoundOptions {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string', default: String(defaultRounds) },
      'no-page': { type: 'boolean', default: false },
    },
  })
  const rounds = values.quick ? 1 : Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on')
  return { isQuick: values.quick, rounds, writesPage: !values.quick && !values['no-page'] }
}
