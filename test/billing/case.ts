// Short ways to write what is billed, and what it comes to.

import { openPriceBook } from '../../src/app/bill/price-books.ts'
import { AttemptHours } from '../../src/billing/attempt-hours.ts'
import type { BilledAttempt } from '../../src/billing/billed-attempt.ts'
import { type Estimate, estimate } from '../../src/billing/estimate.ts'
import { type InstanceLife, type LeftOut, UsageGatherer } from '../../src/billing/gather-usage.ts'
import { createFunctionLookup } from '../../src/config/function-lookup.ts'
import type { FunctionConfig } from '../../src/model/function-config.ts'

/** Unix ms of a time in Beijing, on 2026-01-15 where only a time is given. */
export const beijing = (text: string): number => Date.parse(`${text.includes('T') ? text : `2026-01-15T${text}`}+08:00`)

export const functionOf = (more: Partial<FunctionConfig> = {}): FunctionConfig => ({
  functionName: '*',
  serviceName: null,
  qualifier: null,
  region: 'cn-hangzhou',
  vCPU: 1,
  memoryMB: 1024,
  diskMB: 512,
  gpu: null,
  instanceConcurrency: null,
  timeoutSeconds: null,
  minInstances: null,
  effectiveFromMs: null,
  ...more,
})

/** An invocation of so many ms. */
export const call = (start: string, ms: number, more: Partial<BilledAttempt> = {}): BilledAttempt => ({
  functionName: 'f',
  serviceName: null,
  qualifier: null,
  instanceID: 'i-1',
  phase: 'invoke',
  status: 'ok',
  startTimeMs: beijing(start),
  endTimeMs: null,
  durationMs: ms,
  billedMs: ms,
  memoryMB: null,
  ...more,
})

export interface Billed {
  readonly attempts?: readonly BilledAttempt[]
  readonly lives?: readonly InstanceLife[]
  readonly functions?: readonly FunctionConfig[]
  readonly book?: string
  readonly hasDiscount?: boolean
  readonly billsAllDisk?: boolean
}

export function bill(of: Billed): Estimate & { readonly leftOut: readonly LeftOut[] } {
  const { attempts = [], lives = [], functions = [functionOf()], hasDiscount = true, billsAllDisk = false } = of
  const book = openPriceBook(of.book ?? 'fc3-cn')
  const parts = { book, configOf: createFunctionLookup(functions) }
  const instances = new AttemptHours(parts)
  for (const attempt of attempts) instances.add(attempt)
  const gatherer = new UsageGatherer({ ...parts, month: null })
  for (const hour of instances.hours()) gatherer.add(hour)
  for (const life of lives) gatherer.addLife(life)
  return { ...estimate(gatherer.hours(), { book, hasDiscount, billsAllDisk }), leftOut: gatherer.leftOut() }
}

/** `hour CU-exact CU amount` of every function-hour. */
export const hoursOf = ({ hours }: Estimate): readonly string[] =>
  hours.map(
    ({ functionName, hourMs, cuExact, cu, amount }) =>
      `${functionName} ${new Date(hourMs + 8 * 3_600_000).toISOString().slice(11, 13)}h ${cuExact.toFixed()} ${cu.toFixed()} ${amount.toFixed()}`,
  )
