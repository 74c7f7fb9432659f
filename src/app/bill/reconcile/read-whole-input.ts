// A whole input as bytes, bounded: a bill has to be read to its end before its encoding is known.
import { FcscopeError } from '../../../model/fcscope-error.ts'
import { openInput } from '../../../sources/file/open-input.ts'

const firstBytes = 1024 * 1024

/**
 * Decompressed, without a byte order mark. Fails with `FCS_INPUT_MISSING` or `FCS_INPUT_UNREADABLE`, and with `FCS_INPUT_CORRUPT` when it
 * is longer than `maxBytes`.
 */
export async function readWholeInput(name: string, maxBytes: number): Promise<Buffer> {
  const input = await openInput(name)
  try {
    let buffer: Buffer = Buffer.allocUnsafe(firstBytes)
    let length = 0
    for (;;) {
      if (length === buffer.length) buffer = grown(buffer, { length, maxBytes, name })
      const read = await input.readInto(buffer, length, buffer.length - length)
      if (read === 0) return buffer.subarray(0, length)
      length += read
    }
  } finally {
    await input.close()
  }
}

function grown(buffer: Buffer, { length, maxBytes, name }: { length: number; maxBytes: number; name: string }): Buffer {
  if (length >= maxBytes) {
    const most = `${Math.floor(maxBytes / 1024 / 1024)} MiB`
    throw new FcscopeError('FCS_INPUT_CORRUPT', {
      en: `${name}: longer than ${most}; cut it into several files.`,
      zh: `${name}：超过 ${most}，请拆分为多个文件。`,
    })
  }
  const larger = Buffer.allocUnsafe(Math.min(buffer.length * 2, maxBytes))
  buffer.copy(larger, 0, 0, length)
  return larger
}
