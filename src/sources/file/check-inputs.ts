// Looks at every named input before the first one is read, so that a wrong path costs no half-done work (contract §1).
import { accessSync, constants, statSync } from 'node:fs'
import { inputError } from './input-error.ts'

/** Fails with `FCS_INPUT_MISSING` or `FCS_INPUT_UNREADABLE` for the first path that is no readable file. */
export function checkInputs(names: readonly string[]): void {
  for (const name of names) {
    if (name !== '-') checkPath(name)
  }
}

function checkPath(path: string): void {
  try {
    accessSync(path, constants.R_OK)
    if (statSync(path).isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
  } catch (cause) {
    throw inputError(path, cause)
  }
}
