// What a user must see when a worker cannot go on: one line, with what to do and a code, and no secret.
import assert from 'node:assert/strict'

/** Stands in every configuration of these tests wherever a secret may stand. */
export const secret = 'hunter2-is-a-secret'

export interface Refusal {
  readonly status: number
  readonly code: string
  /** What is wrong, where, and what to do. */
  readonly says: RegExp
}

/** Events are JSON lines; beside them there is one line. */
export function assertRefused(outcome: { status: number | null; stderr: string }, refusal: Refusal): void {
  const { status, stderr } = outcome
  assert.equal(status, refusal.status, stderr)
  assert.ok(!stderr.includes(secret), stderr)
  const lines = stderr.split('\n').filter(line => line !== '' && !line.startsWith('{'))
  assert.equal(lines.length, 1, stderr)
  const [line = ''] = lines
  assert.ok(line.startsWith('fcscope: ') && line.endsWith(` [${refusal.code}]`), line)
  assert.match(line, refusal.says)
}
