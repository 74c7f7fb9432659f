// Puts the steps behind the parsers together: reconstruct, judge, count, write.
import { isContinuation } from '../../parsers/fc-text/is-continuation.ts'
import { isTroubleText } from '../../parsers/fc-text/is-trouble.ts'
import { readError } from '../../parsers/fc-text/read-error.ts'
import { readPrefixTime } from '../../parsers/fc-text/read-time.ts'
import { readTraceParent } from '../../parsers/shared/trace-parent.ts'
import { findCauses } from '../classify/find-causes.ts'
import { judge, type Verdict } from '../classify/judge.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import { ZoneClock } from '../lib/zone-clock.ts'
import { statuses } from '../model/attempt.ts'
import type { ReconstructOptions } from '../model/batch-options.ts'
import type { Ledger } from '../model/ledger.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import { completeAttempt, identifySpan, type Judges } from '../pipeline/complete-attempt.ts'
import { ReconstructTaker } from '../pipeline/reconstruct-taker.ts'
import type { AttemptRoom } from '../reconstruct/attempt-room.ts'
import { Reconstructor, reserveAttempts } from '../reconstruct/reconstructor.ts'

export { reserveAttempts }

import type { StreamState } from '../reconstruct/stream-state.ts'
import { type AttemptSink, createAttemptSink } from './attempt-output.ts'
import { type FunctionFigures, unknownFunctions } from './unknown-functions.ts'

/** How long an End may come before its Start (contract §4 rule 10); the worker will have a setting for it. */
const allowedLatenessMs = 60_000

/** Requests given out at the end between two writes. */
const finishStep = 4096

const statusNumbers = new Map(statuses.map((status, index) => [status, index]))

/** The wired engine: feed `taker`, then `finish`. */
export class Reconstruction {
  readonly taker: ReconstructTaker<StreamState>
  readonly #engine: Reconstructor
  readonly #sink: AttemptSink

  constructor(parts: {
    options: ReconstructOptions
    ledger: Ledger
    memory: LinearMemory
    room: AttemptRoom
    figures: FunctionFigures
  }) {
    const { options, ledger, memory, room } = parts
    const { configOf, cuOf } = parts.figures
    const clock = new ZoneClock(options.timeZone)
    const sink = createAttemptSink(options)
    const judges: Judges<Verdict> = {
      judge,
      findCauses: (signals, verdict) => findCauses(signals, verdict, options.lang),
      cuOf,
    }
    // With nothing to print, nothing is made only to be printed: ids as text. All that decides anything is done.
    const isRead = options.out !== 'none' || options.onAttempt !== null
    const byStatus = ledger.byStatus
    const receive = (settled: SettledAttempt): void => {
      const attempt = completeAttempt(settled, judges)
      if (isRead) identifySpan(settled)
      ledger.attempts++
      byStatus[statusNumbers.get(attempt.status)!]!++
      sink.take(attempt)
    }
    this.#sink = sink
    this.#engine = new Reconstructor({
      memory,
      room,
      maxOpen: options.maxOpen,
      allowedLatenessMs,
      silenceMs: Number.POSITIVE_INFINITY,
      settleAfterMs: 0,
      configOf,
      reader: { readError, isContinuation, isTroubleText, readTraceParent },
      ledger,
      withIds: isRead,
      seed: Math.floor(performance.now() * 1e6),
      rows: null,
      receive,
      follower: null,
      onOwner: null,
    })
    this.taker = new ReconstructTaker({
      engine: this.#engine,
      ledger,
      readPrefixTime,
      toUtcMs: localMs => clock.toUtcMs(localMs),
      drain: () => sink.drain(),
      onDeadLetter: null,
    })
  }

  /** Gives out what is left and waits until everything is written. */
  async finish(): Promise<void> {
    while (this.#engine.flow.finish(finishStep)) {
      const draining = this.#sink.drain()
      if (draining !== undefined) await draining
    }
    await this.#sink.end()
  }
}

/** Wires a reconstruction; reads functions.yaml if one is named. */
export async function createReconstruction(parts: {
  options: ReconstructOptions
  ledger: Ledger
  memory: LinearMemory
  room: AttemptRoom
}): Promise<Reconstruction> {
  return new Reconstruction({ ...parts, figures: await figuresOf(parts.options) })
}

async function figuresOf({ functionsPath, book }: ReconstructOptions): Promise<FunctionFigures> {
  if (functionsPath === null) return unknownFunctions
  const { openFunctionFigures } = await import('./function-figures.ts')
  return openFunctionFigures({ functions: functionsPath, book, billsAllDisk: false, hasDiscount: true })
}
