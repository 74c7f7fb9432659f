// Which of the times between changes of functions.yaml a moment is in.
import type { EraQuestion } from '../../model/run-history.ts'

/** Index of the era; eras are in the order of time. */
export const eraAt = (eras: readonly EraQuestion[], atMs: number): number =>
  Math.max(
    0,
    eras.findLastIndex(({ fromMs }) => (fromMs ?? 0) <= atMs),
  )
