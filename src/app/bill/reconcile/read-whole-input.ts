// A whole input as bytes, bounded: a bill has to be read to its end before its encoding is known.
import { FcscopeError } from '../../../model/fcscope-error.ts'
import { readBounded } from '../../read-bounded.ts'

/**
 * Decompressed, without a byte order mark. Fails with `FCS_INPUT_MISSING` or `FCS_INPUT_UNREADABLE`, and with `FCS_INPUT_CORRUPT` when it
 * is longer than `maxBytes`.
 */
export async function readWholeInput(name: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readBounded(name, maxBytes)
  if (bytes.length <= maxBytes) return bytes
  const most = `${Math.floor(maxBytes / 1024 / 1024)} MiB`
  throw new FcscopeError('FCS_INPUT_CORRUPT', {
    en: `${name}: longer than ${most}; cut it into several files.`,
    zh: `${name}：超过 ${most}，请拆分为多个文件。`,
  })
}
