// Reads `--faults`: one rate for all, or a list of names with their rates.
import { defaultFaultRate, type FaultRates, faults, spreadFaultRate } from './options.ts'

export type ParsedFaults =
  | { readonly kind: 'rates'; readonly rates: FaultRates }
  | { readonly kind: 'invalid'; readonly part: string }

/** `rows` and `metrics` say what the format shows: of the faults of one rate only visible ones are used. */
export function parseFaults(
  text: string | null,
  shows: { readonly rows: boolean; readonly metrics: boolean },
): ParsedFaults {
  if (text === null) return { kind: 'rates', rates: spreadFaultRate(defaultFaultRate, shows) }
  const single = parseRate(text)
  if (single !== null) return { kind: 'rates', rates: spreadFaultRate(single, shows) }
  const rates: Partial<Record<(typeof faults)[number], number>> = {}
  let sum = 0
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=')
    const fault = faults.find(known => known === name.trim())
    const rate = parseRate(value)
    if (fault === undefined || rate === null) return { kind: 'invalid', part }
    rates[fault] = rate
    sum += rate
  }
  // Rates such as 0.1 + 0.9 may miss 1 by a rounding error.
  return sum > 1 + 1e-9 ? { kind: 'invalid', part: text } : { kind: 'rates', rates }
}

function parseRate(text: string): number | null {
  const trimmed = text.trim()
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(trimmed)) return null
  const rate = Number(trimmed)
  return rate <= 1 ? rate : null
}
