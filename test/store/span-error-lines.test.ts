// Events of spans in `otel_traces`: the error lines that `otel_logs` has for the same span, at the same times.
import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { trafficForms } from '../app/traffic-forms.ts'
import { WorkerStage } from '../app/worker/stage.ts'
import { query } from '../app/worker/stored.ts'
import { generateAll } from '../generate/run-generator.ts'
import { withoutChdb } from './temporary-store.ts'

interface Line {
  readonly spanId: string
  readonly ms: string
  readonly level: string
  readonly text: string
}

const eventsSql = `SELECT SpanId AS spanId, toString(toUnixTimestamp64Milli(time)) AS ms, attributes['fc.level'] AS level,
    attributes['fc.line'] AS text
  FROM otel_traces ARRAY JOIN \`Events.Timestamp\` AS time, \`Events.Name\` AS name, \`Events.Attributes\` AS attributes
  WHERE name = 'error line'`

/** Of an attempt with a span, but only as many as an attempt is told with: the first one and the last seven. */
const linesSql = `SELECT spanId, ms, level, text FROM (
  SELECT SpanId AS spanId, toString(toUnixTimestamp64Milli(Timestamp)) AS ms, level, Body AS text,
    row_number() OVER (PARTITION BY SpanId ORDER BY position) AS number, count() OVER (PARTITION BY SpanId) AS total
  FROM otel_logs WHERE level IN ('error', 'fatal') AND SpanId IN (SELECT SpanId FROM otel_traces))
  WHERE number = 1 OR number > total - 7`

const sorted = (lines: readonly Line[]): string[] => lines.map(line => JSON.stringify(line)).sort()

describe('error lines of spans', { skip: withoutChdb }, () => {
  for (const { name, options } of trafficForms.filter(form => ['console', 'sls', 'sls late'].includes(form.name))) {
    test(`are those of otel_logs, ${name}`, async t => {
      const stage = new WorkerStage('sources: [{type: file, paths: ["logs/*.log"]}]\n')
      t.after(() => stage.end())
      const { lines } = generateAll({ seed: 5, attempts: 800, ...options })
      writeFileSync(stage.path('logs/a.log'), lines.join(''))
      await stage.finish()
      const events = await query<Line>(stage.folder, eventsSql)
      assert.deepEqual(sorted(events), sorted(await query<Line>(stage.folder, linesSql)))
      assert.ok(events.length > 50, `only ${events.length}`)
      await stage.clear()
    })
  }

  test('are all there where the worker was restarted between them', async t => {
    const stage = new WorkerStage('sources: [{type: file, paths: ["logs/*.log"]}]\n')
    t.after(() => stage.end())
    const requestId = '1-65a24fa0-0b44b15d-431a6b32cc8c'
    const row = (second: number, message: string): string =>
      `${JSON.stringify({
        ...{ __topic__: 'FCLogs:f', functionName: 'f', instanceID: 'c-1' },
        ...{ __time__: String(1_736_942_400 + second), message },
      })}\n`
    const failure = (second: number, text: string): string =>
      row(second, `2025-01-15T12:00:0${second}.250Z ${requestId} [ERROR] ${text}`)
    const log = stage.path('logs/a.log')
    writeFileSync(log, row(0, `FC Invoke Start RequestId: ${requestId}`) + failure(1, 'one') + failure(2, 'two'))
    await stage.finish()
    appendFileSync(log, failure(3, 'three') + row(4, `FC Invoke End RequestId: ${requestId}`))
    await stage.finish()
    const events = await query<Line>(stage.folder, eventsSql)
    assert.deepEqual(
      events.map(({ ms, level, text }) => [Number(ms) - 1_736_942_400_000, level, text]),
      [
        [1250, 'error', 'one'],
        [2250, 'error', 'two'],
        [3250, 'error', 'three'],
      ],
    )
    await stage.clear()
  })
})
