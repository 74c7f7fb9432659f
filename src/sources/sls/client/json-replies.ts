// What the service answers in JSON, read into our own words (facts §2.1, §3.1). What we do not use may be anything.
import { z } from 'zod'
import { badReply } from './read-failure.ts'
import type { Checkpoint, ConsumerGroup, Shard } from './sls-api.ts'
import type { Reply } from './transport.ts'

const shardId = z.int().nonnegative()
const seconds = z.number().nonnegative()

const shard = z
  .object({
    shardID: shardId,
    status: z.string(),
    inclusiveBeginKey: z.string(),
    exclusiveEndKey: z.string(),
    createTime: seconds,
  })
  .transform(
    (one): Shard => ({
      id: one.shardID,
      isReadonly: one.status.toLowerCase() === 'readonly',
      beginKey: one.inclusiveBeginKey,
      endKey: one.exclusiveEndKey,
      createTimeSeconds: one.createTime,
    }),
  )

const cursor = z.object({ cursor: z.string().min(1) }).transform(one => one.cursor)

const group = z
  .object({ name: z.string(), timeout: seconds, order: z.boolean().default(false) })
  .transform((one): ConsumerGroup => ({ name: one.name, timeoutSeconds: one.timeout, isOrdered: one.order }))

/** The old documentation has the list in an object. */
const heldShards = z.union([z.array(shardId), z.object({ shards: z.array(shardId) }).transform(one => one.shards)])

const checkpoint = z
  .object({
    shard: shardId,
    checkpoint: z.string().nullish(),
    consumer: z.string().nullish(),
    updateTime: z.number().nullish(),
  })
  .transform(
    (one): Checkpoint => ({
      shard: one.shard,
      cursor: one.checkpoint ?? '',
      consumer: one.consumer ?? '',
      updateTimeUs: one.updateTime ?? 0,
    }),
  )

export const readShards = (reply: Reply): readonly Shard[] => read('ListShards', reply, z.array(shard))
export const readCursor = (reply: Reply): string => read('GetCursor', reply, cursor)
export const readGroups = (reply: Reply): readonly ConsumerGroup[] => read('ListConsumerGroup', reply, z.array(group))
export const readHeartbeat = (reply: Reply): readonly number[] => read('HeartBeat', reply, heldShards)
export const readCheckpoints = (reply: Reply): readonly Checkpoint[] =>
  read('GetCheckPoint', reply, z.array(checkpoint))

function read<T>(api: string, reply: Reply, schema: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(reply.body.toString('utf8'))
  } catch (error) {
    throw badReply(api, reply, 'it is not JSON', error)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw badReply(api, reply, `${result.error.issues[0]?.path.join('.') || 'its form'} is not what it should be`)
}
