// Holds what two members of a group consumed against what was sent: everything by one of them, by fcscope once, by both only what
// a kill explains.
import type { AttemptJson } from '../run-batch.ts'
import { linesPerInvocation, type SentRow } from './endless-traffic.ts'
import type { Kill } from './shared-group.ts'

export interface Consumed {
  /** By shard. */
  readonly sent: readonly (readonly SentRow[])[]
  /** Ids that the SDK's consumer was given. */
  readonly printed: ReadonlySet<string>
  /** How often fcscope has each line, by id. */
  readonly stored: ReadonlyMap<string, number>
  readonly attempts: readonly AttemptJson[]
  readonly kills: readonly Kill[]
}

/** What is wrong, in words. */
export function compareConsumed(consumed: Consumed): string[] {
  const { sent, kills } = consumed
  return [
    ...sent.flatMap((rows, shard) => rows.flatMap((row, index) => faultsOfRow(consumed, { row, shard, index }))),
    ...faultsOfAttempts(consumed),
    ...kills.flatMap(kill => faultsOfSuccessor(consumed, kill)),
  ]
}

/** Start and End of an invocation are not kept as lines: see {@link faultsOfAttempts}. */
function faultsOfRow(consumed: Consumed, at: { row: SentRow; shard: number; index: number }): string[] {
  const { row, shard, index } = at
  const { printed, stored, kills } = consumed
  if (row.kind !== 'line') return []
  const times = stored.get(row.id) ?? 0
  const isPrinted = printed.has(row.id)
  const mayComeTwice = kills.some(kill => kill.shard === shard && kill.from <= index && index < kill.to)
  if (times > 1) return [`row ${row.id}: stored ${times} times`]
  if (times === 0 && !isPrinted) return [`row ${row.id}: consumed by nobody`]
  return times > 0 && isPrinted && !mayComeTwice ? [`row ${row.id}: consumed by both`] : []
}

/** An invocation of which the SDK's consumer has nothing is fcscope's alone: it is there once, and whole. */
function faultsOfAttempts({ sent, printed, attempts }: Consumed): string[] {
  const whole = new Map<string, number>()
  for (const { requestId, id } of sent.flat()) {
    whole.set(requestId, printed.has(id) ? Number.NaN : (whole.get(requestId) ?? 0) + 1)
  }
  const found = Map.groupBy(attempts, ({ requestId }) => requestId ?? '')
  const twice = [...found].filter(([, { length }]) => length > 1).map(([id]) => `attempt ${id}: there more than once`)
  const own = [...whole].filter(([, rows]) => rows === linesPerInvocation + 2).map(([requestId]) => requestId)
  const broken = own.filter(requestId => {
    const [attempt] = found.get(requestId) ?? []
    return attempt?.status !== 'ok' || attempt.lines !== linesPerInvocation || attempt['startTime'] === null
  })
  return [...twice, ...broken.map(requestId => `attempt ${requestId}: missing, or not whole`)]
}

/** Whoever takes over goes on at the checkpoint of the one that was killed. */
function faultsOfSuccessor({ sent, printed, stored }: Consumed, { member, shard, from }: Kill): string[] {
  const isKept = ({ kind }: SentRow): boolean => member === 'fcscope' || kind === 'line'
  const first = sent[shard]?.slice(from).find(isKept)
  if (first === undefined) return [`shard ${shard}: nothing came after the kill of ${member}`]
  const isThere = member === 'fcscope' ? printed.has(first.id) : stored.has(first.id)
  return isThere ? [] : [`row ${first.id}: the checkpoint of ${member}, and not consumed by the other`]
}
