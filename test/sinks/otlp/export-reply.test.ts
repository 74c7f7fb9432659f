// Answers of backends, as they come and as they should not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { retryAfterMs, retryInfoMs, statusMessage, takenOutcome } from '../../../src/sinks/otlp/export-reply.ts'

const nowMs = Date.UTC(2015, 9, 21, 7, 28)
const waits: [header: string | undefined, ms: number | null][] = [
  [undefined, null],
  ['0', 0],
  ['120', 120_000],
  ['999999999', 300_000],
  ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  ['soon', null],
  ['-5', 0],
]
for (const [header, ms] of waits) {
  test(`Retry-After: ${header}`, () => assert.equal(retryAfterMs(header, nowMs), ms))
}

test('any bytes are an answer that says nothing, or something', () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map(array => Buffer.from(array))
  const property = fc.property(bytes, fc.boolean(), (reply, isJson) => {
    const outcome = takenOutcome(reply, isJson)
    assert.ok(outcome.kind === 'taken' && outcome.rejected >= 0)
    retryInfoMs(reply)
    statusMessage(reply, 'application/x-protobuf')
    statusMessage(reply, 'application/json')
  })
  fc.assert(property, { numRuns: 500 })
})

test('a text of a backend is one short line', () => {
  assert.equal(statusMessage(Buffer.from(`a\n\tb\u0007${'x'.repeat(999)}`), 'text/plain').length, 300)
})
