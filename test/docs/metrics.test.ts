// docs/metrics.md names every metric there is, with its type.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AttemptMetrics } from '../../src/sinks/prometheus/attempt-metrics.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'

test('docs/metrics.md has every metric with its type, and no other', async () => {
  const { registry } = new WorkerMetrics()
  new AttemptMetrics({ registry, maxFunctions: 1, costs: null })
  const types = [...(await registry.metrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  const own = types.map(([, name, type]) => `${name} ${type}`).filter(line => !/^(process|nodejs)_/.test(line))
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const told = [...page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|/gm)]
  assert.deepEqual(told.map(([, name, type]) => `${name} ${type}`).sort(), own.sort())
})
