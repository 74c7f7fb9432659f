// Times as the runtimes write them. The part down to the second is kept per second, because lines come in bursts.

const kept: { second: number; text: string }[] = Array.from({ length: 64 }, () => ({ second: -1, text: '' }))

/** `2024-03-04T07:01:16`, UTC. */
function upToSecond(ms: number): string {
  const second = Math.floor(ms / 1000)
  const slot = kept[second & 63]
  if (slot === undefined) return ''
  if (slot.second !== second) {
    slot.second = second
    slot.text = new Date(second * 1000).toISOString().slice(0, 19)
  }
  return slot.text
}

const millis = (ms: number): string => String(1000 + (((ms % 1000) + 1000) % 1000)).slice(1)

/** `2024-03-04T07:01:16.927Z` */
export const isoTime = (ms: number): string => `${upToSecond(ms)}.${millis(ms)}Z`

/** `2024-03-04T07:01:16Z` */
export const isoSeconds = (ms: number): string => `${upToSecond(ms)}Z`

/** `2024-03-04 07:01:16.927`, with the separator that the runtime puts before the milliseconds. */
export function spacedTime(ms: number, separator: '.' | ','): string {
  const text = upToSecond(ms)
  return `${text.slice(0, 10)} ${text.slice(11)}${separator}${millis(ms)}`
}

/** Go's `2006-01-02T15:04:05.999Z`: zeros at the end of the fraction are dropped, and an empty fraction with its point. */
export function goIsoTime(ms: number): string {
  let fraction = millis(ms)
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  return fraction === '' ? isoSeconds(ms) : `${upToSecond(ms)}.${fraction}Z`
}

/** Go's standard log: `2022/02/17 04:29:02.228870`. */
export function slashTime(ms: number, micros: string): string {
  return `${slashSeconds(ms)}.${millis(ms)}${micros}`
}

/** nginx: `2022/02/17 04:29:02`. */
export function slashSeconds(ms: number): string {
  const text = upToSecond(ms)
  return `${text.slice(0, 4)}/${text.slice(5, 7)}/${text.slice(8, 10)} ${text.slice(11)}`
}

const shanghaiOffsetMs = 8 * 3600 * 1000

/** The console's own time, whole seconds in Asia/Shanghai (which has had no daylight saving since 1991). */
export function consoleTime(ms: number): string {
  const text = upToSecond(ms + shanghaiOffsetMs)
  return `${text.slice(0, 10)} ${text.slice(11)}`
}
