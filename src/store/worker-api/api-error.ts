// Errors on their way from the worker to a command, and back into what they were.
import { ExitStatus, errorCodes, FcscopeError } from '../../model/fcscope-error.ts'
import { StoreError } from '../../model/store-connection.ts'

/** What an answer that is no result holds. */
export interface ApiError {
  readonly kind: 'store' | 'expected' | 'internal'
  readonly message: string
  /** ClickHouse's, for a failed query. */
  readonly clickhouseCode: number | null
  readonly isTransient: boolean
  /** For an expected error: its code, its other text and its status. */
  readonly code: string | null
  readonly messageZh: string | null
  readonly exitStatus: number | null
}

const none = { clickhouseCode: null, isTransient: false, code: null, messageZh: null, exitStatus: null } as const

export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof StoreError) {
    const { message, clickhouseCode, isTransient } = error
    return { ...none, kind: 'store', message, clickhouseCode, isTransient }
  }
  if (error instanceof FcscopeError) {
    const { text, code, exitStatus } = error
    return { ...none, kind: 'expected', message: text.en, messageZh: text.zh, code, exitStatus }
  }
  return { ...none, kind: 'internal', message: error instanceof Error ? error.message : String(error) }
}

/** The status that goes with it. */
export const statusOf = ({ kind, isTransient }: ApiError): number =>
  kind === 'internal' ? 500 : isTransient ? 503 : 400

/** The error that was sent; `bytes` may be anything. */
export function errorOf(bytes: string): Error {
  const sent = readApiError(bytes)
  if (sent.kind === 'expected') {
    const code = errorCodes.find(known => known === sent.code) ?? 'FCS_STORE_UNAVAILABLE'
    const exitStatus = Object.values(ExitStatus).find(known => known === sent.exitStatus) ?? ExitStatus.unreachable
    return new FcscopeError(code, { en: sent.message, zh: sent.messageZh ?? sent.message }, { exitStatus })
  }
  return new StoreError(sent.message, { clickhouseCode: sent.clickhouseCode, isTransient: sent.isTransient })
}

function readApiError(bytes: string): ApiError {
  try {
    // Written by `apiErrorOf` of a worker, maybe of another version: what is missing is filled in.
    const sent = JSON.parse(bytes) as Partial<ApiError>
    return { ...none, kind: 'internal', message: 'the worker failed', ...sent }
  } catch {
    return { ...none, kind: 'internal', message: `the worker gave no sensible answer: ${bytes.slice(0, 200)}` }
  }
}
