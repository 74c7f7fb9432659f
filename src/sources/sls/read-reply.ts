// Turns an answer to PullLogs into a page of numbered records, or says why it cannot be one.
import { type PulledLogs, SlsError } from './client/sls-api.ts'
import type { RowEncoder } from './decode/encode-rows.ts'
import type { QuerySpan } from './query-span.ts'
import type { ShardNumbers } from './shard-numbers.ts'

/** The rows of a reply; `bytes`, out of the encoder's pages, and `ends` are the reader's own. */
export interface ReplyRecords {
  readonly first: number
  readonly bytes: Buffer
  readonly ends: Uint32Array
}

/** What a reply was found to be: `records` null: nothing has rows up to `to`; `isTooWide`: pull less at a time, from the same record. */
export interface ReadReply {
  readonly to: number
  readonly isTooWide: boolean
  readonly records: ReplyRecords | null
}

/** `from`: the record that was asked for. Throws an {@link SlsError} or a `DecodeError` for a reply that contradicts itself. */
export function readReply(
  reply: PulledLogs,
  about: { from: number; numbers: ShardNumbers; span: QuerySpan; hasQuery: boolean; encoder: RowEncoder },
): ReadReply {
  const { from, numbers, span, hasQuery, encoder } = about
  const to = numbers.numberOf(reply.nextCursor)
  if (to < from) throw badReply('the next cursor lies before the one that was asked for')
  if (reply.groups === 0) {
    span.widen()
    return { to, isTooWide: false, records: null }
  }
  const rows = encoder.encode(reply.body)
  if (rows.groups !== reply.groups) throw badReply(`${rows.groups} LogGroups instead of ${reply.groups}`)
  const last = hasQuery || reply.lastCursor === null ? to - 1 : numbers.numberOfValue(reply.lastCursor)
  const first = hasQuery ? from : last - reply.groups + 1
  // Also a reply whose next cursor is where it began: its records would come again.
  if (first < from || last >= to) throw badReply('its cursors do not belong to its LogGroups')
  const verdict = span.judge(reply.groups, to - from)
  if (verdict === 'tooWide') return { to: from, isTooWide: true, records: null }
  const ends = verdict === 'asOne' ? Uint32Array.of(rows.length) : rows.ends.slice(0, rows.groups)
  const bytes = encoder.pages.take(rows.length)
  bytes.set(rows.bytes.subarray(0, rows.length))
  return { to, isTooWide: false, records: { first, bytes, ends } }
}

function badReply(what: string): SlsError {
  return new SlsError({
    code: 'BadReply',
    status: 200,
    requestId: '',
    kind: 'retry',
    message: `a reply to PullLogs: ${what}`,
  })
}
