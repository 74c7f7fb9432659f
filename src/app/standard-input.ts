// Standard input of commands that read the store: read as a whole where it is asked for, and out of the engine's reach else.
import { closeSync, openSync, readFileSync } from 'node:fs'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'

/** All of standard input as text. Fails with `FCS_INPUT_UNREADABLE`. */
export function readStandardInput(): string {
  try {
    return readFileSync(0, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'
    const text = { en: `standard input cannot be read (${code}).`, zh: `无法读取标准输入（${code}）。` }
    throw new FcscopeError('FCS_INPUT_UNREADABLE', text, { cause, exitStatus: ExitStatus.usage })
  }
}

/**
 * Puts nothing in the place of standard input. The embedded engine is made for a command line of its own: statements that take data
 * read descriptor 0 behind our back, and whoever pipes into `fcscope query` did not mean that.
 */
export function detachStandardInput(): void {
  try {
    closeSync(0)
  } catch {
    // It was closed when we came: then it must not be given to the first file that is opened either.
  }
  // The lowest free number is taken, which is 0.
  openSync('/dev/null', 'r')
}
