// What a reply to PullLogs says: most of it stands in its headers (facts §1.2).
import { countGroups } from '../decode/count-groups.ts'
import type { ReusedBytes } from '../decode/reused-bytes.ts'
import { badReply } from './read-failure.ts'
import { decompressReply } from './reply-body.ts'
import type { PulledLogs } from './sls-api.ts'
import type { Reply } from './transport.ts'

const api = 'PullLogs'

/** `cursor`: the one that was asked for; `bytes`: where the body's memory is from. */
export async function readPull(
  reply: Reply,
  { cursor, bytes }: { cursor: string; bytes: ReusedBytes },
): Promise<PulledLogs> {
  const body = await decompressReply(api, reply, bytes)
  const groups = groupsOf(reply, body)
  return {
    nextCursor: textOf(reply, 'x-log-cursor') || cursor,
    groups,
    body,
    rawBytes: numberOf(reply, 'x-log-rawdatasize') ?? body.length,
    lastCursor: bigintOf(reply, 'x-log-read-last-cursor'),
    isAtEnd: flagOf(reply, 'x-log-end-of-cursor'),
    cursorTimeSeconds: numberOf(reply, 'x-log-cursor-time'),
  }
}

function groupsOf(reply: Reply, body: Buffer): number {
  const said = numberOf(reply, 'x-log-count')
  const counted = count(reply, body)
  // Cursors of groups are counted back from the last one: a wrong number would move all of them.
  if (said !== null && said !== counted) throw badReply(api, reply, `${counted} LogGroups instead of ${said}`)
  return counted
}

function count(reply: Reply, body: Buffer): number {
  try {
    return countGroups(body)
  } catch (error) {
    throw badReply(api, reply, 'its body is no list of LogGroups', error)
  }
}

const textOf = ({ headers }: Reply, name: string): string => String(headers[name] ?? '').trim()

const numberOf = (reply: Reply, name: string): number | null =>
  /^\d{1,15}$/.test(textOf(reply, name)) ? Number(textOf(reply, name)) : null

const bigintOf = (reply: Reply, name: string): bigint | null =>
  /^\d{1,19}$/.test(textOf(reply, name)) ? BigInt(textOf(reply, name)) : null

function flagOf(reply: Reply, name: string): boolean | null {
  const text = textOf(reply, name)
  if (text === '1') return true
  return text === '0' ? false : null
}
