// An owner of a line for longer than its call: everything of it copied.
import { hexOfWords, spanIdWords, traceIdWords } from '../lib/trace-id.ts'
import type { LineOwner } from '../model/line-owner.ts'
import type { KeptOwner } from '../pipeline/engine.ts'

export const keepOwner = ({ place, requestId, identityWords }: LineOwner): KeptOwner => ({
  place,
  requestId,
  traceId: identityWords === null ? '' : hexOfWords(identityWords, 0, traceIdWords),
  spanId: identityWords === null ? '' : hexOfWords(identityWords, traceIdWords, spanIdWords),
})
