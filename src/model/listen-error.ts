// What is said when an address cannot be listened on, in both languages.
import { ExitStatus, FcscopeError, type Text } from './fcscope-error.ts'
import { systemCode } from './system-code.ts'

const reasons: Readonly<Record<string, Text>> = {
  EADDRINUSE: {
    en: 'another program has this port; stop it, or choose another port',
    zh: '端口已被其他程序占用，请停止该程序或更换端口',
  },
  EACCES: {
    en: 'this user may not use this port; choose one from 1024 on',
    zh: '当前用户无权使用该端口，请使用 1024 及以上的端口',
  },
  EADDRNOTAVAIL: {
    en: 'this machine does not have this address; name one of its own, or 0.0.0.0 for all',
    zh: '本机没有该地址，请填写本机地址，或用 0.0.0.0 表示所有地址',
  },
  ENOTFOUND: { en: 'the name of the host is not known', zh: '主机名无法解析' },
}
const unknown: Text = { en: 'the system refused', zh: '系统拒绝了该请求' }

/** `who` wants to listen; `address` as it was configured; `cause` is what the operating system said. */
export function listenError(who: Text, address: string, cause: unknown): FcscopeError {
  const code = systemCode(cause)
  const { en, zh } = reasons[code] ?? unknown
  const text = {
    en: `${who.en}: cannot listen on ${address}: ${en} (${code}).`,
    zh: `${who.zh}：无法监听 ${address}：${zh}（${code}）。`,
  }
  return new FcscopeError('FCS_LISTEN_FAILED', text, { cause, exitStatus: ExitStatus.unreachable })
}
