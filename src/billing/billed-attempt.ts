// What of an attempt is billed (facts §D.4): its time, and whether it counts as a call.
import { roundedUp } from './active-runs.ts'

/** What billing reads of an attempt; null is "not known". */
export interface BilledAttempt {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly instanceID: string | null
  readonly phase: string
  readonly status: string
  /** Unix ms. */
  readonly startTimeMs: number | null
  readonly endTimeMs: number | null
  readonly durationMs: number | null
  readonly billedMs: number | null
  readonly memoryMB: number | null
}

/** What the platform did not run is not billed; everything that ran is, however it ended. */
export const isBilled = ({ status }: BilledAttempt): boolean => status !== 'throttled' && status !== 'platformError'

/** Hooks are billed, and are no calls. */
export const isCall = ({ phase }: BilledAttempt): boolean => phase === 'invoke'

/**
 * Ms that the attempt kept its instance busy; null when nobody knows. With a GPU the run as a whole is rounded, so what counts here is
 * the time itself.
 */
export function busyMs({ billedMs, durationMs }: BilledAttempt, hasGpu: boolean): number | null {
  const ms = hasGpu ? (durationMs ?? billedMs) : (billedMs ?? durationMs)
  return ms === null ? null : roundedUp(ms, 1)
}

/** When it began, unix ms; null when neither end is known. */
export function beganMs(attempt: BilledAttempt): number | null {
  const { startTimeMs, endTimeMs, durationMs, billedMs } = attempt
  if (startTimeMs !== null) return Math.floor(startTimeMs)
  return endTimeMs === null ? null : Math.floor(endTimeMs - (durationMs ?? billedMs ?? 0))
}
