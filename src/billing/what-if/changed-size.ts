// A function of another size: its entries of functions.yaml, and its hours, as if it had been so all the time.
import type { FunctionConfig } from '../../model/function-config.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { ConfigOf } from '../attempt-hours.ts'

export interface TargetFunction {
  readonly functionName: string
  /** Null for any. */
  readonly serviceName: string | null
}

/** What is not null is changed. */
export interface SizeChange {
  readonly vCPU: number | null
  readonly memoryMB: number | null
  readonly diskMB: number | null
}

export const isOf = (
  { functionName, serviceName }: TargetFunction,
  of: { readonly functionName: string | null; readonly serviceName: string | null },
): boolean => of.functionName === functionName && (serviceName === null || of.serviceName === serviceName)

const changed = (config: FunctionConfig, { vCPU, memoryMB, diskMB }: SizeChange): FunctionConfig => ({
  ...config,
  vCPU: vCPU ?? config.vCPU,
  memoryMB: memoryMB ?? config.memoryMB,
  diskMB: diskMB ?? config.diskMB,
})

export function changedConfigOf(configOf: ConfigOf, target: TargetFunction, change: SizeChange): ConfigOf {
  const made = new Map<FunctionConfig, FunctionConfig>()
  return (of, atMs) => {
    const config = configOf(of, atMs)
    if (config === null || !isOf(target, of)) return config
    let other = made.get(config)
    if (other === undefined) {
      other = changed(config, change)
      made.set(config, other)
    }
    return other
  }
}

/** `pace`: how many times as long as it took everything would take. */
export const changedHour = (hour: InstanceHour, { memoryMB }: SizeChange, pace: number): InstanceHour => ({
  ...hour,
  // What was seen was the old limit.
  memoryMB: hour.memoryMB === null ? null : (memoryMB ?? hour.memoryMB),
  activeMs: Math.ceil(hour.activeMs * pace),
})
