// Decompresses the body of a reply, which says its codec and its size in headers of its own (facts §1.2, §1.3).
import { promisify } from 'node:util'
import { constants, type InputType, inflate, zstdDecompress } from 'node:zlib'
import { decompressLz4Block } from '../decode/lz4/lz4-block.ts'
import type { ReusedBytes } from '../decode/reused-bytes.ts'
import { badReply } from './read-failure.ts'
import type { Reply } from './transport.ts'

/** What a body may become. Replies have about 10 MiB. */
export const maxRawBytes = 64 * 1024 * 1024
/** What it may be as it is sent: LZ4 makes bytes that it cannot compress longer, by 1/255. */
export const maxSentBytes = maxRawBytes + maxRawBytes / 128

/** Frames of one segment have a window of their own size. */
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 26 }

const inflateBody = promisify((body: InputType, size: number, done: (error: Error | null, raw: Buffer) => void) =>
  inflate(body, { maxOutputLength: size, chunkSize: chunkFor(size) }, done),
)
const zstdBody = promisify((body: InputType, size: number, done: (error: Error | null, raw: Buffer) => void) =>
  zstdDecompress(body, { maxOutputLength: size, chunkSize: chunkFor(size), params: zstdParams }, done),
)
const chunkFor = (size: number): number => Math.max(64, Math.min(size, 4 * 1024 * 1024))

/** The body as it was before it was compressed, in memory of `bytes` or of its own. Rejects with an `SlsError` when it is not what the headers say. */
export async function decompressReply(api: string, reply: Reply, bytes: ReusedBytes): Promise<Buffer> {
  const size = sizeOf(api, reply)
  if (size === 0) return Buffer.alloc(0)
  const raw = await decompress(api, reply, { size, bytes })
  if (raw.length !== size) throw badReply(api, reply, `${raw.length} bytes instead of ${size}`)
  return raw
}

function sizeOf(api: string, reply: Reply): number {
  const text = reply.headers['x-log-bodyrawsize']
  const size = typeof text === 'string' && /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(size)) throw badReply(api, reply, 'its x-log-bodyrawsize is no size')
  // Before anything is reserved for it.
  if (size > maxRawBytes) throw badReply(api, reply, `${size} bytes, more than ${maxRawBytes}`)
  return size
}

async function decompress(
  api: string,
  reply: Reply,
  { size, bytes }: { size: number; bytes: ReusedBytes },
): Promise<Buffer> {
  // The service's own header: there is no Content-Encoding. It decides, whatever was asked for.
  const codec = String(reply.headers['x-log-compresstype'] ?? '').toLowerCase()
  try {
    if (codec === '') return reply.body
    if (codec === 'lz4') return decompressLz4Block(reply.body, size, length => bytes.take(length))
    if (codec === 'zstd') return await zstdBody(reply.body, size)
    if (codec === 'deflate') return await inflateBody(reply.body, size)
  } catch (error) {
    throw badReply(api, reply, `${codec} that is damaged`, error)
  }
  throw badReply(api, reply, `an unknown x-log-compresstype, ${codec.slice(0, 32)}`)
}
