// The ways of compressing messages: those that kafkajs leaves to others, and gzip with a bound.
import { promisify } from 'node:util'
import { gzip, unzip, zstdCompress, zstdDecompress } from 'node:zlib'
import type { CompressionCodecs, CompressionTypes } from 'kafkajs'
import { CorruptBytes } from './grown-output.ts'
import { decompressLz4Frames } from './lz4-frames.ts'
import { decompressSnappy } from './snappy.ts'

/** Of one batch of messages; a broker takes no batch of more than a few MiB, and text shrinks to a tenth or so. */
export const maxDecompressedBytes = 256 * 1024 * 1024

const compressGzip = promisify(gzip)
const decompressGzip = promisify(unzip)
const compressZstd = promisify(zstdCompress)
const decompressZstd = promisify(zstdDecompress)

/** What kafkajs asks of a codec. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(bytes: Buffer): Promise<Buffer>
}

const gzipped: Codec = {
  compress: ({ buffer }) => compressGzip(buffer),
  decompress: bytes => decompressGzip(bytes, { maxOutputLength: maxDecompressedBytes }).catch(refuse),
}

const zstd: Codec = {
  compress: ({ buffer }) => compressZstd(buffer),
  decompress: bytes => decompressZstd(bytes, { maxOutputLength: maxDecompressedBytes }).catch(refuse),
}

function refuse(error: Error): never {
  throw new CorruptBytes(error.message)
}

/** Nothing of ours is sent so. */
const readOnly = (name: string, decompress: (bytes: Buffer) => Buffer): Codec => ({
  compress: async () => {
    throw new RangeError(`BUG: nothing is compressed with ${name}`)
  },
  decompress: async bytes => decompress(bytes),
})

/** Safe twice. */
export function registerCodecs(codecs: typeof CompressionCodecs, types: typeof CompressionTypes): void {
  codecs[types.GZIP] = () => gzipped
  codecs[types.ZSTD] = () => zstd
  codecs[types.LZ4] = () => readOnly('LZ4', bytes => decompressLz4Frames(bytes, maxDecompressedBytes))
  codecs[types.Snappy] = () => readOnly('Snappy', bytes => decompressSnappy(bytes, maxDecompressedBytes))
}
