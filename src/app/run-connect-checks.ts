// Runs the checks of `check-config --connect` one after the other and says how each came out.
import { setTimeout as wait } from 'node:timers/promises'
import { FcscopeError, type Text } from '../model/fcscope-error.ts'
import type { ConnectCheck } from './connect-checks.ts'

/** How long one check may take. */
const defaultDeadlineMs = 10_000

export interface ConnectResult {
  readonly isReached: boolean
  readonly line: Text
}

/** One result per check, in their order. Never fails. */
export async function* runConnectChecks(
  checks: readonly ConnectCheck[],
  deadlineMs = defaultDeadlineMs,
): AsyncGenerator<ConnectResult> {
  for (const check of checks) {
    const reason = await runCheck(check, deadlineMs)
    yield reason === null
      ? { isReached: true, line: { en: `  reached   ${check.name}`, zh: `  可访问    ${check.name}` } }
      : {
          isReached: false,
          line: { en: `  failed    ${check.name}: ${reason.en}`, zh: `  失败      ${check.name}：${reason.zh}` },
        }
  }
}

/** Null when it was reached. */
async function runCheck(check: ConnectCheck, deadlineMs: number): Promise<Text | null> {
  const done = new AbortController()
  const late = wait(deadlineMs, tooLate(deadlineMs), { signal: done.signal }).catch(() => null)
  const result = check.run().then(
    () => null,
    error => reasonOf(error),
  )
  const reason = await Promise.race([result, late])
  done.abort()
  return reason
}

function reasonOf(error: unknown): Text {
  const text = error instanceof FcscopeError ? error.text : null
  const message = error instanceof Error ? error.message : String(error)
  const { en, zh } = text ?? { en: message, zh: message }
  return { en: en.replaceAll('\n', ' '), zh: zh.replaceAll('\n', ' ') }
}

const tooLate = (deadlineMs: number): Text => ({
  en: `no answer within ${deadlineMs / 1000} s`,
  zh: `${deadlineMs / 1000} 秒内没有响应`,
})
