// A backend as a sink, over every protocol: what is sent, and what becomes of answers.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { status } from '@grpc/grpc-js'
import { deriveSpanId, deriveTraceId } from '../../../src/lib/trace-id.ts'
import { DeliveryPostponed } from '../../../src/model/delivery.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { probeBackend } from '../../../src/sinks/otlp/open-transport.ts'
import { type OtlpOptions, otlpOptions, otlpProtocols } from '../../../src/sinks/otlp/otlp-options.ts'
import { OtlpSink, spanSignal } from '../../../src/sinks/otlp/otlp-sink.ts'
import { SpanBatch } from '../../../src/sinks/otlp/span-batch.ts'
import { type OtlpBackend, type OtlpReply, openGrpcBackend, openHttpBackend } from '../../services/otlp-backend.ts'

const nowMs = Date.UTC(2024, 3, 7, 12)
const never = new AbortController().signal
const how = { section: 'traces', signal: spanSignal, nowMs: () => nowMs }

/** A request with one span per number. */
function requestsOf(count: number) {
  const batch = new SpanBatch({ withErrorLines: true })
  for (let i = 0; i < count; i++) {
    const requestId = `1-${i}`
    const ids = { traceId: deriveTraceId(requestId), spanId: deriveSpanId(requestId, { phase: 0, attempt: 0 }) }
    batch.add({ ...emptyAttempt(), requestId, ...ids, startTimeMs: nowMs, durationMs: 5 }, null)
  }
  return batch.requests(1024 ** 2)
}

for (const protocol of otlpProtocols) {
  describe(`a backend over ${protocol}`, () => {
    const isGrpc = protocol === 'grpc'
    let backend: OtlpBackend
    let folder: string
    let sink: OtlpSink
    let said: (readonly [string, unknown])[]
    let spans: Record<string, number>
    const optionsOf = (more: object = {}): OtlpOptions =>
      otlpOptions.parse({ type: 'otlp', url: backend.url, protocol, headers: { 'x-token': 'hunter2' }, ...more })
    const makeSink = (more: object = {}): OtlpSink =>
      new OtlpSink({
        options: optionsOf(more),
        folder,
        log: { write: (_severity, event, _text, fields = {}) => said.push([event, fields['spans']]) },
        nowMs: () => nowMs,
        onSpans: (fate, count) => {
          spans[fate] = (spans[fate] ?? 0) + count
        },
      })
    before(async () => {
      backend = await (isGrpc ? openGrpcBackend() : openHttpBackend())
      folder = mkdtempSync(join(tmpdir(), 'fcscope-otlp-'))
    })
    after(async () => {
      await backend.close()
      rmSync(folder, { recursive: true })
    })
    beforeEach(() => {
      backend.requests.length = 0
      backend.replies.length = 0
      said = []
      spans = {}
      sink = makeSink()
    })
    afterEach(() => sink.stop())
    const deliver = async (one = sink, count = 7): Promise<void> => {
      const [delivery] = one.stage({ batch: 3, storedMs: nowMs }, requestsOf(count))
      await one.deliver(delivery ?? assert.fail(), { signal: never })
    }
    const postponed = async (reply: OtlpReply): Promise<DeliveryPostponed> => {
      backend.replies.push(reply)
      const error = await deliver().then(
        () => assert.fail('it was delivered'),
        (failure: unknown) => failure,
      )
      assert.ok(error instanceof DeliveryPostponed)
      assert.doesNotMatch(error.message, /hunter2/)
      assert.deepEqual(spans, {})
      return error
    }

    for (const compression of ['gzip', 'none']) {
      test(`takes spans, compressed with ${compression}`, async () => {
        const own = makeSink({ compression })
        await deliver(own)
        const [seen] = backend.requests
        assert.deepEqual(
          seen?.spans.map(span => span.attributes['faas.invocation_id']),
          ['1-0', '1-1', '1-2', '1-3', '1-4', '1-5', '1-6'],
        )
        assert.equal(seen?.headers['x-token'], 'hunter2')
        if (!isGrpc) {
          assert.equal(seen?.path, '/v1/traces')
          assert.equal(seen?.headers['content-encoding'], compression === 'gzip' ? 'gzip' : undefined)
        }
        assert.deepEqual([spans, said], [{ taken: 7 }, []])
        await own.stop()
      })
    }

    test('spans that the backend does not take are counted, told once and never sent again', async () => {
      for (let i = 0; i < 2; i++) {
        backend.replies.push({ kind: 'taken', rejected: 2, message: 'too old' })
        await deliver()
      }
      assert.equal(backend.requests.length, 2)
      assert.deepEqual(spans, { taken: 10, rejected: 4 })
      assert.deepEqual(said, [['spansPartlyRejected', 2]])
    })

    test('a request that is refused is counted and told, and not sent again', async () => {
      const refusal: OtlpReply = isGrpc
        ? { kind: 'grpc', code: status.INVALID_ARGUMENT, message: 'no such tenant' }
        : { kind: 'http', status: 400, headers: { 'content-type': 'text/plain' }, body: 'no such tenant' }
      for (let i = 0; i < 2; i++) {
        backend.replies.push(refusal)
        await deliver()
      }
      assert.deepEqual([spans, said], [{ refused: 14 }, [['spansRefused', 7]]])
    })

    test('a backend that says when it is to be asked again is asked then', async () => {
      const reply: OtlpReply = isGrpc
        ? { kind: 'grpc', code: status.RESOURCE_EXHAUSTED, message: 'busy', retrySeconds: 7 }
        : { kind: 'http', status: 429, headers: { 'retry-after': '7' } }
      assert.equal((await postponed(reply)).afterMs, 7000)
    })

    test('a backend that cannot just now is asked again', async () => {
      const reply: OtlpReply = isGrpc
        ? { kind: 'grpc', code: status.UNAVAILABLE, message: 'going down' }
        : { kind: 'http', status: 503 }
      assert.equal((await postponed(reply)).afterMs, null)
      await deliver()
      assert.deepEqual(spans, { taken: 7 })
    })

    test('no answer in time', async () => {
      const own = makeSink({ timeoutMs: 100 })
      backend.replies.push({ kind: 'silence' })
      await assert.rejects(deliver(own), DeliveryPostponed)
      await own.stop()
    })

    test('a stop ends what is under way', async () => {
      backend.replies.push({ kind: 'silence' })
      const [delivery] = sink.stage({ batch: 4, storedMs: nowMs }, requestsOf(1))
      const stop = new AbortController()
      const sending = sink.deliver(delivery ?? assert.fail(), { signal: stop.signal })
      stop.abort()
      await assert.rejects(sending, { name: 'AbortError' })
    })

    test('nobody is there', async () => {
      const own = makeSink({ url: 'http://127.0.0.1:9' })
      await own.open()
      await assert.rejects(deliver(own), DeliveryPostponed)
      assert.match(
        (await probeBackend({ ...how, options: optionsOf({ url: 'http://127.0.0.1:9' }) })) ?? '',
        /127\.0\.0\.1:9/,
      )
      await own.stop()
    })

    test('the backend can be tried without spans', async () => {
      assert.equal(await probeBackend({ ...how, options: optionsOf() }), null)
      assert.deepEqual(
        backend.requests.map(request => request.spans),
        [[]],
      )
    })

    test('files of a batch, each with what it holds', () => {
      const requests = requestsOf(3)
      assert.deepEqual(sink.stage({ batch: 9, storedMs: 0 }, []), [])
      const staged = sink.stage({ batch: 9, storedMs: nowMs }, [...requests, ...requests])
      assert.deepEqual(
        staged.map(({ sink: name, batch, part, rows }) => [name, batch, part, rows]),
        [
          ['traces', 9, 'spans-0', 3],
          ['traces', 9, 'spans-1', 3],
        ],
      )
      assert.ok(staged.every(({ file }) => existsSync(file)))
    })
  })
}

test('a certificate that cannot be read', async () => {
  const options = otlpOptions.parse({ type: 'otlp', url: 'https://127.0.0.1:9', tls: { caFile: '/no/such.pem' } })
  const sink = new OtlpSink({ options, folder: '/', log: { write: () => {} }, nowMs: () => 0, onSpans: () => {} })
  await assert.rejects(sink.open(), { code: 'FCS_CONFIG_INVALID', message: /tls\.caFile cannot be read \(ENOENT\)/ })
})
