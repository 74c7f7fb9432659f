// Which failure is what: the service's error codes and statuses, and what to do about them (facts §8).
import type { SlsFailureKind } from './sls-api.ts'

const kinds: Readonly<Record<SlsFailureKind, readonly string[]>> = {
  retry: [
    'InternalServerError',
    'RequestTimeout',
    'ServerBusy',
    'RequestTimeExpired',
    'RequestTimeTooSkewed',
    'InvalidRequestTime',
  ],
  quota: [
    'ReadQuotaExceed',
    'ShardReadQuotaExceed',
    'WriteQuotaExceed',
    'ShardWriteQuotaExceed',
    'ExceedQuota',
    'MetaOperationQpsLimitExceeded',
  ],
  cursorExpired: ['InvalidCursor'],
  shardGone: ['ShardNotExist'],
  shardLost: ['ConsumerNotExist', 'ConsumerNotMatch'],
  rejoin: ['NotExistConsumerWithBody'],
  denied: ['SignatureNotMatch', 'Unauthorized', 'ProjectForbidden'],
  missing: ['ProjectNotExist', 'LogStoreNotExist', 'ConsumerGroupNotExist'],
  fatal: [
    'ConsumerGroupAlreadyExist',
    'ParameterInvalid',
    'MissingParameter',
    'PostBodyInvalid',
    'PostBodyUncompressError',
    'PostBodyTooLarge',
    'InvalidContentType',
    'InvalidHost',
    'JsonInfoInvalid',
    'InvalidShardCheckPoint',
    'InvalidMethod',
  ],
}

interface KnownCode {
  readonly code: string
  readonly kind: SlsFailureKind
}

const known = new Map<string, KnownCode>(
  // Object.entries forgets that the keys are kinds.
  (Object.entries(kinds) as [SlsFailureKind, readonly string[]][]).flatMap(([kind, codes]) =>
    codes.map((code): [string, KnownCode] => [code.toLowerCase(), { code, kind }]),
  ),
)

/** The code with its spelling mended (the service writes `ConsumerNotExsit`, too), and what it means. The code decides before the status. */
export function judgeFailure(code: string, status: number): KnownCode {
  const found = known.get(code.toLowerCase().replaceAll('exsit', 'exist'))
  return found ?? { code, kind: kindOf(code, status) }
}

function kindOf(code: string, status: number): SlsFailureKind {
  if (isRefusedCredential(code)) return 'denied'
  if (status === 429 || (status === 403 && /exceed|quota|limit/i.test(code))) return 'quota'
  if (status >= 500 || status === 408) return 'retry'
  if (status === 401 || status === 403) return 'denied'
  return status === 404 ? 'missing' : 'fatal'
}

/** The clocks are too far apart. */
export const isClockFailure = (code: string): boolean =>
  code === 'RequestTimeExpired' || code === 'RequestTimeTooSkewed' || code === 'InvalidRequestTime'

/** New credentials may help. */
export const isRefusedCredential = (code: string): boolean =>
  /^(SignatureNotMatch$|Unauthorized$|InvalidAccessKeyId|SecurityToken)/i.test(code)
