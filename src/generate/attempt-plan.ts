// What is to happen in one attempt, decided before its first record.
import type { Random } from '../lib/random.ts'
import { type FunctionProfile, isCustomRuntime } from './functions.ts'
import { type Fault, type FaultRates, faults, type GenerateFormat } from './options.ts'

export interface AttemptPlan {
  readonly fault: Fault | null
  readonly isCold: boolean
  /** 0 for the first; counts the retries of an asynchronous request. */
  readonly attempt: number
  readonly isLast: boolean
  readonly method: 'GET' | 'POST'
  /** Deliver the End before the Start. */
  readonly isLate: boolean
  readonly hasMetrics: boolean
}

/** A fault by its rate, or none. */
export function pickFault(rates: FaultRates, random: Random): Fault | null {
  let roll = random.float()
  for (const fault of faults) {
    roll -= rates[fault] ?? 0
    if (roll < 0) return fault
  }
  return null
}

/** Faults after which no End comes. */
const leavesOpen: ReadonlySet<Fault> = new Set<Fault>([
  'timeout',
  'outOfMemory',
  'suspectedOutOfMemory',
  'processExited',
  'missingEnd',
  'noRequestId',
])

/** The nearest fault that a function of this kind can have. */
export function suitFault(fault: Fault | null, profile: FunctionProfile): Fault | null {
  const isCustom = isCustomRuntime(profile)
  // All instances of such a function share one stream, on which an attempt without an End would stay open for ever.
  if (!profile.namesInstance && fault !== null && leavesOpen.has(fault)) return 'unhandledError'
  switch (fault) {
    case 'handledError':
      return profile.runtime.startsWith('nodejs') ? fault : 'unhandledError'
    case 'startFailed':
    case 'keepAlive':
      return isCustom ? fault : 'unhandledError'
    case 'unhandledError':
      return isCustom ? 'processExited' : fault
    case 'duplicateMarkers':
      return isCustom ? fault : 'caughtError'
    case 'retry':
      return profile.isAsync && !isCustom ? fault : 'caughtError'
    case 'noRequestId':
    case 'missingEnd':
      return profile.instanceConcurrency === 1 ? fault : null
    default:
      return fault
  }
}

/**
 * True for faults whose decisive lines carry no id: in a text file, where all instances share one stream, they are
 * decidable only while nothing else runs.
 */
export function needsSilence(fault: Fault | null, profile: FunctionProfile, format: GenerateFormat): boolean {
  if (format === 'sls' || fault === null) return false
  if (fault === 'unhandledError') return profile.runtime === 'php7.2'
  return ['timeout', 'suspectedOutOfMemory', 'outOfMemory', 'processExited', 'keepAlive', 'startFailed'].includes(fault)
}
