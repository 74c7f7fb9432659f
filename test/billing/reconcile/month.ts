// A month of ten functions, and what the platform would bill for it: worked out here by plain whole-number arithmetic from the
// platform's pages (shared facts fc-metrics-billing §D), not by the code under test.
import type { BilledAttempt } from '../../../src/billing/billed-attempt.ts'
import type { InstanceLife } from '../../../src/billing/gather-usage.ts'
import { Random } from '../../../src/lib/random.ts'
import type { FunctionConfig } from '../../../src/model/function-config.ts'
import { call, functionOf } from '../case.ts'

export const hourMs = 3_600_000
export const monthStartMs = Date.parse('2026-01-01T00:00:00+08:00')
export const days = 31

export interface MonthFunction {
  readonly name: string
  readonly vCPUHundredths: number
  readonly memoryMB: number
  readonly callsPerHour: number
  readonly minMs: number
  readonly maxMs: number
  /** One instance that is always kept. */
  readonly isProvisioned: boolean
}

const small = (index: number, more: Partial<MonthFunction> = {}): MonthFunction => ({
  name: `fn${index}`,
  vCPUHundredths: 50 + 25 * index,
  memoryMB: 512 * (1 + (index % 4)),
  callsPerHour: 2 + index,
  minMs: 5_000,
  maxMs: 60_000,
  isProvisioned: false,
  ...more,
})

/** `big` alone takes the region over its first tier of 200,000,000 CU. */
export const monthFunctions: readonly MonthFunction[] = [
  {
    name: 'big',
    vCPUHundredths: 1600,
    memoryMB: 32_768,
    callsPerHour: 4,
    minMs: 3_550_000,
    maxMs: 3_599_000,
    isProvisioned: false,
  },
  ...Array.from({ length: 8 }, (_, i) => small(i + 1)),
  small(9, { isProvisioned: true, callsPerHour: 3 }),
]

export const configsOf = (functions: readonly MonthFunction[]): readonly FunctionConfig[] =>
  functions.map(({ name, vCPUHundredths, memoryMB, isProvisioned }) =>
    functionOf({
      functionName: name,
      vCPU: vCPUHundredths / 100,
      memoryMB,
      diskMB: 512,
      minInstances: isProvisioned ? 1 : null,
    }),
  )

/** What is billed of a function in an hour. */
export interface TrueHour {
  readonly hourMs: number
  readonly cu: bigint
  /** Millionths of a yuan, after the general discount; at least 0.01 yuan. */
  readonly micros: bigint
  readonly listMicros: bigint
  readonly calls: number
}

export interface Month {
  readonly attempts: readonly BilledAttempt[]
  readonly lives: readonly InstanceLife[]
  /** By function, by hour. */
  readonly truth: ReadonlyMap<string, ReadonlyMap<number, TrueHour>>
}

export function generateMonth(seed: number): Month {
  const random = new Random(seed)
  const attempts: BilledAttempt[] = []
  for (const of of monthFunctions) {
    for (let hour = 0; hour < days * 24; hour += 1) addHour(attempts, { of, hour, random })
  }
  const lives = monthFunctions.filter(({ isProvisioned }) => isProvisioned).flatMap(({ name }) => dailyLives(name))
  return { attempts, lives, truth: bill(attempts) }
}

/** At most one request at a time on an instance, so that no two overlap; a fifth of requests is tried twice. */
function addHour(
  attempts: BilledAttempt[],
  { of, hour, random }: { of: MonthFunction; hour: number; random: Random },
): void {
  const { name, callsPerHour, minMs, maxMs, isProvisioned } = of
  const start = monthStartMs + hour * hourMs
  const slot = Math.floor(hourMs / callsPerHour)
  const isLong = minMs * 2 > slot
  const night = hour % 24 < 6 && !isLong && !isProvisioned
  for (let i = 0; i < callsPerHour; i += 1) {
    if (night && random.chance(0.7)) continue
    const ms = random.between(minMs, maxMs)
    const at = isLong ? start : start + i * slot + random.below(slot - 2 * maxMs - 2)
    const instanceID = isProvisioned ? `${name}-kept` : `${name}-${hour}-${i}`
    const own = { functionName: name, instanceID, startTimeMs: at, status: 'ok' }
    if (!isLong && random.chance(0.2)) {
      attempts.push(call('00:00:00', ms, { ...own, status: 'unhandledError' }))
      attempts.push(call('00:00:00', random.between(minMs, maxMs), { ...own, startTimeMs: at + maxMs + 1 }))
    } else attempts.push(call('00:00:00', ms, own))
    if (random.chance(0.02)) attempts.push(call('00:00:00', 0, { ...own, instanceID: null, status: 'throttled' }))
  }
}

export const dailyLives = (functionName: string): readonly InstanceLife[] =>
  Array.from({ length: days }, (_, day) => {
    const fromMs = monthStartMs + day * 24 * hourMs
    return { functionName, instanceID: `${functionName}-kept`, mode: 'provisioned', fromMs, toMs: fromMs + 24 * hourMs }
  })

/** CU times this are whole numbers: GB are 1024 MB, seconds 1000 ms, calls 75 for 10,000. */
const scale = 1024n * 1000n * 10_000n
const firstTier = 200_000_000n

function bill(attempts: readonly BilledAttempt[]): Month['truth'] {
  const truth = new Map<string, Map<number, TrueHour>>(monthFunctions.map(({ name }) => [name, new Map()]))
  const active = new Map<string, { ms: number; calls: number }>()
  for (const { functionName, startTimeMs, billedMs, status } of attempts) {
    if (status === 'throttled' || startTimeMs === null || billedMs === null) continue
    const at = `${functionName} ${Math.floor(startTimeMs / hourMs) * hourMs}`
    const sum = active.get(at) ?? { ms: 0, calls: 0 }
    active.set(at, { ms: sum.ms + billedMs, calls: sum.calls + 1 })
  }
  let used = 0n
  for (let hour = monthStartMs; hour < monthStartMs + days * 24 * hourMs; hour += hourMs) {
    for (const of of monthFunctions) {
      const { ms, calls } = active.get(`${of.name} ${hour}`) ?? { ms: 0, calls: 0 }
      if (ms === 0 && !of.isProvisioned) continue
      const cu = cuOf(of, { ms, calls, asleepMs: of.isProvisioned ? hourMs - ms : 0 })
      const cheap = used >= firstTier ? cu : used + cu > firstTier ? used + cu - firstTier : 0n
      used += cu
      const listMicros = atLeast(110n * (cu - cheap) + 100n * cheap)
      truth
        .get(of.name)
        ?.set(hour, { hourMs: hour, cu, micros: atLeast(88n * (cu - cheap) + 80n * cheap), listMicros, calls })
    }
  }
  return truth
}

const atLeast = (micros: bigint): bigint => (micros < 10_000n ? 10_000n : micros)

/** Rounded up per function and hour. */
export function cuOf(of: MonthFunction, time: { ms: number; calls: number; asleepMs: number }): bigint {
  const { vCPUHundredths, memoryMB } = of
  const vCPU = BigInt(vCPUHundredths) * BigInt(time.ms) * 1024n * 100n
  // 0.15 CU a GB-second, awake or asleep.
  const memory = BigInt(memoryMB) * BigInt(time.ms + time.asleepMs) * 1500n
  const calls = BigInt(time.calls) * 75n * 1024n * 1000n
  return (vCPU + memory + calls + scale - 1n) / scale
}

/** Yuan with all digits. */
export const yuan = (micros: bigint): string => {
  const sign = micros < 0n ? '-' : ''
  const all = (micros < 0n ? -micros : micros).toString().padStart(7, '0')
  return `${sign}${all.slice(0, -6)}.${all.slice(-6)}`
}

/** `2026-01-15` */
export const dayName = (day: number): string => `2026-01-${String(day).padStart(2, '0')}`
export const dayOf = (ms: number): number => Math.floor((ms - monthStartMs) / (24 * hourMs)) + 1
