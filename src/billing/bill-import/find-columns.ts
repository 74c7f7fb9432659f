// Which columns of a bill hold what. Headers are matched loosely in form (case, blanks, full width, the name of a group in front), never
// in meaning: a column that no name of the mapping fits is not guessed.
import type { BillField, BillMapping } from '../../model/bill-mapping.ts'
import { billFault, quotedList } from './bill-fault.ts'

/** Headers shown in a message. */
const maxShown = 40

/** Half width, lower case, without blanks. */
const formOf = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')

/** What stands behind the name of a group: `账单信息/账单日期`. */
const behindGroup = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

/** The place of each field's column. Fails with `FCS_INPUT_CORRUPT` when a field that a bill needs has none, or two. */
export function findColumns(
  headers: readonly string[],
  mapping: BillMapping,
  place: string,
): ReadonlyMap<BillField, number> {
  const whole = headers.map(formOf)
  const short = whole.map(behindGroup)
  const found = new Map<BillField, number>()
  for (const [field, names] of mapping.columns) {
    const at = columnOf(names.map(formOf), [whole, short], { headers, field, place })
    if (at !== null) found.set(field, at)
  }
  requireFields(found, headers, mapping, place)
  return found
}

/** The first name that is there; as a whole header before as one behind a group. */
function columnOf(
  names: readonly string[],
  forms: readonly (readonly string[])[],
  { headers, field, place }: { headers: readonly string[]; field: BillField; place: string },
): number | null {
  for (const form of forms) {
    for (const name of names) {
      const places = form.flatMap((own, i) => (own === name ? [i] : []))
      const [first] = places
      if (first === undefined) continue
      if (places.length === 1) return first
      const both = places.map(at => headers[at] ?? '')
      throw billFault(place, {
        en: `${field} could be any of the columns ${quotedList(both, maxShown)}; give a mapping that names the right one`,
        zh: `${field} 可能是以下任一列：${quotedList(both, maxShown)}；请使用写明正确列名的映射`,
      })
    }
  }
  return null
}

function requireFields(
  found: ReadonlyMap<BillField, number>,
  headers: readonly string[],
  mapping: BillMapping,
  place: string,
): void {
  const product = mapping.functionCompute.map(({ field }) => field)
  const needed: readonly (readonly BillField[])[] = [
    [...new Set(product)],
    ['payable'],
    ['usageStart', 'day', 'month'],
    ...(mapping.fixedCurrency === null ? [['currency'] as const] : []),
  ]
  const missing = needed.filter(fields => !fields.some(field => found.has(field)))
  const [first] = missing
  if (first === undefined) return
  const fields = missing.map(each => each.filter(field => mapping.columns.has(field)).join('/')).join(', ')
  const tried = quotedList(
    first.flatMap(field => mapping.columns.get(field) ?? []),
    10,
  )
  const there = quotedList(headers, maxShown)
  throw billFault(place, {
    en: `the mapping ${mapping.mapping} finds no column for ${fields} (tried ${tried}); the columns are ${there}. Give a mapping that names them (docs/reconcile.md)`,
    zh: `映射 ${mapping.mapping} 找不到 ${fields} 的列（尝试了 ${tried}）；现有的列为 ${there}。请使用写明列名的映射（docs/reconcile.md）`,
  })
}
