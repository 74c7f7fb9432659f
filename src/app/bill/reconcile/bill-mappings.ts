// The mappings of bills that ship with fcscope, and a user's own.
import { fileURLToPath } from 'node:url'
import { loadBillMapping } from '../../../config/load-bill-mapping.ts'
import type { BillMapping } from '../../../model/bill-mapping.ts'
import { FcscopeError } from '../../../model/fcscope-error.ts'

const folder = new URL('../../../billing/bill-mappings/', import.meta.url)

export const shippedMappings = ['console-csv', 'describe-instance-bill'] as const

/** A mapping by its name, or from a file. Fails with `FCS_USAGE` for a name that is neither, and as {@link loadBillMapping}. */
export function openBillMapping(nameOrPath: string): BillMapping {
  if (shippedMappings.some(name => name === nameOrPath))
    return loadBillMapping(fileURLToPath(new URL(`${nameOrPath}.yaml`, folder)))
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) return loadBillMapping(nameOrPath)
  const names = shippedMappings.join(', ')
  throw new FcscopeError('FCS_USAGE', {
    en: `--mapping: '${nameOrPath}' is none of ${names}, and no path of a file. Give one of them, or a YAML file of your own (docs/reconcile.md).`,
    zh: `--mapping：'${nameOrPath}' 不是 ${names} 之一，也不是文件路径。请使用其中之一，或自己的 YAML 文件（docs/reconcile.md）。`,
  })
}
