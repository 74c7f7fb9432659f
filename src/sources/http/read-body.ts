// Reads the body of a request into memory, within its limits.
import type { IncomingMessage } from 'node:http'
import { BodyBlocks } from './body-blocks.ts'
import type { BudgetShare } from './byte-budget.ts'
import { type Refusal, refusals } from './replies.ts'

export type BodyReading =
  | { readonly kind: 'body'; readonly parts: readonly Buffer[]; readonly bytes: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The client went away. */
  | { readonly kind: 'aborted' }

/** A body that is refused is read no further by us: the server lets the rest run into the void until the request's time is over. */
export function readBody(
  request: IncomingMessage,
  limits: { readonly maxBytes: number; readonly share: BudgetShare; readonly stopping: AbortSignal },
): Promise<BodyReading> {
  const { maxBytes, share, stopping } = limits
  return new Promise(resolve => {
    const blocks = new BodyBlocks(share.tryTake)
    let bytes = 0
    const finish = (reading: BodyReading): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      stopping.removeEventListener('abort', onStop)
      if (reading.kind !== 'body') request.resume()
      resolve(reading)
    }
    const refuse = (refusal: Refusal): void => finish({ kind: 'refused', refusal })
    const onData = (part: Buffer): void => {
      bytes += part.length
      if (bytes > maxBytes) refuse(refusals.tooLarge)
      else if (!blocks.add(part)) refuse(refusals.tooManyBodies)
    }
    const onEnd = (): void => finish({ kind: 'body', parts: blocks.parts(), bytes })
    const onClose = (): void => finish({ kind: 'aborted' })
    const onStop = (): void => refuse(refusals.stopping)
    request.on('data', onData).on('end', onEnd).on('close', onClose)
    stopping.addEventListener('abort', onStop)
    if (stopping.aborted) onStop()
  })
}
