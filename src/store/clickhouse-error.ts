// Errors of ClickHouse, whichever way they came: the code and one line of what it said.
import { StoreError } from '../model/store-connection.ts'

/** Codes after which the same request may succeed later (src/Common/ErrorCodes.cpp in ClickHouse's sources). */
const transientCodes: ReadonlySet<number> = new Set([
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76, // CANNOT_OPEN_FILE
  159, // TIMEOUT_EXCEEDED
  164, // READONLY: a server that is being moved
  201, // QUOTA_EXCEEDED
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  225, // NO_ZOOKEEPER
  236, // ABORTED: it is shutting down
  241, // MEMORY_LIMIT_EXCEEDED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
  285, // TOO_FEW_LIVE_REPLICAS
  319, // UNKNOWN_STATUS_OF_INSERT
  425, // SYSTEM_ERROR
  999, // KEEPER_EXCEPTION
])

/** Longest message, in UTF-16 units: ClickHouse repeats the whole statement. */
const maxMessage = 400

/** An error whose text is ClickHouse's, or that never reached it. */
export function storeErrorOf(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(cause, message)
  // Without a code nobody answered: a refused or broken connection, a time-out.
  const isTransient = code === null || transientCodes.has(code)
  return new StoreError(oneLine(message), { clickhouseCode: code, isTransient, cause })
}

function codeOf(cause: unknown, message: string): number | null {
  if (cause instanceof Error) {
    if ('clickhouseCode' in cause && typeof cause.clickhouseCode === 'number') return cause.clickhouseCode
    // @clickhouse/client gives the code as text.
    if ('code' in cause && typeof cause.code === 'string' && /^\d+$/.test(cause.code)) return Number(cause.code)
  }
  const match = /\bCode: (\d+)/.exec(message)
  return match === null ? null : Number(match[1])
}

function oneLine(message: string): string {
  const text = message
    // An exception that went through several hands has the head several times, and says twice what it is and who speaks.
    .replace(/^(?:Code: \d+\. DB::Exception: )+/, '')
    .replace(/(?: \([A-Z_]+\) \(version [^()]*(?:\([^()]*\))?\)\.?)+(?= \([A-Z_]+\)$)/, '')
    // A server's own says in brackets what build it is.
    .replace(/ \(version [^()]*(?:\([^()]*\))?\)$/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > maxMessage ? `${text.slice(0, maxMessage)}…` : text
}
