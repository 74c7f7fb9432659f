// A whole input as text, bounded.
import { decodeText } from '../../config/read-config-file.ts'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { readBounded } from '../read-bounded.ts'

/**
 * The text of a file, or of standard input for `-`, of at most `maxBytes` (a multiple of 1 MiB). Fails with `FCS_INPUT_MISSING` or
 * `FCS_INPUT_UNREADABLE`, and with `FCS_CONFIG_INVALID` for what is longer, or not UTF-8; `name` is what messages call it.
 */
export async function readWholeText(
  path: string,
  { name, maxBytes }: { name: string; maxBytes: number },
): Promise<string> {
  const bytes = await readBounded(path, maxBytes)
  if (bytes.length > maxBytes) {
    const mebibytes = maxBytes / 1024 / 1024
    throw new FcscopeError('FCS_CONFIG_INVALID', {
      en: `${name}: longer than ${mebibytes} MiB; allowed: up to ${maxBytes} bytes. Check that it is the right file.`,
      zh: `${name}：超过 ${mebibytes} MiB；最多允许 ${maxBytes} 字节，请检查文件是否正确。`,
    })
  }
  return decodeText(name, bytes)
}
