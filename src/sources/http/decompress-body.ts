// Decompresses a whole body, of which it is not known how large it becomes.
import { constants, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'

export const encodings = ['identity', 'gzip', 'deflate', 'zstd'] as const
export type Encoding = (typeof encodings)[number]

export type Decompression =
  | { readonly kind: 'plain'; readonly bytes: Buffer }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'damaged' }

/** One member or frame, and how many of the given bytes it had. */
interface Member {
  readonly bytes: Buffer
  readonly used: number
}

/** What Node gives with `info: true`. Its types do not know of it. */
interface WithEngine {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

type Engine = typeof gunzip

const chunkSize = 128 * 1024
/** RFC 9659: a window of more than 8 MiB is no `zstd` of HTTP. Without it a head of ten bytes would cost 128 MiB. */
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 }

/** Never holds much more than `maxBytes` of plain bytes, whatever the body says. */
export async function decompressBody(
  encoding: Exclude<Encoding, 'identity'>,
  body: Buffer,
  maxBytes: number,
): Promise<Decompression> {
  const members: Buffer[] = []
  let at = 0
  let total = 0
  try {
    do {
      const rest = body.subarray(at)
      const { bytes, used } = await decompressMember(engineFor(encoding, rest), rest, maxBytes - total)
      at += used
      total += bytes.length
      if (total > maxBytes) return { kind: 'tooLarge' }
      if (bytes.length > 0) members.push(bytes)
      // Node ends quietly where a frame of zstd ends; for gzip it does that itself, and what it leaves is no gzip.
      if (used === 0 || (encoding !== 'zstd' && at < body.length)) return { kind: 'damaged' }
    } while (at < body.length)
  } catch (error) {
    return { kind: isTooLarge(error) ? 'tooLarge' : 'damaged' }
  }
  return { kind: 'plain', bytes: members.length === 1 && members[0] ? members[0] : Buffer.concat(members, total) }
}

function engineFor(encoding: Exclude<Encoding, 'identity'>, body: Buffer): Engine {
  if (encoding === 'gzip') return gunzip
  // The overloads are the same, but for the kind of their options.
  if (encoding === 'zstd') return zstdDecompress as unknown as Engine
  // "deflate" means zlib's form, but some senders leave its head away: method 8, and a multiple of 31.
  const first = body[0] ?? 0
  return (first & 15) === 8 && (first * 256 + (body[1] ?? 0)) % 31 === 0 ? inflate : inflateRaw
}

function decompressMember(engine: Engine, body: Buffer, maxBytes: number): Promise<Member> {
  // 0 would mean "no limit"; one byte more than allowed is seen below.
  const options = { chunkSize, maxOutputLength: Math.max(1, maxBytes), info: true, params: zstdParams }
  return new Promise((resolve, reject) => {
    engine(body, options, (error, result) => {
      if (error !== null) return reject(error)
      // With `info` the result is an object; see WithEngine.
      const { buffer, engine: used } = result as unknown as WithEngine
      resolve({ bytes: buffer, used: used.bytesWritten })
    })
  })
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
