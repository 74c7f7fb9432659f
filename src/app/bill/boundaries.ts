// When functions.yaml changes.
import type { FunctionConfig } from '../../model/function-config.ts'

/** Unix ms, rising. */
export const boundariesOf = (functions: readonly FunctionConfig[]): readonly number[] => {
  const starts = functions.map(({ effectiveFromMs }) => effectiveFromMs).filter(ms => ms !== null)
  return [...new Set(starts)].sort((a, b) => a - b)
}
