// The mapping of a bill from its file.
import type { BillField, BillMapping, FieldPattern } from '../model/bill-mapping.ts'
import { type BillMappingFile, billMappingSchema } from './bill-mapping-schema.ts'
import type { ConfigPath } from './config-problem.ts'
import { loadDataFile } from './load-data-file.ts'
import type { Finding } from './schema-findings.ts'

/**
 * Reads and checks the mapping of a bill (docs/reconcile.md). Throws an FcscopeError: FCS_INPUT_MISSING or FCS_INPUT_UNREADABLE for
 * the file, FCS_CONFIG_INVALID with every problem in it.
 */
export function loadBillMapping(path: string): BillMapping {
  const file = loadDataFile(path, billMappingSchema, ruleFindings)
  return {
    mapping: file.mapping,
    format: file.format,
    sources: file.sources,
    utcOffsetMs: offsetMs(file.utcOffset),
    columns: new Map(columnsOf(file)),
    functionCompute: file.functionCompute.map(compiled),
    names: file.names.map(compiled),
    kinds: file.kinds.map(rule => ({ ...compiled(rule), kind: rule.kind })),
    items: file.items.map(({ resource, isAsleep, scale, ...rule }) => ({
      ...compiled(rule),
      resource,
      isAsleep,
      scale: String(scale),
    })),
    regions: new Map(Object.entries(file.regions)),
    currencies: new Map(Object.entries(file.currencies)),
    fixedCurrency: file.fixedCurrency ?? null,
    isUsageAfterDeduction: file.isUsageAfterDeduction,
  }
}

const compiled = ({ field, pattern }: { field: BillField; pattern: string }): FieldPattern => ({
  field,
  pattern: new RegExp(pattern, 'iu'),
})

const columnsOf = (file: BillMappingFile): (readonly [BillField, readonly string[]])[] =>
  // The schema has no keys but those of the fields.
  Object.entries(file.columns).flatMap(([name, names]) => (names === undefined ? [] : [[name as BillField, names]]))

function offsetMs(text: string): number {
  const [hours = '0', minutes = '0'] = text.slice(1).split(':')
  return (text.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** What is wrong between parts that are right one by one. */
function ruleFindings(file: BillMappingFile): readonly Finding[] {
  const findings: Finding[] = []
  const find = (path: ConfigPath, en: string, zh: string): void => void findings.push({ path, text: { en, zh } })
  const known = new Set(Object.keys(file.columns))
  for (const list of ['functionCompute', 'names', 'kinds', 'items'] as const) {
    for (const [i, { field }] of file[list].entries()) {
      if (!known.has(field))
        find([list, i, 'field'], `columns has no ${field}; allowed: a field that it has`, `columns 中没有 ${field}`)
    }
  }
  for (const [i, { pattern }] of file.names.entries()) {
    if (!pattern.includes('(?<functionName>'))
      find(
        ['names', i, 'pattern'],
        'found no group (?<functionName>…); allowed: a pattern with it',
        '缺少命名组 (?<functionName>…)',
      )
  }
  const needed: readonly [what: Finding['text'], fields: readonly BillField[]][] = [
    [{ en: 'payable', zh: 'payable' }, ['payable']],
    [{ en: 'one of usageStart, day, month', zh: 'usageStart、day、month 之一' }, ['usageStart', 'day', 'month']],
  ]
  for (const [what, fields] of needed) {
    if (!fields.some(field => known.has(field)))
      find(['columns'], `${what.en} is missing; a bill says nothing without it`, `缺少 ${what.zh}，没有它账单无法读取`)
  }
  if (!known.has('currency') && file.fixedCurrency === undefined)
    find(['columns'], 'currency is missing; allowed: it, or fixedCurrency', '缺少 currency，应写明该列或 fixedCurrency')
  return findings
}
