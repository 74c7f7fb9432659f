// The text of a configuration file, bounded.
import { closeSync, openSync, readSync } from 'node:fs'
import { FcscopeError } from '../model/fcscope-error.ts'

/** Longest configuration file, in bytes. An honest one of that length is parsed in a second, the worst one in ten. */
export const maxConfigBytes = 1_048_576

/** Reads a whole UTF-8 file, or throws an FcscopeError. Pipes (`<(…)`) are read too, endless ones up to the bound. */
export function readConfigFile(path: string): string {
  const bytes = readOrFail(path)
  if (bytes.length > maxConfigBytes) {
    throw new FcscopeError('FCS_CONFIG_INVALID', {
      en: `${path}: longer than 1 MiB; allowed: up to ${maxConfigBytes} bytes. Check that it is the right file.`,
      zh: `${path}：超过 1 MiB；最多允许 ${maxConfigBytes} 字节，请检查文件是否正确。`,
    })
  }
  return decodeText(path, bytes)
}

/** `name` is what the message calls it. Fails with `FCS_CONFIG_INVALID` for what is not UTF-8. */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new FcscopeError(
      'FCS_CONFIG_INVALID',
      {
        en: `${name}: found bytes that are not UTF-8; allowed: UTF-8 text. Save the file as UTF-8.`,
        zh: `${name}：包含非 UTF-8 字节；应为 UTF-8 文本，请以 UTF-8 编码保存。`,
      },
      { cause },
    )
  }
}

/** The beginning of a file, at most `maxBytes`; fails with what the system says. */
export function readBytes(path: string, maxBytes: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const buffer = new Uint8Array(maxBytes)
    let length = 0
    while (length < buffer.length) {
      const count = readSync(file, buffer, length, buffer.length - length, null)
      if (count === 0) break
      length += count
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

/** The system's word for why a file cannot be read (`EACCES`). */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'EIO'

/** At most one byte more than allowed. */
function readOrFail(path: string): Uint8Array {
  try {
    return readBytes(path, maxConfigBytes + 1)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): FcscopeError {
  const code = codeOf(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new FcscopeError(
      'FCS_INPUT_MISSING',
      { en: `${path}: no such file. Check the path.`, zh: `${path}：文件不存在，请检查路径。` },
      { cause },
    )
  }
  return new FcscopeError(
    'FCS_INPUT_UNREADABLE',
    {
      en: `${path}: cannot be read (${code}). Name a file that this user may read.`,
      zh: `${path}：无法读取（${code}），请指定当前用户可读的文件。`,
    },
    { cause },
  )
}
