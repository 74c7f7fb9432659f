// Hot path: a settled attempt as the memory of what was given out asks for it.
import { traceIdWords } from '../lib/trace-id.ts'
import { noHours } from '../model/busy-hours.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import type { Candidate } from './given-out.ts'

/** A hash of everything that is given out of an attempt, but for what follows from its identity. */
export type SignatureOf = (settled: SettledAttempt) => readonly [number, number]

const spanAt = traceIdWords

/** One candidate, filled again and again. */
export class SettledCandidate implements Candidate {
  status = 0
  isFailure = false
  nowMs = 0
  home = 0
  hours = noHours
  #settled: SettledAttempt | null = null
  readonly #signatureOf: SignatureOf

  constructor(signatureOf: SignatureOf) {
    this.#signatureOf = signatureOf
  }

  set settled(settled: SettledAttempt) {
    this.#settled = settled
  }

  get high(): number {
    return this.#settled!.identityWords[spanAt]!
  }

  get low(): number {
    return this.#settled!.identityWords[spanAt + 1]!
  }

  get isFinal(): boolean {
    return this.#settled!.isFinal
  }

  signature(): readonly [number, number] {
    return this.#signatureOf(this.#settled!)
  }
}
