// A whole input as bytes, as long as it is not longer than it may be.
import { openInput } from '../sources/file/open-input.ts'

const firstBytes = 64 * 1024

/**
 * Decompressed, without a byte order mark; `-` is standard input. At most one byte more than `maxBytes`, by which the caller sees that it is
 * too long. Fails as `openInput` and reading do.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const input = await openInput(path)
  try {
    let buffer: Buffer = Buffer.allocUnsafe(firstBytes)
    let length = 0
    for (;;) {
      const count = await input.readInto(buffer, length, Math.min(buffer.length, maxBytes + 1) - length)
      length += count
      if (count === 0 || length > maxBytes) return buffer.subarray(0, length)
      if (length < buffer.length) continue
      const larger = Buffer.allocUnsafe(buffer.length * 2)
      buffer.copy(larger, 0, 0, length)
      buffer = larger
    }
  } finally {
    await input.close()
  }
}
