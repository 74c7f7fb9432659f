// How the worker's engine gives attempts out: judged, with causes and use of resources, each once as it is.
import { findCauses } from '../classify/find-causes.ts'
import { judge, type Verdict } from '../classify/judge.ts'
import type { Lang } from '../model/cause.ts'
import { isFailure } from '../model/failure.ts'
import type { Ledger } from '../model/ledger.ts'
import { type AttemptCounter, type AttemptRowTaker, Emission, type SpanTaker } from '../pipeline/emission.ts'
import type { GivenOut } from '../pipeline/given-out.ts'
import { createSignature } from './attempt-signature.ts'
import type { FunctionFigures } from './unknown-functions.ts'

export interface EmissionOptions {
  readonly lang: Lang
  readonly figures: FunctionFigures
  readonly attemptRows: AttemptRowTaker
  readonly attemptCounter: AttemptCounter
  /** Not given where no spans are sent. */
  readonly spans?: SpanTaker | null
  /** See {@link Emission}. */
  readonly isAnyStored: boolean
}

/** As the options ask for it. */
export function createEmission(
  { lang, attemptRows, attemptCounter, figures, spans = null, isAnyStored }: EmissionOptions,
  givenOut: GivenOut,
  ledger: Ledger,
): Emission<Verdict> {
  return new Emission({
    judges: { judge, findCauses: (signals, verdict) => findCauses(signals, verdict, lang), cuOf: figures.cuOf },
    givenOut,
    rows: attemptRows,
    counter: attemptCounter,
    spans,
    ledger,
    signatureOf: createSignature(),
    isFailure,
    isAnyStored,
  })
}
