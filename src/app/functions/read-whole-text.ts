// A whole input as text, bounded.
import { FcscopeError } from '../../model/fcscope-error.ts'
import { openInput } from '../../sources/file/open-input.ts'

/**
 * The text of a file, or of standard input for `-`, of at most `maxBytes` (a multiple of 1 MiB). Fails with `FCS_INPUT_MISSING` or
 * `FCS_INPUT_UNREADABLE`, and with `FCS_CONFIG_INVALID` for what is longer, or not UTF-8; `name` is what messages call it.
 */
export async function readWholeText(
  path: string,
  { name, maxBytes }: { name: string; maxBytes: number },
): Promise<string> {
  const bytes = await readBounded(path, maxBytes + 1)
  if (bytes.length > maxBytes) {
    const mebibytes = maxBytes / 1024 / 1024
    throw new FcscopeError('FCS_CONFIG_INVALID', {
      en: `${name}: longer than ${mebibytes} MiB; allowed: up to ${maxBytes} bytes. Check that it is the right file.`,
      zh: `${name}：超过 ${mebibytes} MiB；最多允许 ${maxBytes} 字节，请检查文件是否正确。`,
    })
  }
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

const firstBytes = 64 * 1024

/** At most `maxBytes` from the front. */
async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const input = await openInput(path)
  try {
    let buffer = new Uint8Array(firstBytes)
    let length = 0
    for (;;) {
      const count = await input.readInto(buffer, length, Math.min(buffer.length, maxBytes) - length)
      length += count
      if (count === 0 || length === maxBytes) return buffer.subarray(0, length)
      if (length < buffer.length) continue
      const larger = new Uint8Array(buffer.length * 2)
      larger.set(buffer)
      buffer = larger
    }
  } finally {
    await input.close()
  }
}
