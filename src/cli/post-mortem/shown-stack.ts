// Which lines of a stack are shown where there is no room for all: those next to the failure.
import type { AttemptStack } from '../../model/post-mortem.ts'

export interface ShownStack {
  readonly lines: readonly { readonly text: string; readonly isOwn: boolean }[]
  readonly leftOut: number
}

/** So many lines, with the function's own frame among them. Where it stands further down, it takes the place of the last one. */
export function shownStack({ frames, framesLeftOut, ownFrame }: AttemptStack, max: number): ShownStack {
  const own = ownFrame === null ? -1 : frames.indexOf(ownFrame)
  // Python writes the frame that failed last, and its own is the last of them.
  const isLastFirst = ownFrame?.startsWith('File "') ?? false
  const from = isLastFirst ? Math.max(0, frames.length - max) : 0
  const kept = frames.slice(from, from + max)
  if (own >= from + max) kept.splice(-1, 1, frames[own] ?? '')
  if (own >= 0 && own < from) kept.splice(0, 1, frames[own] ?? '')
  const lines = kept.map(text => ({ text, isOwn: text === ownFrame }))
  return { lines, leftOut: frames.length - kept.length + framesLeftOut }
}
