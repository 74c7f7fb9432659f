// What is said when a Logstore cannot be searched: what is wrong, where, and what to do.
import { ExitStatus, FcscopeError, type Text } from '../../model/fcscope-error.ts'
import { SearchError } from './search-error.ts'

export interface SearchedPlace {
  readonly endpoint: string
  readonly project: string
  readonly logstore: string
}

const maxReason = 300

/** `error` as it is when it is not about the service. */
export function searchFailure(place: SearchedPlace, error: unknown): unknown {
  if (!(error instanceof SearchError)) return error
  const { endpoint, project, logstore } = place
  const { en, zh } = reasonOf(place, error)
  const at = `${project}/${logstore}`
  return new FcscopeError(
    'FCS_SOURCE_UNAVAILABLE',
    { en: `${at} at ${endpoint}: ${en}.`, zh: `${endpoint} 的 ${at}：${zh}。` },
    { cause: error, exitStatus: ExitStatus.unreachable },
  )
}

function reasonOf(place: SearchedPlace, error: SearchError): Text {
  const said = oneLine(error.message)
  const ofCode = codeReason(place, error.code, said)
  if (ofCode !== null) return ofCode
  switch (error.kind) {
    case 'denied':
      return {
        en: `access is denied (${said}); check the keys, and the rights that docs/backfill.md lists`,
        zh: `访问被拒绝（${said}）；请检查密钥，以及 docs/backfill.md 所列的权限`,
      }
    case 'noIndex':
      return {
        en: `the Logstore cannot be searched (${said}); create an index for it, or read it with a source of the type sls, which needs none`,
        zh: `该 Logstore 无法查询（${said}）；请为其创建索引，或使用不需要索引的 sls 数据源`,
      }
    case 'quota':
      return {
        en: `the service limits searching for too long (${said}); try again later, or with fewer requests at once`,
        zh: `服务端持续限流（${said}）；请稍后重试，或减少并发请求数`,
      }
    case 'retry':
      return {
        en: `the service fails for too long (${said}); try again later`,
        zh: `服务端持续异常（${said}）；请稍后重试`,
      }
    case 'tooLarge':
      return {
        en: `${said}; choose fewer rows with a query`,
        zh: `单次数据量过大（${said}）；请用查询语句减少日志`,
      }
    default:
      return { en: `the service refuses (${said})`, zh: `服务端拒绝（${said}）` }
  }
}

/** Null where the kind says enough. */
function codeReason(place: SearchedPlace, code: string, said: string): Text | null {
  switch (code) {
    case 'Credentials':
      return {
        en: `${said}; set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or name a configuration with a source of the type sls`,
        zh: `没有可用的凭证（${said}）；请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或指定含有 sls 数据源的配置文件`,
      }
    case 'SignatureNotMatch':
      return {
        en: `the signature is refused (${said}); check the access key secret`,
        zh: `签名被拒绝（${said}）；请检查 AccessKey Secret`,
      }
    case 'ProjectNotExist':
      return {
        en: `there is no project ${place.project}; check it, and that the endpoint is that of its region`,
        zh: `项目 ${place.project} 不存在；请检查项目名称，并确认 endpoint 属于其所在地域`,
      }
    case 'LogStoreNotExist':
      return {
        en: `there is no Logstore ${place.logstore}; check its name`,
        zh: `Logstore ${place.logstore} 不存在；请检查名称`,
      }
    case 'Proxy':
      return {
        en: `something else than Simple Log Service answers (${said}); check the endpoint, and proxies on the way`,
        zh: `应答并非来自日志服务（${said}）；请检查 endpoint 和中间的代理`,
      }
    case 'Timeout':
      return {
        en: `${said}; check the endpoint and the firewall (an -intranet endpoint answers inside its region only)`,
        zh: `未及时应答（${said}）；请检查 endpoint 和防火墙（-intranet 接入点仅限同地域内网访问）`,
      }
    case 'Network':
      return {
        en: `${said}; check endpoint, project, DNS and firewall`,
        zh: `${said}；请检查 endpoint、项目、DNS 和防火墙`,
      }
    case 'Incomplete':
      return {
        en: `${said}, so rows would be missing; try again later, or a shorter range`,
        zh: `服务端始终只返回部分结果（${said}）；请稍后重试，或缩短时间范围`,
      }
    case 'Unstable':
      return {
        en: `${said}; rows still come in: choose an earlier end`,
        zh: `该时间段的日志仍在变化（${said}）；请选择更早的结束时间`,
      }
    default:
      return null
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, maxReason)
