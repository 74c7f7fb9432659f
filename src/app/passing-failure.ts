// Which failures go away by themselves or by somebody's help: those are waited for.
import { StoreError } from '../model/store-connection.ts'
import { isTransient } from '../state/state-error.ts'

const passingCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EIO'])

/** True for a full disk, a server that does not answer, and the like. */
export function isPassing(error: unknown): boolean {
  if (error instanceof StoreError) return error.isTransient
  const code = error instanceof Error && 'code' in error ? error.code : null
  return isTransient(error) || passingCodes.has(code)
}
