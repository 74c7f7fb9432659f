// What is said when the state cannot be opened or written.
import { accessSync, constants } from 'node:fs'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'

/** Result codes of SQLite (https://sqlite.org/rescode.html) that need words of their own. */
const busy = 5
const readOnly = 8
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26

/** The result code of an error of `node:sqlite`; null for anything else. The lowest byte is the primary code. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

/** True when the fault may go away by itself or by somebody's help while the worker waits: a full disk above all. */
export const isTransient = (error: unknown): boolean => {
  const code = sqliteCode(error)
  return code === full || code === ioError
}

const diskFull: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const notWritable: ReadonlySet<string> = new Set(['EACCES', 'EROFS', 'EPERM'])

/** True for what SQLite says, and for a disk that is full or may not be written. */
export const isDiskFailure = (error: unknown): boolean => {
  const code = systemCodeOf(error)
  return sqliteCode(error) !== null || diskFull.has(code) || notWritable.has(code)
}

const systemCodeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** On a disk that may not be written SQLite speaks of a fault of the disk. */
function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** The state in `folder` has a schema that this version does not know. */
export const newerState = (folder: string): FcscopeError =>
  new FcscopeError(
    'FCS_STATE_UNUSABLE',
    {
      en: `${folder}: the state was written by a newer version of fcscope. Go on with that version, or name another folder in state.path.`,
      zh: `${folder}：状态由更新版本的 fcscope 写入。请使用该版本继续，或在 state.path 中指定其他目录。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

/** An error of the state in `folder` as the user needs it. */
export function stateError(folder: string, cause: unknown): FcscopeError {
  const code = sqliteCode(cause)
  const unusable = (en: string, zh: string): FcscopeError =>
    new FcscopeError(
      'FCS_STATE_UNUSABLE',
      { en: `${folder}: ${en}`, zh: `${folder}：${zh}` },
      { cause, exitStatus: ExitStatus.unreachable },
    )
  if (code === busy) {
    return new FcscopeError(
      'FCS_STATE_LOCKED',
      {
        en: `${folder}: another worker is using this state. Stop it, or give this one a state.path and store.path of its own.`,
        zh: `${folder}：该状态正被另一个 worker 使用。请停止它，或为本 worker 指定单独的 state.path 和 store.path。`,
      },
      { cause, exitStatus: ExitStatus.unreachable },
    )
  }
  if (code === corrupt || code === notADatabase) {
    return unusable(
      'the state is damaged. Move this folder away and start again: everything is read again, and nothing is stored twice.',
      '状态已损坏。请移走该目录后重新启动：数据将重新读取，且不会重复存储。',
    )
  }
  const systemCode = systemCodeOf(cause)
  if (code === full || diskFull.has(systemCode)) {
    return unusable('the disk is full. Make room, then start again.', '磁盘已满，请腾出空间后重新启动。')
  }
  const isRefused = code === readOnly || code === cannotOpen || notWritable.has(systemCode)
  if (isRefused || (code === ioError && !mayWrite(folder))) {
    return unusable(
      'the state cannot be written there. Make the folder writable for this user, or name another one in state.path.',
      '无法在该处写入状态。请为当前用户开放写权限，或在 state.path 中指定其他目录。',
    )
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return unusable(
    `the state cannot be used (${reason}). Check the folder and its disk.`,
    `无法使用状态（${reason}），请检查该目录及其磁盘。`,
  )
}
