// Times, lengths of time and sizes as people read them; the same in both languages.

/** `25.7 ms`, `3,001 ms`, `12.3 s`, `2 min 5 s`; a dash for what is not known. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 10_000) return `${grouped(ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms))} ms`
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 7200
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** `64.5 / 512 MB`; either may be unknown. */
export function memory(peakMB: number | null, limitMB: number | null): string {
  if (peakMB === null && limitMB === null) return '–'
  const peak = peakMB === null ? '–' : grouped(Math.round(peakMB * 10) / 10)
  return limitMB === null ? `${peak} MB` : `${peak} / ${grouped(limitMB)} MB`
}

/** `2025-01-15 08:00:01.234Z` */
export const dateTime = (time: string | null): string =>
  time === null ? '–' : time.replace('T', ' ').replace(/(\.\d{3})\d*Z$/, '$1Z')

/** `08:00:01.234`, with the day in front where it is another one than `day` (`2025-01-15`). */
export function clock(time: string | null, day: string): string {
  if (time === null) return '–'
  const text = dateTime(time).replace(/Z$/, '')
  return text.startsWith(`${day} `) ? text.slice(day.length + 1) : text
}

export const dayOf = (time: string | null): string => time?.slice(0, 10) ?? ''

export const grouped = (value: number): string => value.toLocaleString('en-US')

export const percent = (share: number): string => `${Math.round(share * 100)} %`
