import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSignature } from '../../src/app/attempt-signature.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import type { Cause } from '../../src/model/cause.ts'
import type { SettledAttempt } from '../../src/model/settled-attempt.ts'
import { emptyAttempt, MutableSignals } from '../../src/reconstruct/empty-attempt.ts'

const cause: Cause = { code: 'unknown', confidence: 0.5, evidence: ['a'], remedy: 'r', docs: 'd' }
const signatureOf = createSignature()

function settled(attempt: Partial<Attempt>, traceContext: string | null = null): SettledAttempt {
  return {
    attempt: { ...emptyAttempt(), ...attempt },
    signals: new MutableSignals(),
    flags: [],
    traceContext,
    position: '',
    isFinal: false,
    home: '',
    mayKnowLess: false,
    identityWords: new Int32Array(6),
    lineSpans: [],
  }
}

/** Each differs from the one before it, and from an attempt of which nothing is known, in one thing. */
const different: readonly Partial<Attempt>[] = [
  { functionName: 'f' },
  { serviceName: 'f' },
  { qualifier: 'f' },
  { versionId: 'f' },
  { versionId: '' },
  { versionId: 'ff' },
  { versionId: 'é' },
  { instanceID: 'i' },
  { invocationType: 'i' },
  { triggerType: 'i' },
  { resourceMode: 'i' },
  { status: 'ok' },
  { status: 'timeout' },
  { errorCode: 'e' },
  { errorType: 'e' },
  { errorMessage: 'e' },
  { errorStack: 'e' },
  { httpMethod: 'e' },
  { httpPath: 'e' },
  { httpStatus: 200 },
  { httpStatus: 0 },
  { startTimeMs: 1_700_000_000_000 },
  { startTimeMs: 1_700_000_000_000.5 },
  { endTimeMs: 1_700_000_000_000 },
  { durationMs: 0.1 },
  { durationUncertaintyMs: 1000 },
  { billedMs: 1 },
  { memoryMB: 1 },
  { maxMemoryUsedMB: 1 },
  { coldStart: true },
  { coldStart: false },
  { coldStartMs: 1 },
  { prepareCodeMs: 1 },
  { runtimeInitMs: 1 },
  { initializeMs: 1 },
  { scheduleMs: 1 },
  { lines: 1 },
  { linesAfterEnd: 1 },
  ...(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'other'] as const).map(level => ({
    levels: { ...emptyAttempt().levels, [level]: 1 },
  })),
  { closedBy: 'end' },
  { flags: ['missingEnd'] },
  { flags: ['missingStart', 'missingEnd'] },
  { causes: [cause] },
  { causes: [cause, cause] },
  { causes: [{ ...cause, confidence: 0.25 }] },
  { causes: [{ ...cause, evidence: ['a', 'a'] }] },
  { causes: [{ ...cause, code: 'syntaxError' }] },
  { sources: { status: 'marker' } },
  { sources: { status: 'text' } },
  { sources: { startTime: 'marker' } },
  { cu: '0.1' },
]

test('every field counts', () => {
  const seen = new Map([[String(signatureOf(settled({}))), 'nothing']])
  for (const attempt of different) {
    const signature = String(signatureOf(settled(attempt)))
    assert.equal(seen.get(signature), undefined, JSON.stringify(attempt))
    seen.set(signature, JSON.stringify(attempt))
  }
  assert.equal(seen.get(String(signatureOf(settled({}, '1:2:3:1')))), undefined)
})

test('the same is the same', () => {
  for (const attempt of different)
    assert.deepEqual(signatureOf(settled({ ...attempt })), signatureOf(settled(attempt)), JSON.stringify(attempt))
})

test('what follows from the identity or from the code of a cause, and the revision, do not count', () => {
  const other = { requestId: 'r', attempt: 3, phase: 'initialize', traceId: 't', spanId: 's', revision: 9 } as const
  assert.deepEqual(signatureOf(settled(other)), signatureOf(settled({})))
  const inOtherWords = { causes: [{ ...cause, remedy: 'rr', docs: 'dd' }] }
  assert.deepEqual(signatureOf(settled(inOtherWords)), signatureOf(settled({ causes: [cause] })))
})
