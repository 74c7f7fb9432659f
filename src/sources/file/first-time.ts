// The first time that a log's first bytes name: enough to tell which of two files of one log is older.

/** As `2026-01-31T08:00:00.123`; zones are the same throughout a log. */
const datePattern = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?/
/** Of a row of Simple Log Service, in seconds. */
const rowPattern = /"__time__":\s*"?(\d{10})/

/** Text that ascends with time among files of one log; empty when no time is found. `head`: the first bytes of a plain content. */
export function firstTime(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
  return rowPattern.exec(text)?.[1] ?? datePattern.exec(text)?.[0].replace('T', ' ').replace(',', '.') ?? ''
}
