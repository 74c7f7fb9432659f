// Function-hours of a bill: attempts of files or of the store, sizes of functions.yaml, lives of instances.
import { AttemptHours } from '../../billing/attempt-hours.ts'
import { type FunctionHour, type LeftOut, UsageGatherer } from '../../billing/gather-usage.ts'
import { createFunctionLookup } from '../../config/function-lookup.ts'
import { loadFunctions } from '../../config/load-functions.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { PriceBook } from '../../model/price-book.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { readAttempts, readLives } from './attempt-lines.ts'
import { openPriceBook } from './price-books.ts'
import { storedHours } from './stored-hours.ts'

/** Where attempts are read: files (`-` is standard input), or a store. */
export type AttemptsFrom = { readonly files: readonly string[] } | { readonly store: StoreConnection }

export interface BillRequest {
  readonly attempts: AttemptsFrom
  /** Path of functions.yaml. */
  readonly functions: string
  /** A book's name, or a file. */
  readonly book: string
  /** File of lives of instances; null for none. */
  readonly instances: string | null
  /** YYYY-MM in Beijing; null for everything. */
  readonly month: string | null
}

export interface GatheredBill {
  readonly book: PriceBook
  /** In the order of time. */
  readonly hours: readonly FunctionHour[]
  readonly leftOut: readonly LeftOut[]
}

/** Fails with an `FcscopeError` that names the file, and the line where there is one; with a `StoreError` where the store fails. */
export async function gatherBill(request: BillRequest): Promise<GatheredBill> {
  const { attempts, instances, month } = request
  const book = openPriceBook(request.book)
  const functions = loadFunctions(request.functions)
  const parts = { book, functions, configOf: createFunctionLookup(functions) }
  const gatherer = new UsageGatherer({ ...parts, month })
  const hours =
    'files' in attempts
      ? await fileHours(attempts.files, parts)
      : storedHours(attempts.store, { ...parts, month, byInstance: instances !== null })
  for await (const hour of hours) gatherer.add(hour)
  if (instances !== null) await readLives(instances, life => gatherer.addLife(life))
  return { book, hours: gatherer.hours(), leftOut: gatherer.leftOut() }
}

async function fileHours(
  files: readonly string[],
  parts: ConstructorParameters<typeof AttemptHours>[0],
): Promise<Iterable<InstanceHour>> {
  const hours = new AttemptHours(parts)
  for (const file of files) await readAttempts(file, attempt => hours.add(attempt))
  return hours.hours()
}
