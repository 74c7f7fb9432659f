// The post-mortem of a request: from the store or from files, by a whole or an abbreviated id.

import type { Lang } from '../../model/cause.ts'
import { ExitStatus, FcscopeError } from '../../model/fcscope-error.ts'
import type { PostMortem, RequestCandidate, TraceFacts } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import type { LineBounds } from '../../store/trace/line-queries.ts'
import { extentOf, requestsLike } from '../../store/trace/request-queries.ts'
import { buildTimelines } from './build-timelines.ts'
import type { FileOptions } from './file-engine.ts'
import { localizeCauses } from './localize.ts'
import { candidatesIn, findInFiles, traceInFiles } from './trace-files.ts'
import { traceInStore } from './trace-store.ts'

/** A shorter beginning of an id means too much. */
export const minPrefixLength = 6

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
  if (only === undefined) throw notInFiles(options.inputs, requestId)
  return found(await traceInFiles(options, inFiles, { requestId: only, bounds }), lang)
}

function found(facts: TraceFacts, lang: Lang): TraceResult {
  const attempts = localizeCauses(facts.attempts, lang)
  const initializers = localizeCauses(facts.initializers, lang)
  const timelines = buildTimelines(attempts, initializers)
  return { kind: 'found', postMortem: { ...facts, attempts, initializers, timelines } }
}

const several = (candidates: readonly RequestCandidate[]): TraceResult => ({
  kind: 'several',
  candidates: candidates.slice(0, maxCandidates),
  isCut: candidates.length > maxCandidates,
})

async function notInStore(store: StoreConnection, requestId: string): Promise<FcscopeError> {
  const { attempts, newest } = await extentOf(store)
  const count = attempts.toLocaleString('en-US')
  const { en, zh } = aboutLength(requestId)
  const last = newest ?? '–'
  return notFound({
    en: `${requestId} is not among the ${count} attempts of ${store.label}; the newest data came at ${last}. ${en}`,
    zh: `${store.label} 的 ${count} 次尝试中没有 ${requestId}；最新数据到达于 ${last}。${zh}`,
  })
}

function notInFiles(inputs: readonly string[], requestId: string): FcscopeError {
  const { en, zh } = aboutLength(requestId)
  const names = inputs.join(', ')
  return notFound({
    en: `${requestId} is not in ${names}. ${en}`,
    zh: `${names} 中没有 ${requestId}。${zh}`,
  })
}

const aboutLength = (requestId: string): { en: string; zh: string } =>
  requestId.length >= minPrefixLength
    ? { en: 'Check the id, and that its logs were read.', zh: '请检查请求 ID，并确认已读取相应日志。' }
    : {
        en: `An abbreviated id needs ${minPrefixLength} characters.`,
        zh: `缩写的请求 ID 至少需要 ${minPrefixLength} 个字符。`,
      }

const notFound = (text: { en: string; zh: string }): FcscopeError =>
  new FcscopeError('FCS_NOT_FOUND', text, { exitStatus: ExitStatus.badAnswer })
