// What is said when nobody knows a request: what was looked through and how, how new that is, and whether it can be an id at all.
import { ExitStatus, FcscopeError, type Text } from '../../model/fcscope-error.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { extentOf } from '../../store/trace/request-queries.ts'

/** A shorter beginning of an id means too much. */
export const minPrefixLength = 6

/** Fails with a `StoreError`. */
export async function notInStore(store: StoreConnection, requestId: string): Promise<FcscopeError> {
  const { attempts, newest } = await extentOf(store)
  const count = attempts.toLocaleString('en-US')
  const how = howText(requestId)
  const hint = hintText(requestId)
  const last: Text =
    newest === null
      ? { en: 'it holds no data', zh: '其中没有数据' }
      : { en: `its newest data came at ${newest}`, zh: `最新数据到达于 ${newest}` }
  return notFound({
    en: `${requestId} is not among the ${count} attempts of the store ${store.label}, ${how.en}; ${last.en}. ${hint.en}`,
    zh: `存储 ${store.label} 的 ${count} 次尝试中没有 ${requestId}（${how.zh}）；${last.zh}。${hint.zh}`,
  })
}

/** `newestMs`: of the lines that were read, unix ms; null where none has a time. */
export function notInFiles(
  { inputs, newestMs }: { readonly inputs: readonly string[]; readonly newestMs: number | null },
  requestId: string,
): FcscopeError {
  const how = howText(requestId)
  const hint = hintText(requestId)
  const names = inputs.join(', ')
  const newest = newestMs === null ? null : new Date(newestMs).toISOString()
  const last: Text =
    newest === null
      ? { en: 'none of its lines has a time', zh: '其中的日志没有时间' }
      : { en: `its newest line is of ${newest}`, zh: `最新一条日志的时间为 ${newest}` }
  return notFound({
    en: `${requestId} is not in ${names}, ${how.en}; ${last.en}. ${hint.en}`,
    zh: `${names} 中没有 ${requestId}（${how.zh}）；${last.zh}。${hint.zh}`,
  })
}

const howText = (requestId: string): Text =>
  requestId.length >= minPrefixLength
    ? { en: 'neither as a whole id nor as the beginning of one', zh: '按完整 ID 和 ID 开头均未找到' }
    : { en: 'as a whole id', zh: '按完整 ID 未找到' }

/** The shapes that the platform and its event sources give (facts/fc-log-formats §1), whole or only their beginning. */
const idShape = /^(?:1-[\da-f]{0,8}(?:-[\da-f]{0,24}){0,2}|[\da-f]{1,8}(?:-[\da-f]{0,12}){0,4}|[\da-f]{1,32})$/i

function hintText(requestId: string): Text {
  if (requestId.length < minPrefixLength) {
    return {
      en: `An abbreviated id needs ${minPrefixLength} characters.`,
      zh: `缩写的请求 ID 至少需要 ${minPrefixLength} 个字符。`,
    }
  }
  return idShape.test(requestId)
    ? { en: 'Check the id, and that its logs were read.', zh: '请检查请求 ID，并确认已读取相应日志。' }
    : {
        en: 'It does not look like an id of the platform, such as 1-65a24fa0-0b44b15d-431a6b32cc8c or a UUID: check it.',
        zh: '它不像平台的请求 ID（如 1-65a24fa0-0b44b15d-431a6b32cc8c 或 UUID），请检查。',
      }
}

const notFound = (text: Text): FcscopeError =>
  new FcscopeError('FCS_NOT_FOUND', text, { exitStatus: ExitStatus.badAnswer })
