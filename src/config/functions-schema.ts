// What functions.yaml may hold (contract §7): the check, the types and the words for what is allowed.
import { z } from 'zod'
import { described, type Words } from '../lib/option-schema.ts'
import { sizeRanges } from '../model/function-config.ts'
import { readEffectiveFrom } from './effective-from.ts'

/** Longest name or pattern, in UTF-16 units; the platform's own names are shorter. */
const maxNameLength = 256

/** Smallest and greatest allowed value. Concurrency and timeout: shared facts fc-metrics-billing §E; the others keep slips of the pen out. */
const ranges = {
  ...sizeRanges,
  'gpu.memoryMB': [1, 98_304],
  instanceConcurrency: [1, 200],
  timeoutSeconds: [1, 86_400],
  minInstances: [0, 10_000],
} as const
type Ranged = keyof typeof ranges

const inRange = (field: Ranged, unit: Words): Words => {
  const [least, most] = ranges[field]
  return { en: `${unit.en} from ${least} to ${most}`, zh: `${least} 到 ${most} 的${unit.zh}` }
}

const number = (field: Ranged, text: Words) =>
  described(z.number().min(ranges[field][0]).max(ranges[field][1]), {
    text,
    allowed: inRange(field, { en: 'a number', zh: '数' }),
  })

const whole = (field: Ranged, text: Words) =>
  described(z.int().min(ranges[field][0]).max(ranges[field][1]), {
    text,
    allowed: inRange(field, { en: 'a whole number', zh: '整数' }),
  })

const pattern = (text: Words) =>
  described(z.string().min(1).max(maxNameLength), {
    text,
    allowed: {
      en: `text of 1 to ${maxNameLength} characters, * for anything (put a number in quotes)`,
      zh: `1 到 ${maxNameLength} 个字符的文本，* 表示任意内容（数字请加引号）`,
    },
  })

const gpuTypes = ['ada', 'tesla'] as const
const gpu = described(
  z.strictObject({
    type: described(z.enum(gpuTypes), {
      text: { en: 'Its series.', zh: '系列。' },
      allowed: { en: gpuTypes.join(' or '), zh: gpuTypes.join(' 或 ') },
    }),
    memoryMB: whole('gpu.memoryMB', { en: 'Its memory.', zh: '显存。' }),
  }),
  {
    text: { en: 'The GPU of an instance.', zh: '实例的 GPU。' },
    allowed: { en: 'a mapping with type and memoryMB', zh: '含有 type 和 memoryMB 的映射' },
  },
)

const entry = described(
  z.strictObject({
    functionName: pattern({ en: 'Which functions the entry is for.', zh: '条目适用的函数。' }),
    serviceName: pattern({ en: 'Of which service (FC 2.0).', zh: '所属服务（FC 2.0）。' }).nullish(),
    qualifier: pattern({ en: 'Under which version or alias.', zh: '版本或别名。' }).nullish(),
    region: described(z.string().regex(/^[a-z0-9-]{1,64}$/), {
      text: { en: 'Where it runs.', zh: '所在地域。' },
      allowed: {
        en: 'a region id like cn-hangzhou (lower case, digits, hyphens)',
        zh: '地域 ID，如 cn-hangzhou（小写字母、数字和连字符）',
      },
    }).nullish(),
    vCPU: number('vCPU', { en: 'Cores of an instance.', zh: '实例的 vCPU 数。' }).nullish(),
    memoryMB: whole('memoryMB', { en: 'Memory of an instance.', zh: '实例的内存。' }).nullish(),
    diskMB: whole('diskMB', { en: 'Disk of an instance.', zh: '实例的磁盘。' }).nullish(),
    gpu: gpu.nullish(),
    instanceConcurrency: whole('instanceConcurrency', {
      en: 'Requests that an instance takes at a time.',
      zh: '单个实例同时处理的请求数。',
    }).nullish(),
    timeoutSeconds: whole('timeoutSeconds', {
      en: 'How long an invocation may run.',
      zh: '单次调用的执行超时时间。',
    }).nullish(),
    minInstances: whole('minInstances', {
      en: 'Instances that are kept ready.',
      zh: '常驻的最小实例数。',
    }).nullish(),
    effectiveFrom: described(
      z.string().refine(text => readEffectiveFrom(text) !== null),
      {
        text: { en: 'From when on the entry counts.', zh: '条目的生效时间。' },
        allowed: {
          en: 'a date (2025-06-01) or a time (2025-06-01T08:30:00, with Z or +08:00 if it is not Beijing time)',
          zh: '日期（2025-06-01）或时间（2025-06-01T08:30:00，非北京时间请加 Z 或时区偏移）',
        },
      },
    ).nullish(),
  }),
  {
    text: { en: 'What is known about some functions.', zh: '一组函数的信息。' },
    allowed: { en: 'a mapping with at least functionName', zh: '至少含有 functionName 的映射' },
  },
)

/** The whole file. A key without a value is as good as none. */
export const functionsSchema = described(
  z.strictObject({
    functions: described(z.array(entry), {
      text: { en: 'The entries.', zh: '条目。' },
      allowed: { en: 'a list of entries', zh: '条目列表' },
    }),
  }),
  {
    text: { en: 'What logs do not say about functions.', zh: '日志中没有的函数信息。' },
    allowed: { en: 'a mapping with the key functions', zh: '含有键 functions 的映射' },
  },
)

/** One entry as it stands in the file, checked. */
export type FunctionsEntry = z.infer<typeof entry>
