// A backend that speaks TLS and wants to see a certificate, over every protocol.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DeliveryPostponed } from '../../../src/model/delivery.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { otlpOptions, otlpProtocols } from '../../../src/sinks/otlp/otlp-options.ts'
import { OtlpSink } from '../../../src/sinks/otlp/otlp-sink.ts'
import { SpanBatch } from '../../../src/sinks/otlp/span-batch.ts'
import { type Certificates, makeCertificates, noCertificates } from '../../services/certificates.ts'
import { type OtlpBackend, openGrpcBackend, openHttpBackend } from '../../services/otlp-backend.ts'

const nowMs = Date.UTC(2024, 3, 7, 12)

for (const protocol of otlpProtocols) {
  describe(`TLS over ${protocol}`, { skip: noCertificates }, () => {
    let folder: string
    let certificates: Certificates
    let backend: OtlpBackend
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'fcscope-tls-'))
      certificates = makeCertificates(folder)
      backend = await (protocol === 'grpc' ? openGrpcBackend : openHttpBackend)(certificates)
    })
    after(async () => {
      await backend.close()
      rmSync(folder, { recursive: true })
    })

    /** Sends one span. */
    const send = async (tls: object | undefined): Promise<void> => {
      const options = otlpOptions.parse({ type: 'otlp', url: backend.url, protocol, timeoutMs: 5000, tls })
      const log = { write: () => {} }
      const sink = new OtlpSink({ options, folder, log, nowMs: () => nowMs, onSpans: () => {} })
      const batch = new SpanBatch({ withErrorLines: true })
      const ids = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }
      batch.add({ ...emptyAttempt(), requestId: 'r', ...ids, startTimeMs: nowMs, durationMs: 5 }, null)
      const [delivery] = sink.stage({ batch: 1, storedMs: nowMs }, batch.requests(1e6))
      assert.ok(delivery !== undefined)
      try {
        await sink.deliver(delivery, { signal: new AbortController().signal })
      } finally {
        await sink.stop()
        rmSync(delivery.file, { force: true })
      }
    }
    const refused = async (tls: object | undefined, reason: RegExp): Promise<void> => {
      const before = backend.requests.length
      await assert.rejects(send(tls), (error: unknown) => {
        assert.ok(error instanceof DeliveryPostponed, String(error))
        assert.match(error.message, reason)
        assert.doesNotMatch(error.message, /\n/)
        return true
      })
      assert.equal(backend.requests.length, before)
    }

    test('with the authority and a certificate of its own it is let in', async () => {
      const { ca, client } = certificates
      await send({ caFile: ca, certFile: client.cert, keyFile: client.key })
      assert.equal(backend.requests.at(-1)?.spans.length, 1)
    })
    test('a server that nobody it knows has signed gets nothing', () =>
      refused(undefined, /SELF_SIGNED_CERT_IN_CHAIN: the backend's certificate; tls\.caFile|self-signed certificate/))
    test('a client without a certificate is sent away', () =>
      refused({ caFile: certificates.ca }, /certificate|alert|closed|reset|dropped|disconnected|hang up/i))
  })
}
