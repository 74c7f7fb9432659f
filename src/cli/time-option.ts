// Options that name a time: a moment, or how long ago.
import type { OptionSite } from './option-values.ts'
import { usageError } from './usage-error.ts'

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `15m`, `2h`, `7d` as ms; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd])$/.exec(text)
  if (match === null) return undefined
  // The pattern allows no other letter.
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
}

/** A length of time within bounds, in ms. */
export function durationOption(site: OptionSite, range: { minMs: number; maxMs: number; fallbackMs: number }): number {
  const text = site.args.value(site.name)
  if (text === undefined) return range.fallbackMs
  const ms = durationOf(text)
  if (ms !== undefined && ms >= range.minMs && ms <= range.maxMs) return ms
  const bounds = `${spanText(range.minMs)} – ${spanText(range.maxMs)}`
  throw usageError(site.command, {
    en: `--${site.name}: '${text}' is no length of time like 90s, 15m, 2h or 7d, within ${bounds}.`,
    zh: `--${site.name}：'${text}' 不是 90s、15m、2h、7d 这样且在 ${bounds} 之内的时长。`,
  })
}

/** A moment, as unix ms; null when the option is not there. */
export function sinceOption(site: OptionSite, nowMs: number): number | null {
  const text = site.args.value(site.name)
  if (text === undefined) return null
  const agoMs = durationOf(text)
  if (agoMs !== undefined) return nowMs - agoMs
  // Without a zone it would be that of the machine, which nobody sees.
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (!Number.isNaN(ms)) return ms
  throw usageError(site.command, {
    en: `--${site.name}: '${text}' is no time. Give one like 15m, 2h, 2025-01-15 or 2025-01-15T08:00:00Z.`,
    zh: `--${site.name}：'${text}' 不是时间，请使用 15m、2h、2025-01-15 或 2025-01-15T08:00:00Z 这样的写法。`,
  })
}

export const spanText = (ms: number): string =>
  ms % unitMs.d === 0
    ? `${ms / unitMs.d}d`
    : ms % unitMs.h === 0
      ? `${ms / unitMs.h}h`
      : ms % unitMs.m === 0
        ? `${ms / unitMs.m}m`
        : `${ms / 1000}s`
