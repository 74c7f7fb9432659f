// The ids that the platform gives with a metrics row, in both forms that there are; what is no such thing gives ids of our own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveSpanId, deriveSpanWords, deriveTraceId, deriveTraceWordsOfText } from '../../src/lib/trace-id.ts'
import { identifySpan } from '../../src/pipeline/complete-attempt.ts'
import { emptyAttempt, MutableSignals } from '../../src/reconstruct/empty-attempt.ts'

const requestId = '1-6612a1c0-15b2f1c3a9d2'
const identityWords = new Int32Array(6)
deriveTraceWordsOfText(requestId, identityWords, 0)
deriveSpanWords(identityWords, 0, { phase: 0, attempt: 1 }, identityWords, 4)
const own = [deriveTraceId(requestId), deriveSpanId(requestId, { phase: 0, attempt: 1 }), null]

function idsOf(traceContext: string | null): readonly (string | null)[] {
  const attempt = { ...emptyAttempt(), requestId, attempt: 1 }
  const rest = { signals: new MutableSignals(), flags: [], position: '', isFinal: true, home: '', mayKnowLess: false }
  identifySpan({ attempt, traceContext, identityWords, lineSpans: [], ...rest })
  return [attempt.traceId, attempt.spanId, attempt.parentSpanId]
}

const trace = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'
const cases: [context: string | null, ids: readonly (string | null)[]][] = [
  [null, own],
  ['371d3ff242fcee9:371d3ff242fcee9:0:1', ['00000000000000000371d3ff242fcee9', '0371d3ff242fcee9', null]],
  [`${trace}:${caller}:1:1`, [trace, caller, '0000000000000001']],
  [`00-${trace}-${'0'.repeat(16)}-01`, own],
  [`00-${'0'.repeat(32)}-${caller}-01`, own],
  [`ff-${trace}-${caller}-01`, own],
  [`00-${trace}-${caller}`, own],
  ['anything', own],
]
for (const [context, ids] of cases) test(`traceContext ${context}`, () => assert.deepEqual(idsOf(context), ids))

for (const context of [
  `00-${trace}-${caller}-01`,
  `00-${trace.toUpperCase()}-${caller}-00`,
  `01-${trace}-${caller}-01-more`,
]) {
  test(`traceparent ${context}: the caller is the parent, our id is our own`, () => {
    const [traceId, spanId, parentSpanId] = idsOf(context)
    assert.deepEqual([traceId, parentSpanId], [trace, caller])
    assert.match(spanId ?? '', /^(?!0{16})[0-9a-f]{16}$/)
    assert.notEqual(spanId, caller)
    assert.deepEqual(idsOf(context), [traceId, spanId, parentSpanId], 'the same on every replay')
  })
}
