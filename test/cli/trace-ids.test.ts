// `trace` names the ids with which a request is found in a tracing backend: in text, and on the page.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { deriveSpanId, deriveTraceId } from '../../src/lib/trace-id.ts'
import { runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-trace-ids-'))
after(() => rmSync(folder, { recursive: true }))

const requestId = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const traceId = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'

async function report(line: string, page?: string): Promise<string> {
  const log = join(folder, 'a.log')
  const lines = [`FC Invoke Start RequestId: ${requestId}`, line, `FC Invoke End RequestId: ${requestId}`]
  writeFileSync(log, `${lines.join('\n')}\n`)
  const more = page === undefined ? [] : ['--html', page]
  return (await runFcscope(['trace', requestId, '--from', log, ...more])).stdout
}

test('of an attempt that nobody called', async () => {
  const ids = `trace ${deriveTraceId(requestId)}, span ${deriveSpanId(requestId, { phase: 0, attempt: 0 })}`
  assert.match(await report('hello'), new RegExp(`^ +${ids}$`, 'm'))
})

test('of an attempt within its caller’s trace', async () => {
  const page = join(folder, 'a.html')
  const line = `2025-01-15T12:00:00.123Z ${requestId} [INFO] traceparent: 00-${traceId}-${caller}-01`
  await report(line, page)
  const html = readFileSync(page, 'utf8')
  for (const [name, value] of [
    ['trace', traceId],
    ['caller', caller],
  ])
    assert.ok(html.includes(`<tr><th>${name}</th><td class="wide">${value}</td></tr>`), name)
  assert.match(await report(line), new RegExp(`^ +trace ${traceId}, span [0-9a-f]{16}, caller ${caller}$`, 'm'))
})
