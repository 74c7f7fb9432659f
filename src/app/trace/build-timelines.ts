// Lays the steps of attempts out in time, and says which of them are where they are because that is known.
import type { AttemptRecord, StepName, Timeline, TimelineStep } from '../../model/post-mortem.ts'

/** A step relative to the beginning of its attempt, in ms. */
interface Placed {
  readonly name: StepName
  readonly fromMs: number
  readonly durationMs: number
  readonly isPlaced: boolean
}

/** One timeline per attempt of which a length is known, in the order of the attempts. */
export function buildTimelines(
  attempts: readonly AttemptRecord[],
  initializers: readonly AttemptRecord[],
): readonly Timeline[] {
  return attempts.flatMap(attempt => {
    const initializer = initializers.find(({ instanceID }) => instanceID === attempt.instanceID) ?? null
    const steps = [...stepsBefore(attempt, attempt.coldStart ? initializer : null), ...ownStep(attempt)]
    return steps.length === 0 ? [] : [timelineOf(attempt, steps)]
  })
}

function timelineOf(attempt: AttemptRecord, placed: readonly Placed[]): Timeline {
  const beginMs = Math.min(...placed.map(({ fromMs }) => fromMs))
  const endMs = Math.max(...placed.map(({ fromMs, durationMs }) => fromMs + durationMs))
  const startMs = msOf(attempt.startTime)
  const steps: TimelineStep[] = placed
    .toSorted((one, other) => one.fromMs - other.fromMs)
    .map(({ name, fromMs, durationMs, isPlaced }) => ({
      name,
      durationMs,
      offsetMs: rounded(fromMs - beginMs),
      isPlaced,
    }))
  return {
    attempt: attempt.attempt,
    phase: attempt.phase,
    startTime: startMs === null ? null : new Date(startMs + beginMs).toISOString(),
    totalMs: rounded(endMs - beginMs),
    steps,
  }
}

/** What the platform measured before the code ran. Of these steps only lengths are known: they end where the next one begins. */
function stepsBefore(attempt: AttemptRecord, initializer: AttemptRecord | null): readonly Placed[] {
  const steps: Placed[] = []
  const add = (name: StepName, endMs: number, durationMs: number | null): void => {
    if (durationMs !== null) steps.push({ name, fromMs: endMs - durationMs, durationMs, isPlaced: true })
  }
  const initialize = initializeStep(attempt, initializer)
  if (initialize !== null) steps.push(initialize)
  const readyMs = initialize?.fromMs ?? 0
  const { scheduleMs, coldStartMs, prepareCodeMs, runtimeInitMs } = attempt
  add('runtimeInit', readyMs, runtimeInitMs)
  add('prepareCode', readyMs - (runtimeInitMs ?? 0), prepareCodeMs)
  add('coldStart', readyMs, coldStartMs)
  add('schedule', 0, scheduleMs)
  return steps.toReversed()
}

/** The hook's own times, where it left any; else the length that the platform gives. */
function initializeStep(attempt: AttemptRecord, initializer: AttemptRecord | null): Placed | null {
  const startMs = msOf(attempt.startTime)
  const hookMs = msOf(initializer?.startTime ?? null)
  if (
    initializer !== null &&
    startMs !== null &&
    hookMs !== null &&
    initializer.durationMs !== null &&
    hookMs <= startMs
  ) {
    return { name: 'initialize', fromMs: hookMs - startMs, durationMs: initializer.durationMs, isPlaced: false }
  }
  const { initializeMs } = attempt
  return initializeMs === null
    ? null
    : { name: 'initialize', fromMs: -initializeMs, durationMs: initializeMs, isPlaced: true }
}

function ownStep({ phase, startTime, durationMs }: AttemptRecord): readonly Placed[] {
  if (durationMs === null) return []
  return [{ name: phase, fromMs: 0, durationMs, isPlaced: startTime === null }]
}

const msOf = (time: string | null): number | null => (time === null ? null : Date.parse(time))

/** Sums of decimals have tails. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000
