// What is said when a Logstore cannot be read at the start: what is wrong, where, and what to do.
import { ExitStatus, FcscopeError, type Text } from '../../model/fcscope-error.ts'
import { systemCode } from '../../model/system-code.ts'
import { SlsError } from './client/sls-api.ts'

export interface LogstorePlace {
  /** The source's name. */
  readonly source: string
  readonly endpoint: string
  readonly project: string
  readonly logstore: string
}

const maxReason = 300

/** `error` as it is when it is not the service's. */
export function startFailure(place: LogstorePlace, error: unknown): unknown {
  if (!(error instanceof SlsError)) return error
  const { source, endpoint, project, logstore } = place
  const { en, zh } = reasonOf(place, error)
  const at = `${project}/${logstore}`
  return new FcscopeError(
    'FCS_SOURCE_UNAVAILABLE',
    { en: `source ${source}: ${at} at ${endpoint}: ${en}.`, zh: `数据源 ${source}：${endpoint} 的 ${at}：${zh}。` },
    { cause: error, exitStatus: ExitStatus.unreachable },
  )
}

function reasonOf(place: LogstorePlace, error: SlsError): Text {
  const said = oneLine(error.message)
  switch (error.code) {
    case 'Credentials':
      return {
        en: `${said}; give accessKeyId and accessKeySecret, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET`,
        zh: `没有可用的凭证（${said}）；请填写 accessKeyId 和 accessKeySecret，或设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET`,
      }
    case 'Proxy':
      return {
        en: `something else than Simple Log Service answered (HTTP ${error.status}); check the endpoint, and proxies on the way`,
        zh: `应答并非来自日志服务（HTTP ${error.status}）；请检查 endpoint 和中间的代理`,
      }
    case 'Timeout':
      return {
        en: 'no answer in time; check the endpoint and the firewall (an -intranet endpoint answers inside its region only)',
        zh: '未及时应答；请检查 endpoint 和防火墙（-intranet 接入点仅限同地域内网访问）',
      }
    case 'Network':
      return networkReason(error)
    case 'SignatureNotMatch':
      return {
        en: `the signature is refused (${said}); check accessKeySecret`,
        zh: `签名被拒绝（${said}）；请检查 accessKeySecret`,
      }
    case 'ProjectNotExist':
      return {
        en: `there is no project ${place.project}; check project, and that the endpoint is that of its region`,
        zh: `项目 ${place.project} 不存在；请检查 project，并确认 endpoint 属于其所在地域`,
      }
    case 'LogStoreNotExist':
      return {
        en: `there is no Logstore ${place.logstore}; check logstore`,
        zh: `Logstore ${place.logstore} 不存在；请检查 logstore`,
      }
  }
  if (error.kind === 'denied') {
    return {
      en: `access is denied (${said}); check the keys, and the rights that docs/sls-source.md lists`,
      zh: `访问被拒绝（${said}）；请检查密钥，以及 docs/sls-source.md 所列的权限`,
    }
  }
  return { en: `the service refuses (${said})`, zh: `服务端拒绝（${said}）` }
}

function networkReason(error: SlsError): Text {
  const code = innermostCode(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      en: `the name of the host is not known (${code}); check endpoint, project and DNS`,
      zh: `主机名无法解析（${code}）；请检查 endpoint、project 和 DNS`,
    }
  }
  if (/CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code)) {
    return {
      en: `TLS fails (${code}); check that the endpoint is right, and that NODE_EXTRA_CA_CERTS names the CA where a proxy has one of its own`,
      zh: `TLS 握手失败（${code}）；请检查 endpoint；若代理使用自有 CA，请用 NODE_EXTRA_CA_CERTS 指定`,
    }
  }
  return {
    en: `cannot be reached (${code}); check the endpoint and the firewall`,
    zh: `无法连接（${code}）；请检查 endpoint 和防火墙`,
  }
}

/** The operating system's or TLS's own word, which may be wrapped. */
function innermostCode(error: unknown): string {
  let code = systemCode(error)
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const own = systemCode(cause)
    if (own !== 'EIO' && own !== 'Network') code = own
  }
  return code
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, maxReason)
