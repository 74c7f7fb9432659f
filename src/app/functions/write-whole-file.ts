// Writes a file that is there as a whole, or as it was before.
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { systemCode } from '../../model/system-code.ts'

/** Fails with `FCS_USAGE` when something is there. Asked before the work as well, so that nobody waits for nothing. */
export function checkIsFree(path: string): void {
  if (statOf(path) === null) return
  throw new FcscopeError('FCS_USAGE', {
    en: `--out: ${path} is there already. Name another file, or add --force to replace it.`,
    zh: `--out：${path} 已存在。请指定其他文件，或添加 --force 覆盖。`,
  })
}

/** Fails with `FCS_OUTPUT_FAILED`, and with `FCS_USAGE` for a file that is there when it must not be replaced. */
export function writeWholeFile(path: string, text: string, { mayReplace }: { mayReplace: boolean }): void {
  if (!mayReplace) checkIsFree(path)
  try {
    const before = statOf(path)
    // A terminal or a pipe cannot be replaced by a file, and must not be.
    if (before !== null && !before.isFile()) writeFileSync(path, text)
    else replaceFile(before === null ? path : realpathSync(path), text, before === null ? 0o666 : before.mode & 0o777)
  } catch (cause) {
    throw new FcscopeError(
      'FCS_OUTPUT_FAILED',
      {
        en: `${path}: cannot be written (${systemCode(cause)}). Name a file in a folder that you may write to.`,
        zh: `${path}：无法写入（${systemCode(cause)}）。请指定有写权限的目录中的文件。`,
      },
      { cause, exitStatus: 3 },
    )
  }
}

function replaceFile(path: string, text: string, mode: number): void {
  const part = `${path}.${process.pid}.part`
  // Outside of what tidies up: when it is there already, it is somebody else's.
  const file = openSync(part, 'wx', mode)
  try {
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false }) ?? null
