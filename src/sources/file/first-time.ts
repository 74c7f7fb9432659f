// When a log's first bytes were written, as these say: enough to tell which of two files of one log is older.

const datePattern = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(Z?)/g
/** Of a row of Simple Log Service, in seconds. */
const rowPattern = /"__time__":\s*"?(\d{10})/g

/**
 * A time in seconds that sorts among others as text, `Z` at its end when its zone is certain; empty when there is none. The
 * latest of those that are there, for a line may come late. `head`: the first bytes of a plain content.
 */
export function firstTime(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
  const rows = [...text.matchAll(rowPattern)].map(([, seconds]) => toText(Number(seconds)))
  const dates = [...text.matchAll(datePattern)].map(([, day, time, zone]) => `${day} ${time}${zone}`)
  const times = [...rows, ...dates]
  const certain = times.filter(isCertain)
  return (certain.length > 0 ? certain : times).sort().at(-1) ?? ''
}

export const isCertain = (time: string): boolean => time.endsWith('Z')

const toText = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().replace('T', ' ').replace('.000', '')
