// What a restart needs to find a stream's content again, as JSON.
import { z } from 'zod'

/** The contract's bound, in bytes. */
const maxMemoBytes = 4096
const maxLength = 1024

const count = z.int().min(0)
const digits = z.string().regex(/^-?\d{1,30}$/)
const fileKey = z.string().regex(/^(?:\d{1,30}:\d{1,30})?$/)
const print = { length: z.int().min(0).max(maxLength), hash: z.string().max(64) }

const schema = z.object({
  v: z.literal(1),
  /** Where the content was last seen; empty when that is too long to be kept. */
  path: z.string(),
  /** {@link SourceStream.label}, where that is another. */
  label: z.string().optional(),
  /** Device and inode of the file that had it last; empty when that file has other content now. */
  key: fileKey,
  /** First position that was ever to be read: behind a byte order mark, or where following began. */
  from: count,
  head: z.object(print),
  /** The bytes before `position`, which need not be the stream's. */
  tail: z.object({ position: count, ...print }),
  /** It was there when following began for the very first time. */
  isEarly: z.boolean(),
  firstTime: z.string().max(32),
  isFinished: z.boolean(),
  compression: z.enum(['gzip', 'zstd']).nullable(),
  /** Of the file, in bytes; compressed if it is. */
  size: count,
  mtimeNs: digits,
  /** Files whose content is a part of this one: key, and size when that was found out. */
  copies: z.array(z.tuple([fileKey, count])).max(8),
})

export type StreamMemo = z.output<typeof schema>

/** Null when it is none of ours. */
export function readMemo(text: string): StreamMemo | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Drops the paths of a memo that would be too long: the file is found by its inode, then. */
export function writeMemo(memo: StreamMemo): string {
  const text = JSON.stringify(memo)
  if (Buffer.byteLength(text) <= maxMemoBytes) return text
  const { label: _, ...rest } = memo
  const shorter = JSON.stringify(rest)
  return Buffer.byteLength(shorter) <= maxMemoBytes ? shorter : JSON.stringify({ ...rest, path: '' })
}
