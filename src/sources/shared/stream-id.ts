// Ids of the streams in a write-ahead log.
import { createHash } from 'node:crypto'

/** 16 lower-case hex digits, the same for the same log and name only, and never all zero. */
export function streamId(logId: string, name: string): string {
  const id = createHash('sha256').update(`${logId}\0${name}`).digest('hex').slice(0, 16)
  return /^0+$/.test(id) ? `${id.slice(1)}1` : id
}
