// The price books that ship with fcscope, and a user's own.
import { fileURLToPath } from 'node:url'
import { loadPriceBook } from '../../config/load-price-book.ts'
import { FcscopeError } from '../../model/fcscope-error.ts'
import type { PriceBook } from '../../model/price-book.ts'

const folder = new URL('../../billing/price-books/', import.meta.url)

export const shippedBooks = ['fc3-cn', 'fc2-cn', 'intl'] as const

/** A book by its name, or from a file. Fails with `FCS_USAGE` for a name that is neither, and as {@link loadPriceBook}. */
export function openPriceBook(nameOrPath: string): PriceBook {
  if (shippedBooks.some(name => name === nameOrPath))
    return loadPriceBook(fileURLToPath(new URL(`${nameOrPath}.yaml`, folder)))
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) return loadPriceBook(nameOrPath)
  const names = shippedBooks.join(', ')
  throw new FcscopeError('FCS_USAGE', {
    en: `--book: '${nameOrPath}' is none of ${names}, and no path of a file. Give one of them, or a YAML file of your own (docs/billing.md).`,
    zh: `--book：'${nameOrPath}' 不是 ${names} 之一，也不是文件路径。请使用其中之一，或自己的 YAML 文件（docs/billing.md）。`,
  })
}
