// What a user is told when the store did not take a query.
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import { StoreError } from '../model/store-connection.ts'

const timeoutExceeded = 159

/** A failure of the store as an error for the user; anything else is given back as it is. */
export function storeFailure(error: unknown, label: string): unknown {
  if (!(error instanceof StoreError)) return error
  const { message, clickhouseCode } = error
  if (clickhouseCode === null) {
    return new FcscopeError(
      'FCS_STORE_UNAVAILABLE',
      { en: `${label}: ${message}. Try again.`, zh: `${label}：${message}。请重试。` },
      { cause: error, exitStatus: ExitStatus.unreachable },
    )
  }
  const isLate = clickhouseCode === timeoutExceeded
  return new FcscopeError(
    'FCS_QUERY_FAILED',
    {
      en: `${message} (ClickHouse code ${clickhouseCode})${isLate ? ' Allow more with --timeout.' : ''}`,
      zh: `${message}（ClickHouse 错误码 ${clickhouseCode}）${isLate ? '可用 --timeout 延长时限。' : ''}`,
    },
    { cause: error },
  )
}
