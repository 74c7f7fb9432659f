// When an attempt becomes spans: once, with its row if that comes in time.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SpanExport } from '../../src/app/span-export.ts'
import { deriveSpanWords, deriveTraceWordsOfText } from '../../src/lib/trace-id.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import type { SettledAttempt } from '../../src/model/settled-attempt.ts'
import { emptyAttempt, MutableSignals } from '../../src/reconstruct/empty-attempt.ts'
import { maxHeld } from '../../src/sinks/otlp/held-attempts.ts'
import { otlpOptions } from '../../src/sinks/otlp/otlp-options.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'
import { decodeRequest } from '../sinks/otlp/official-spans.ts'

const noonMs = Date.UTC(2024, 3, 7, 12)
const folder = mkdtempSync(join(tmpdir(), 'fcscope-spans-'))
after(() => rmSync(folder, { recursive: true }))

function settledOf(requestId: string, put: Partial<Attempt> = {}, more: Partial<SettledAttempt> = {}): SettledAttempt {
  const identityWords = new Int32Array(6)
  deriveTraceWordsOfText(requestId, identityWords, 0)
  deriveSpanWords(identityWords, 0, { phase: 0, attempt: 0 }, identityWords, 4)
  const attempt: Attempt = { ...emptyAttempt(), requestId, closedBy: 'end', startTimeMs: noonMs, durationMs: 5, ...put }
  const rest = { signals: new MutableSignals(), flags: [], traceContext: null, position: '', isFinal: false, home: '' }
  return { attempt, identityWords, lineSpans: [], mayKnowLess: false, ...rest, ...more }
}
const rough: Partial<Attempt> = { sources: { durationMs: 'recordTime' } }
const exact: Partial<Attempt> = { sources: { durationMs: 'metrics' } }

class Rig {
  readonly metrics = new WorkerMetrics()
  readonly spans: SpanExport
  #batch = 0

  constructor(waitMs = 1000) {
    const options = otlpOptions.parse({ type: 'otlp', url: 'http://127.0.0.1:9', waitMs })
    this.spans = new SpanExport({ options, folder, metrics: this.metrics, log: { write: () => {} }, nowMs: () => 0 })
  }

  /** Request ids of the spans of the batch, which is closed. */
  sent(): readonly unknown[] {
    this.#batch += 1
    const files = this.spans.stage({ batch: this.#batch, storedMs: 0 })
    this.spans.clear()
    return files.flatMap(({ file }) =>
      decodeRequest(readFileSync(file)).map(span => span.attributes['faas.invocation_id']),
    )
  }

  async counted(): Promise<Record<string, number>> {
    this.metrics.takeChanges()
    this.metrics.expose()
    const text = await this.metrics.registry.metrics()
    const found = text.matchAll(/^fcscope_traced_attempts_total\{result="(\w+)"\} (\d+)$/gm)
    return Object.fromEntries([...found].map(([, result = '', value]) => [result, Number(value)]))
  }
}

test('exact figures are sent at once, and a revision is counted', async () => {
  const rig = new Rig()
  rig.spans.take(settledOf('a', exact), noonMs)
  assert.deepEqual(rig.sent(), ['a'])
  rig.spans.revise(settledOf('a', exact), noonMs)
  assert.deepEqual([rig.sent(), rig.spans.hasWaiting], [[], false])
  assert.deepEqual(await rig.counted(), { sent: 1, corrected: 1 })
})

test('one without a row waits for it, and goes with it', () => {
  const rig = new Rig()
  rig.spans.hold(settledOf('a', rough), noonMs)
  assert.equal(rig.spans.sendDue(noonMs + 999), 0)
  assert.deepEqual([rig.sent(), rig.spans.hasWaiting], [[], true])
  rig.spans.take(settledOf('a', exact), noonMs + 999)
  assert.equal(rig.spans.sendDue(Number.POSITIVE_INFINITY), 0)
  assert.deepEqual([rig.sent(), rig.spans.hasWaiting], [['a'], false])
})

test('when the row has been waited for long enough it goes without, and never again', async () => {
  const rig = new Rig()
  rig.spans.hold(settledOf('a', rough), noonMs)
  rig.spans.hold(settledOf('a', rough), noonMs + 900)
  assert.equal(rig.spans.sendDue(noonMs + 1000), 1, 'a revision does not make it wait longer')
  rig.spans.hold(settledOf('a', rough), noonMs + 1500)
  rig.spans.take(settledOf('a', exact), noonMs + 1600)
  assert.equal(rig.spans.sendDue(Number.POSITIVE_INFINITY), 0)
  assert.deepEqual(rig.sent(), ['a'])
  assert.deepEqual(await rig.counted(), { sent: 1, corrected: 2 })
})

test('rough figures that are counted already wait as well, but for what comes of partitions', () => {
  const rig = new Rig()
  rig.spans.take(settledOf('a', rough), noonMs)
  rig.spans.take(settledOf('shared', rough, { home: 'kafka/t/0' }), noonMs)
  rig.spans.take(settledOf('final', rough, { isFinal: true }), noonMs)
  assert.deepEqual(rig.sent(), ['shared', 'final'])
  rig.spans.revise(settledOf('a', exact), noonMs)
  assert.deepEqual(rig.sent(), ['a'])
})

test('one that the end of the input cut off is not held', () => {
  const rig = new Rig()
  rig.spans.hold(settledOf('a', { ...rough, closedBy: 'eof' }), noonMs)
  assert.equal(rig.spans.hasWaiting, false)
})

test('what is held is a copy; what is withdrawn or somebody else’s is not sent', () => {
  const rig = new Rig()
  const first = settledOf('a', rough)
  rig.spans.hold(first, noonMs)
  first.attempt.requestId = 'filled again'
  rig.spans.hold(settledOf('b', rough), noonMs)
  rig.spans.withdraw(settledOf('b'), true)
  rig.spans.hold(settledOf('c', rough, { home: 'kafka/t/1' }), noonMs)
  rig.spans.forget(home => home === 'kafka/t/1')
  rig.spans.sendDue(Number.POSITIVE_INFINITY)
  assert.deepEqual(rig.sent(), ['a'])
})

test('one that is withdrawn when its spans are gone is counted', async () => {
  const rig = new Rig()
  rig.spans.take(settledOf('a', exact), noonMs)
  rig.spans.withdraw(settledOf('a'), true)
  rig.spans.hold(settledOf('b', rough), noonMs)
  rig.spans.sendDue(Number.POSITIVE_INFINITY)
  rig.spans.withdraw(settledOf('b'), false)
  rig.spans.withdraw(settledOf('never seen'), false)
  assert.deepEqual(rig.sent(), ['a', 'b'])
  assert.deepEqual(await rig.counted(), { sent: 2, corrected: 2 })
})

test('a restart knows what was held, and what went without its row', () => {
  const before = new Rig()
  before.spans.hold(settledOf('gone', rough), noonMs)
  before.spans.sendDue(Number.POSITIVE_INFINITY)
  before.spans.hold(settledOf('held', rough), noonMs)
  const rig = new Rig()
  rig.spans.load(structuredClone(before.spans.save()))
  rig.spans.take(settledOf('gone', exact), noonMs)
  rig.spans.sendDue(Number.POSITIVE_INFINITY)
  assert.deepEqual(rig.sent(), ['held'])
})

test('no more are held than there is room for', () => {
  const rig = new Rig(600_000)
  for (let i = 0; i < maxHeld + 3; i++) rig.spans.hold(settledOf(`r-${i}`, rough), noonMs)
  assert.equal(rig.spans.sendDue(noonMs), 3)
  assert.deepEqual(rig.sent(), ['r-0', 'r-1', 'r-2'])
})

test('an attempt without times is counted', async () => {
  const rig = new Rig()
  rig.spans.take(settledOf('a', { startTimeMs: null }), noonMs)
  assert.deepEqual([rig.sent(), await rig.counted()], [[], { noTimes: 1 }])
})
