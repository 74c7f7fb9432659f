// Plays a partition through the hands of several workers, with everything that can happen on the way, and tells what the store has then.
import type { AttemptJson } from '../run-batch.ts'
import { Holder, type Scene } from './holder.ts'
import { SharedStore } from './shared-store.ts'

/** What happens next. */
export type HandoverStep =
  | { readonly kind: 'take'; readonly count: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'deliver'; readonly count: number }
  | { readonly kind: 'note' }
  /** The partition goes to worker `to`, when everything is stored, or before. */
  | { readonly kind: 'giveUp'; readonly to: number }
  | { readonly kind: 'lose'; readonly to: number }
  /** The worker dies; `to` has the partition then, which may be the same one, started anew. */
  | { readonly kind: 'crash'; readonly to: number }

export interface PlayOptions {
  /** When each record comes, in ms from the beginning; left out, time goes on by waiting only. */
  readonly timesMs?: readonly number[]
  readonly allowedLatenessMs?: number
}

export interface Played {
  readonly attempts: readonly AttemptJson[]
  readonly lineOwners: readonly string[]
}

/** Without hand-overs it is one worker that nothing happens to. */
export async function play(
  records: readonly Buffer[],
  steps: readonly HandoverStep[],
  how: PlayOptions & { readonly isDisturbed: boolean },
): Promise<Played> {
  const startMs = Date.UTC(2026, 0, 1)
  const clock = { nowMs: startMs }
  const { allowedLatenessMs = 60_000 } = how
  const scene: Scene = { store: new SharedStore(), records, clock, allowedLatenessMs }
  const holders = new Map<number, Holder>()
  const holderOf = (number: number): Holder => {
    const holder = holders.get(number) ?? new Holder(number, scene)
    holders.set(number, holder)
    return holder
  }
  let at = 0
  let furthest = 0
  let holder = holderOf(at)
  await holder.adopt()
  const goTo = async (to: number): Promise<void> => {
    at = to
    holder = holderOf(to)
    await holder.adopt()
  }
  const take = (count: number): void => {
    furthest = Math.max(furthest, Math.min(records.length, holder.next + count))
    if (how.timesMs !== undefined) clock.nowMs = Math.max(clock.nowMs, startMs + (how.timesMs[furthest - 1] ?? 0))
    holder.take(furthest)
  }
  for (const step of steps) {
    if (step.kind === 'take') take(step.count)
    else if (step.kind === 'wait') clock.nowMs += step.ms
    else if (step.kind === 'close') holder.close()
    else if (step.kind === 'deliver') holder.deliver(step.count)
    else if (step.kind === 'note') await holder.note()
    else if (how.isDisturbed) {
      if (step.kind === 'giveUp') await holder.giveUp()
      else if (step.kind === 'lose') holder.lose()
      else holders.delete(at)
      await goTo(step.to)
    }
  }
  take(records.length)
  holder.close()
  holder.giveAll()
  holder.deliver()
  return { attempts: scene.store.attempts, lineOwners: scene.store.lineOwners }
}
