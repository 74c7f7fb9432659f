import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type MetricsServer, startMetricsServer } from '../../src/app/metrics-server.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'
import { readExposition, sumOf } from '../telemetry/exposition.ts'

describe('the metrics server', () => {
  const metrics = new WorkerMetrics()
  let reasons: string[] = []
  let observe = (): void => {}
  let server: MetricsServer
  before(async () => {
    const { registry } = metrics
    server = await startMetricsServer({
      host: '127.0.0.1',
      port: 0,
      registry,
      observe: () => observe(),
      notReady: () => reasons,
    })
  })
  after(() => server.close())

  const ask = (path: string, method = 'GET', body: string | null = null): Promise<Response> =>
    fetch(`http://${server.address}${path}`, { method, body })

  test('/metrics is read afresh each time', async () => {
    let bytes = 0
    observe = () => metrics.observeLag('logs', { bytes: ++bytes, seconds: 1.5 }, Number.NaN)
    for (const expected of [1, 2]) {
      const response = await ask('/metrics?x=1')
      assert.equal(response.status, 200)
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
      const text = await response.text()
      assert.equal(Number(response.headers.get('content-length')), Buffer.byteLength(text))
      const families = readExposition(text)
      assert.equal(sumOf(families, 'fcscope_source_lag_bytes', { source: 'logs' }), expected)
      assert.ok(families.has('process_cpu_seconds_total'))
    }
  })

  test('a scrape that fails is answered, and the next one works', async () => {
    observe = () => {
      throw new Error('a file is gone')
    }
    const response = await ask('/metrics')
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /a file is gone/)
    observe = () => {}
    assert.equal((await ask('/metrics')).status, 200)
  })

  const readiness: [reasons: string[], status: number, body: object][] = [
    [[], 200, { status: 'ready', reasons: [] }],
    [['starting'], 503, { status: 'notReady', reasons: ['starting'] }],
    [['a "b"', 'c'], 503, { status: 'notReady', reasons: ['a "b"', 'c'] }],
  ]
  for (const [why, status, body] of readiness) {
    test(`/readyz with ${why.length} reasons against it; /healthz says that it lives all the same`, async () => {
      reasons = why
      const ready = await ask('/readyz')
      assert.deepEqual([ready.status, await ready.json()], [status, body])
      const alive = await ask('/healthz')
      assert.deepEqual([alive.status, await alive.json()], [200, { status: 'ok' }])
    })
  }

  test('another path names those that there are', async () => {
    for (const path of ['/', '/metrics/', '/..%2f', '//metrics']) {
      const response = await ask(path)
      assert.deepEqual([response.status, await response.text()], [404, '/metrics, /healthz, /readyz\n'])
    }
  })

  test('another method is told which there are', async () => {
    const response = await ask('/metrics', 'POST', 'x'.repeat(100_000))
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'])
    await response.text()
    const head = await ask('/metrics', 'HEAD')
    assert.deepEqual([head.status, await head.text()], [200, ''])
  })
})

const { registry } = new WorkerMetrics()
const usual = { registry, observe: () => {}, notReady: () => [] }

test('a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await assert.rejects(startMetricsServer({ ...usual, host: '127.0.0.1', port }), {
    code: 'FCS_LISTEN_FAILED',
    exitStatus: 3,
    message: `metrics.listen: cannot listen on 127.0.0.1:${port}: another program has this port; stop it, or choose another port (EADDRINUSE).`,
  })
  other.close()
})

test('an address of IPv6 is one that can be put into a browser', async t => {
  const server = await startMetricsServer({ ...usual, host: '::1', port: 0 }).catch(() => null)
  if (server === null) return t.skip('no IPv6 here')
  assert.match(server.address, /^\[::1\]:\d+$/)
  assert.equal((await fetch(`http://${server.address}/healthz`)).status, 200)
  await server.close()
})
