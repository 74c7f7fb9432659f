// The post-mortem of a request: from the store or from files, by a whole or an abbreviated id.

import type { Lang } from '../../model/cause.ts'
import type { PostMortem, RequestCandidate, TraceFacts } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import type { LineBounds } from '../../store/trace/line-queries.ts'
import { requestsLike } from '../../store/trace/request-queries.ts'
import { buildTimelines } from './build-timelines.ts'
import type { FileOptions } from './file-engine.ts'
import { findStacks } from './find-stacks.ts'
import { localizeCauses } from './localize.ts'
import { minPrefixLength, notInFiles, notInStore } from './not-found.ts'
import { candidatesIn, findInFiles, traceInFiles } from './trace-files.ts'
import { traceInStore } from './trace-store.ts'

/** Requests that are listed when an abbreviated id means several. */
const maxCandidates = 20

export type TraceResult =
  | { readonly kind: 'found'; readonly postMortem: PostMortem }
  /** `isCut`: there are more. */
  | { readonly kind: 'several'; readonly candidates: readonly RequestCandidate[]; readonly isCut: boolean }

export interface TraceWish {
  readonly requestId: string
  readonly bounds: LineBounds
  readonly lang: Lang
}

/** Fails with `FCS_NOT_FOUND`, and with a `StoreError`. */
export async function traceFromStore(store: StoreConnection, wish: TraceWish): Promise<TraceResult> {
  const { requestId, bounds, lang } = wish
  const facts = await traceInStore(store, requestId, bounds)
  if (facts !== null) return found(facts, lang)
  const isPrefix = requestId.length >= minPrefixLength
  const candidates = isPrefix ? await requestsLike(store, requestId, maxCandidates + 1) : []
  if (candidates.length > 1) return several(candidates)
  const only = candidates[0] && (await traceInStore(store, candidates[0].requestId, bounds))
  if (!only) throw await notInStore(store, requestId)
  return found(only, lang)
}

/** The same in files. Fails with `FCS_NOT_FOUND`, and as reading files does. */
export async function traceFromFiles(options: FileOptions, wish: TraceWish): Promise<TraceResult> {
  const { requestId, bounds, lang } = wish
  const inFiles = await findInFiles(options, requestId)
  const candidates = candidatesIn(inFiles)
  const exact = candidates.some(candidate => candidate.requestId === requestId) ? requestId : null
  const isPrefix = requestId.length >= minPrefixLength
  if (exact === null && candidates.length > 1 && isPrefix) return several(candidates)
  const only = exact ?? (isPrefix ? candidates[0]?.requestId : undefined)
  if (only === undefined) throw notInFiles({ inputs: options.inputs, newestMs: inFiles.newestMs }, requestId)
  return found(await traceInFiles(options, inFiles, { requestId: only, bounds }), lang)
}

function found(facts: TraceFacts, lang: Lang): TraceResult {
  const attempts = localizeCauses(facts.attempts, lang)
  const initializers = localizeCauses(facts.initializers, lang)
  const timelines = buildTimelines(attempts, initializers)
  const stacks = findStacks(attempts, facts.lines)
  return { kind: 'found', postMortem: { ...facts, attempts, initializers, timelines, stacks } }
}

const several = (candidates: readonly RequestCandidate[]): TraceResult => ({
  kind: 'several',
  candidates: candidates.slice(0, maxCandidates),
  isCut: candidates.length > maxCandidates,
})
