// Events of spans in `otel_traces`: the error lines that `otel_logs` has for the same span, at the same times.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
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
})
