// Takes one body of logs: received, decompressed, and in the write-ahead log before the sender is told so.
import type { IncomingMessage } from 'node:http'
import type { Turns } from '../../lib/turns.ts'
import type { Inlet } from '../shared/intake.ts'
import type { BudgetShare } from './byte-budget.ts'
import { decompressBody } from './decompress-body.ts'
import { readBody } from './read-body.ts'
import { type Answer, refusals, refused } from './replies.ts'
import type { LogsHead } from './request-head.ts'

export interface TakeLogsDeps {
  readonly inlet: Inlet
  readonly maxBodyBytes: number
  readonly share: BudgetShare
  /** A decompressor takes memory that no limit of ours sees, so that only a few work at once. */
  readonly decompressing: Turns
  readonly stopping: AbortSignal
}

const lineEnd = Buffer.from('\n')

/** Null when the client went away before its body was complete; nothing of it was taken. */
export async function takeLogs(request: IncomingMessage, head: LogsHead, deps: TakeLogsDeps): Promise<Answer | null> {
  const { inlet, maxBodyBytes, share, stopping } = deps
  const reading = await readBody(request, { maxBytes: maxBodyBytes, share, stopping })
  if (reading.kind === 'aborted') return null
  if (reading.kind === 'refused') return refused(reading.refusal)
  if (reading.bytes === 0) return { kind: 'empty' }
  const plain = await plainBody(head, reading.parts, deps)
  if (!Array.isArray(plain)) return plain
  return append(head, plain, inlet)
}

async function plainBody(
  { encoding }: LogsHead,
  parts: readonly Buffer[],
  { maxBodyBytes, share, decompressing }: TakeLogsDeps,
): Promise<Buffer[] | Answer> {
  if (encoding === 'identity') return [...parts]
  const result = await decompressing.run(() => decompressBody(encoding, Buffer.concat(parts), maxBodyBytes))
  if (result.kind === 'tooLarge') return refused(refusals.tooLarge)
  if (result.kind === 'damaged') return refused(refusals.badCompression)
  share.take(result.bytes.length)
  return result.bytes.length === 0 ? { kind: 'empty' } : [result.bytes]
}

async function append(head: LogsHead, parts: readonly Buffer[], inlet: Inlet): Promise<Answer> {
  // Every body ends with a line end in the log: the next one of its stream begins a line, whoever sends it.
  const payload = parts.at(-1)?.at(-1) === 10 ? parts : [...parts, lineEnd]
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  const lines = payload.reduce((sum, part) => sum + countLines(part), 0)
  const result = await inlet.append({ stream: head.stream, payload, key: head.key })
  if (result.kind === 'failed') return refused(result.code === 'CLOSED' ? refusals.stopping : refusals.writeFailed)
  return { kind: result.kind === 'duplicate' ? 'duplicate' : 'taken', bytes, lines }
}

function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1
  return lines
}
