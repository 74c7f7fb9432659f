// Attempts as `fcscope reconstruct` gives them out, and lives of instances, as far as billing reads them.
import { z } from 'zod'
import type { InstanceLife } from '../../billing/gather-usage.ts'
import type { MeasuredAttempt } from '../../billing/what-if/run-histories.ts'
import { statuses } from '../../model/attempt.ts'
import { brokenLine, type JsonLine, readJsonLines } from './read-json-lines.ts'

const name = z.string().max(1024).nullable().default(null)
/** Longer than anything may run, and far from where numbers lose digits. */
const maxMs = 1e12
const time = z.iso.datetime({ offset: true }).transform(text => Date.parse(text))
const ms = z.number().min(0).max(maxMs).nullable().default(null)

const attemptSchema = z.object({
  functionName: name,
  serviceName: name,
  qualifier: name,
  instanceID: name,
  phase: z.enum(['invoke', 'initialize', 'preFreeze', 'preStop']),
  status: z.enum(statuses),
  startTime: time.nullable().default(null),
  endTime: time.nullable().default(null),
  durationMs: ms,
  billedMs: ms,
  memoryMB: z.number().positive().max(1e6).nullable().default(null),
  maxMemoryUsedMB: z.number().min(0).max(1e6).nullable().default(null),
})

const lifeSchema = z
  .strictObject({
    functionName: z.string().min(1).max(1024),
    instanceID: z.string().min(1).max(1024),
    mode: z.enum(['onDemand', 'provisioned']),
    from: time,
    to: time,
  })
  .refine(({ from, to }) => to >= from, { path: ['to'] })

/** Calls `take` for every attempt of an input. Fails with `FCS_INPUT_CORRUPT` for a line that is none. */
export const readAttempts = (input: string, take: (attempt: MeasuredAttempt) => void): Promise<void> =>
  readJsonLines(input, line => {
    const { startTime, endTime, ...rest } = checked(attemptSchema, line, { en: 'no attempt', zh: '不是调用尝试' })
    take({ ...rest, startTimeMs: startTime, endTimeMs: endTime })
  })

/** The same for lives of instances. */
export const readLives = (input: string, take: (life: InstanceLife) => void): Promise<void> =>
  readJsonLines(input, line => {
    const { from, to, ...rest } = checked(lifeSchema, line, { en: 'no life of an instance', zh: '不是实例存续记录' })
    take({ ...rest, fromMs: from, toMs: to })
  })

function checked<S extends z.ZodType>(
  schema: S,
  { value, place }: JsonLine,
  what: { en: string; zh: string },
): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const key = issue?.path.join('.') || (issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : '')
  const where = key === '' ? { en: '', zh: '' } : { en: `; wrong: ${key}`, zh: `；有误：${key}` }
  throw brokenLine(place, { en: `${what.en}${where.en}`, zh: `${what.zh}${where.zh}` })
}
