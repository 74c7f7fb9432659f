// Checks the values of options that are more than a word of a list.
import type { Arguments } from './command.ts'
import { usageError } from './usage-error.ts'

/** Who asks, for the error. */
export interface OptionSite {
  readonly args: Arguments
  readonly command: string
  readonly name: string
}

/** A whole number within bounds. */
export function integerOption(site: OptionSite, range: { min: number; max: number; fallback: number }): number {
  const text = site.args.value(site.name)
  if (text === undefined) return range.fallback
  const value = Number(text)
  if (/^\d{1,15}$/.test(text) && value >= range.min && value <= range.max) return value
  throw usageError(site.command, {
    en: `--${site.name}: '${text}' is not a whole number from ${range.min} to ${range.max}.`,
    zh: `--${site.name}：'${text}' 不是 ${range.min} 到 ${range.max} 之间的整数。`,
  })
}

/** A time zone that the platform knows: an IANA name, `UTC`, or `+HH:MM`. */
export function timeZoneOption(site: OptionSite, fallback: string): string {
  const zone = site.args.value(site.name)
  if (zone === undefined) return fallback
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    throw usageError(site.command, {
      en: `--${site.name}: '${zone}' is no time zone. Give a name like Asia/Shanghai, or an offset like +08:00.`,
      zh: `--${site.name}：'${zone}' 不是时区，请使用 Asia/Shanghai 这样的名称或 +08:00 这样的偏移量。`,
    })
  }
}
