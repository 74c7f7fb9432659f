// Writes the ledger as JSON.
import { writeFile } from 'node:fs/promises'
import { FcscopeError } from '../model/fcscope-error.ts'
import type { Ledger } from '../model/ledger.ts'

/** Writes the ledger to `path`. Fails with `FCS_OUTPUT_FAILED`. */
export async function writeLedger(path: string, ledger: Ledger): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(ledger.report())}\n`)
  } catch (cause) {
    // Node's file errors carry a code; anything else has at least a message.
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FcscopeError(
      'FCS_OUTPUT_FAILED',
      {
        en: `${path}: the ledger cannot be written (${reason}). Name a file in a folder that you may write to.`,
        zh: `${path}：无法写入账本（${reason}）。请指定有写权限的目录中的文件。`,
      },
      { cause },
    )
  }
}
