// Writes a page for a browser.
import { writeFileSync } from 'node:fs'
import { FcscopeError } from '../model/fcscope-error.ts'

/** Fails with `FCS_OUTPUT_FAILED`. For the user alone, until he shares it. */
export function writePage(path: string, page: string): void {
  try {
    writeFileSync(path, page, { mode: 0o600 })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FcscopeError(
      'FCS_OUTPUT_FAILED',
      {
        en: `${path}: the page cannot be written (${reason}). Name a file in a folder that you may write to.`,
        zh: `${path}：无法写入页面（${reason}）。请指定有写权限的目录中的文件。`,
      },
      { cause, exitStatus: 3 },
    )
  }
}
