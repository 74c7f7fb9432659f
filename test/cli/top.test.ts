// `top` and `query` on a small store.
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import { WorkerStage } from '../app/worker/stage.ts'
import { until } from '../app/worker/worker-process.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { FollowProcess } from './follow-process.ts'
import { fcscope, run } from './run-fcscope.ts'

const at = (ms: number): string => new Date(ms).toISOString()

/** One invocation as the platform tells it, `agoMs` ago. */
function invocation(
  functionName: string,
  agoMs: number,
  durationMs: number,
  more: Record<string, unknown> = {},
): string {
  const startMs = Date.now() - agoMs
  const row = {
    __time__: String(Math.floor(startMs / 1000)),
    __topic__: `FCRequestMetrics:${functionName}`,
    requestId: `1-65a24fa0-${String(agoMs).padStart(8, '0')}-${functionName.padEnd(12, '0')}`,
    functionName,
    instanceID: `c-${functionName}`,
    durationMs: String(durationMs),
    invocationStartTimestamp: String(startMs),
    isColdStart: 'false',
    hasFunctionError: 'false',
    statusCode: '200',
    ...more,
  }
  return `${JSON.stringify(row)}\n`
}

test('figures of the window, for people and for scripts', { skip: withoutChdb }, async () => {
  const stage = new WorkerStage()
  const fcs = (...words: string[]) => run(fcscope, words, { folder: stage.folder })
  try {
    const rows = [
      ...[10, 20, 30, 40].map((durationMs, i) => invocation('orders', 10_000 + i, durationMs)),
      invocation('orders', 9000, 5000, { errorType: 'FunctionTimeoutError', hasFunctionError: 'true' }),
      invocation('orders', 8000, 90, { isColdStart: 'true' }),
      invocation('mails', 7000, 7),
      invocation('orders', 3_600_000, 99_999),
    ]
    appendFileSync(stage.path('logs/a.log'), rows.join(''))
    await stage.finish()
    const json = JSON.parse((await fcs('top', '--json')).stdout)
    assert.equal(json.windowSeconds, 300)
    assert.ok(at(Date.now()) >= json.time)
    const [orders, mails] = json.functions
    const { lastTime, ...figures } = orders
    assert.ok(lastTime < json.time)
    assert.deepEqual(figures, {
      functionName: 'orders',
      serviceName: null,
      invocations: 6,
      errors: 1,
      p50Ms: 40,
      p99Ms: 5000,
      coldStarts: 1,
      throttled: 0,
      timeouts: 1,
      cost: null,
      errorPercent: 16.67,
    })
    assert.equal(mails.invocations, 1)
    const names = async (...words: string[]): Promise<string[]> =>
      (await fcs('top', ...words)).stdout
        .split('\n')
        .slice(1, -1)
        .map(line => line.split(' ')[0] ?? '')
    assert.deepEqual(await names(), ['orders', 'mails'])
    assert.deepEqual(await names('--sort', 'name'), ['mails', 'orders'])
    assert.deepEqual(await names('--function', 'mails'), ['mails'])
    assert.deepEqual(await names('--window', '1s'), [])
    assert.match((await fcs('top', '--window', '2h')).stdout, /orders +7 /)
    for (const wrong of [
      ['--window', '0s'],
      ['--window', 'x'],
      ['--sort', 'x'],
      ['--interval', '1ms'],
    ])
      assert.equal((await fcs('top', ...wrong)).status, 2, wrong.join(' '))

    const repeated = new FollowProcess(stage.folder, ['top', '--json', '--interval', '1s'])
    await until('a first object', () => repeated.rows().length > 0)
    assert.equal(await repeated.interrupt(), 130)
    assert.ok(!repeated.stdout.includes('\u001b'))
  } finally {
    stage.remove('.')
  }
})

test('query: results, refusals and their statuses, with a worker and without', { skip: withoutChdb }, async () => {
  const stage = new WorkerStage()
  const fcs = (...words: string[]) => run(fcscope, words, { folder: stage.folder })
  try {
    const missing = await fcs('query', 'SELECT 1')
    assert.deepEqual([missing.status, missing.stdout], [1, ''])
    assert.match(missing.stderr, /^fcscope: .*nothing was stored.*\[FCS_NOT_FOUND\]\n$/)
    appendFileSync(stage.path('logs/a.log'), invocation('orders', 1000, 10))
    const worker = stage.start()
    await worker.ready()
    const check = async (): Promise<void> => {
      const rows = await fcs('query', 'SELECT number AS n FROM numbers(2)')
      assert.deepEqual([rows.status, rows.stdout], [0, '{"n":0}\n{"n":1}\n'])
      assert.equal((await fcs('query', '-f', 'CSVWithNames', 'SELECT 1 AS a')).stdout, '"a"\n1\n')
      for (const [sql, code] of [
        ['SELEC 1', 'FCS_QUERY_FAILED'],
        ['SELECT nope', 'FCS_QUERY_FAILED'],
        ['DROP TABLE log_lines', 'FCS_QUERY_FAILED'],
        ['SELECT 1; SELECT 2', 'FCS_QUERY_FAILED'],
        ['', 'FCS_QUERY_FAILED'],
      ] as const) {
        const outcome = await fcs('query', sql)
        assert.deepEqual([outcome.status, outcome.stdout], [2, ''], sql)
        assert.match(outcome.stderr, new RegExp(`^fcscope: [^\n]*\\[${code}\\]\n$`))
      }
      const piped = await run('/bin/sh', ['-c', `${fcscope} query 'SELECT number FROM numbers(1e9)' | head -1`], {
        folder: stage.folder,
      })
      assert.deepEqual([piped.stdout, piped.stderr], ['{"number":0}\n', ''])
      const fromInput = await run(fcscope, ['query', '-'], { folder: stage.folder, input: 'SELECT 3 AS n' })
      assert.equal(fromInput.stdout, '{"n":3}\n')
    }
    await check()
    const many = await Promise.all(Array.from({ length: 12 }, () => fcs('query', 'SELECT sleep(0.1) AS n')))
    assert.deepEqual(new Set(many.map(({ stdout }) => stdout)), new Set(['{"n":0}\n']))
    await worker.kill()
    await check()
  } finally {
    stage.remove('.')
  }
})
