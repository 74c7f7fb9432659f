// The beginning of a text, counted as ClickHouse counts it.

/** At most so many code points of `text`; a pair of surrogates is one. */
export function firstPoints(text: string, max: number): string {
  if (text.length <= max) return text
  let at = 0
  for (let points = 0; points < max && at < text.length; points++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return text.slice(0, at)
}
