// What functions.yaml may hold (contract §7): the check, the types and the words for what is allowed.
import { z } from 'zod'
import type { Text } from '../model/fcscope-error.ts'
import { readEffectiveFrom } from './effective-from.ts'

/** Longest name or pattern, in UTF-16 units; the platform's own names are shorter. */
const maxNameLength = 256

/**
 * Smallest and greatest allowed value. vCPU, memory and disk: shared facts fc-metrics-billing §D.1 (memory from 64 MB on: old
 * functions have less than today's 128); concurrency and timeout: §E; the others keep slips of the pen out.
 */
const ranges = {
  vCPU: [0.05, 16],
  memoryMB: [64, 32_768],
  diskMB: [512, 10_240],
  'gpu.memoryMB': [1, 98_304],
  instanceConcurrency: [1, 200],
  timeoutSeconds: [1, 86_400],
  minInstances: [0, 10_000],
} as const
type Ranged = keyof typeof ranges

const number = (field: Ranged) => z.number().min(ranges[field][0]).max(ranges[field][1])
const whole = (field: Ranged) => z.int().min(ranges[field][0]).max(ranges[field][1])
const pattern = z.string().min(1).max(maxNameLength)

const gpuTypes = ['ada', 'tesla'] as const
const gpu = z.strictObject({ type: z.enum(gpuTypes), memoryMB: whole('gpu.memoryMB') })

const entry = z.strictObject({
  functionName: pattern,
  serviceName: pattern.nullish(),
  qualifier: pattern.nullish(),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .nullish(),
  vCPU: number('vCPU').nullish(),
  memoryMB: whole('memoryMB').nullish(),
  diskMB: whole('diskMB').nullish(),
  gpu: gpu.nullish(),
  instanceConcurrency: whole('instanceConcurrency').nullish(),
  timeoutSeconds: whole('timeoutSeconds').nullish(),
  minInstances: whole('minInstances').nullish(),
  effectiveFrom: z
    .string()
    .refine(text => readEffectiveFrom(text) !== null)
    .nullish(),
})

/** The whole file. A key without a value is as good as none. */
export const functionsSchema = z.strictObject({ functions: z.array(entry) })

/** One entry as it stands in the file, checked. */
export type FunctionsEntry = z.infer<typeof entry>

/** A place in the file, without indices. */
export type FunctionsPlace =
  | ''
  | 'functions'
  | 'functions[]'
  | `functions[].${keyof FunctionsEntry}`
  | `functions[].gpu.${keyof z.infer<typeof gpu>}`

const keysOf = (shape: object): string => Object.keys(shape).join(', ')
const list = (text: string): Text => ({ en: text, zh: text })

/** The keys of each mapping, for messages about others. */
export const allowedKeys: Readonly<Partial<Record<string, Text>>> = {
  '': list('functions'),
  'functions[]': list(keysOf(entry.shape)),
  'functions[].gpu': list(keysOf(gpu.shape)),
}

const inRange = (field: Ranged, unit: Text): Text => {
  const [least, most] = ranges[field]
  return { en: `${unit.en} from ${least} to ${most}`, zh: `${least} 到 ${most} 的${unit.zh}` }
}
const wholeNumber: Text = { en: 'a whole number', zh: '整数' }
const name: Text = {
  en: `text of 1 to ${maxNameLength} characters, * for anything (put a number in quotes)`,
  zh: `1 到 ${maxNameLength} 个字符的文本，* 表示任意内容（数字请加引号）`,
}

/** What each place may hold. */
export const allowedValues: Readonly<Record<FunctionsPlace, Text>> = {
  '': { en: 'a mapping with the key functions', zh: '含有键 functions 的映射' },
  functions: { en: 'a list of entries', zh: '条目列表' },
  'functions[]': { en: 'a mapping with at least functionName', zh: '至少含有 functionName 的映射' },
  'functions[].functionName': name,
  'functions[].serviceName': name,
  'functions[].qualifier': name,
  'functions[].region': {
    en: 'a region id like cn-hangzhou (lower case, digits, hyphens)',
    zh: '地域 ID，如 cn-hangzhou（小写字母、数字和连字符）',
  },
  'functions[].vCPU': inRange('vCPU', { en: 'a number', zh: '数' }),
  'functions[].memoryMB': inRange('memoryMB', wholeNumber),
  'functions[].diskMB': inRange('diskMB', wholeNumber),
  'functions[].gpu': { en: 'a mapping with type and memoryMB', zh: '含有 type 和 memoryMB 的映射' },
  'functions[].gpu.type': { en: gpuTypes.join(' or '), zh: gpuTypes.join(' 或 ') },
  'functions[].gpu.memoryMB': inRange('gpu.memoryMB', wholeNumber),
  'functions[].instanceConcurrency': inRange('instanceConcurrency', wholeNumber),
  'functions[].timeoutSeconds': inRange('timeoutSeconds', wholeNumber),
  'functions[].minInstances': inRange('minInstances', wholeNumber),
  'functions[].effectiveFrom': {
    en: 'a date (2025-06-01) or a time (2025-06-01T08:30:00, with Z or +08:00 if it is not Beijing time)',
    zh: '日期（2025-06-01）或时间（2025-06-01T08:30:00，非北京时间请加 Z 或时区偏移）',
  },
}
