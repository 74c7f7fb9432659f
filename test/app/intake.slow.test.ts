// Logs over standard input and HTTP through the whole worker: what was acknowledged is stored once, whatever ends the worker.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, writeFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { fcscope } from '../cli/run-fcscope.ts'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { bodiesOf, post, postUntilTaken } from './intake/sender.ts'
import { endBy } from './kill/kill-run.ts'
import { WorkerStage } from './worker/stage.ts'
import { query } from './worker/stored.ts'
import { pause, until, type WorkerProcess } from './worker/worker-process.ts'

const token = 'let-me-in'
const authorization = `Bearer ${token}`
const http = 'sources: [{type: http, listen: "127.0.0.1:0"}]\n'

function stageOf(t: TestContext, config: string): WorkerStage {
  const stage = new WorkerStage(config)
  t.after(() => stage.clear())
  return stage
}

async function portOf(worker: WorkerProcess): Promise<number> {
  await worker.ready()
  return Number((await worker.event('httpListening'))['port'])
}

for (const format of ['text', 'sls'] as const) {
  test(`cat FILE | fcscope run --once, ${format}`, async t => {
    const stage = stageOf(t, 'sources: [{type: stdin}]\n')
    const bytes = await stage.generate('all.log', { lines: 15_000, seed: 61, format })
    const outcome = await stage.once({ input: bytes })
    assert.equal(outcome.status, 0, outcome.stderr)
    await stage.mustHold(['all.log'], { about: 'from a pipe' })
  })
}

test('a pipe into a worker that goes on, until its writer has ended', async t => {
  const stage = stageOf(t, 'sources: [{type: stdin}]\n')
  await stage.generate('all.log', { lines: 15_000, seed: 62, format: 'sls' })
  const worker = stage.start({ stdin: 'pipe' })
  assert.ok(worker.child.stdin)
  await pipeline(createReadStream(stage.path('all.log'), { highWaterMark: 10_000 }), worker.child.stdin)
  await worker.event('stdinEnded')
  assert.deepEqual(await worker.stop(), { status: 0, signal: null })
  await stage.finish()
  await stage.mustHold(['all.log'], { about: 'piped' })
})

test('a writer that dies in the middle of a line: what came is there', async t => {
  const stage = stageOf(t, 'sources: [{type: stdin}]\n')
  const bytes = await stage.generate('whole.log', { lines: 5_000, seed: 63, format: 'text' })
  const cut = bytes.indexOf(10, bytes.length / 2) + 20
  writeFileSync(stage.path('all.log'), bytes.subarray(0, cut))
  const command = `(cat all.log; kill -9 $$) | "$0" run --once`
  const child = spawn('bash', ['-c', command, fcscope], { cwd: stage.folder, stdio: 'ignore' })
  await once(child, 'exit')
  await until('the worker has left', async () => (await stage.once()).status === 0, { everyMs: 500 })
  await stage.mustHold(['all.log'], { about: 'cut off' })
})

test('three kills while one sender posts a log, each body with a key of its own: everything is there once', async t => {
  const stage = stageOf(t, http)
  const bytes = await stage.generate('all.log', { lines: 30_000, seed: 64, format: 'text' })
  const bodies = bodiesOf(bytes, 40_000)
  let worker = stage.start()
  let port = await portOf(worker)
  let sent = 0
  const sending = (async () => {
    for (const [n, body] of bodies.entries()) {
      const isZipped = n % 3 === 0
      const headers = { 'idempotency-key': `key-${n}`, ...(isZipped ? { 'content-encoding': 'gzip' } : {}) }
      await postUntilTaken(() => port, { bytes: isZipped ? gzipSync(body) : body, headers })
      sent += 1
      await pause(10)
    }
  })()
  for (let kills = 1; kills <= 3; kills += 1) {
    await until('some are sent', () => sent >= (bodies.length * kills) / 4, { everyMs: 2 })
    await endBy(worker, () => worker.kill())
    worker = stage.start()
    port = await portOf(worker)
  }
  await sending
  const again = await post(port, { bytes: bodies[0]!, headers: { 'idempotency-key': 'key-0' } })
  assert.deepEqual([again?.status, again?.replayed], [200, true])
  await endBy(worker, () => worker.stop(), [0])
  await stage.finish()
  await stage.mustHold(['all.log'], { about: `after kills, ${bodies.length} bodies` })
})

test('three kills while many senders post without keys: a body is there once for each time it was taken, and never in part', async t => {
  const stage = stageOf(t, http)
  const senders = 8
  const linesPerBody = 20
  const tries = new Map<string, number>()
  let worker = stage.start()
  let port = await portOf(worker)
  let taken = 0
  let isOver = false
  const sendings = Array.from({ length: senders }, async (_, sender) => {
    for (let n = 0; !isOver; n += 1) {
      const name = `body-${sender}-${n}`
      const text = Array.from({ length: linesPerBody }, (_, line) => `${name} line ${line}\n`).join('')
      tries.set(name, await postUntilTaken(() => port, { bytes: Buffer.from(text), stream: `sender-${sender}` }))
      taken += 1
    }
  })
  for (let kills = 1; kills <= 3; kills += 1) {
    const goal = taken + 150
    await until('some are taken', () => taken >= goal, { everyMs: 1 })
    await endBy(worker, () => worker.kill())
    worker = stage.start()
    port = await portOf(worker)
  }
  isOver = true
  await Promise.all(sendings)
  await endBy(worker, () => worker.stop(), [0])
  await stage.finish()
  const rows = await query<{ body: string; line: string; n: number }>(
    stage.folder,
    `SELECT splitByChar(' ', Body)[1] AS body, splitByChar(' ', Body)[3] AS line, count() AS n FROM otel_logs GROUP BY ALL`,
  )
  const counts = Map.groupBy(rows, ({ body }) => body)
  assert.equal(counts.size, tries.size)
  let twice = 0
  for (const [name, lines] of counts) {
    assert.equal(lines.length, linesPerBody, name)
    const [first] = lines
    assert.ok(
      lines.every(({ n }) => n === first?.n),
      `${name} is there in part`,
    )
    assert.ok(
      (first?.n ?? 0) >= 1 && (first?.n ?? 0) <= (tries.get(name) ?? 0),
      `${name}: ${first?.n} of ${tries.get(name)}`,
    )
    if ((first?.n ?? 0) > 1) twice += 1
  }
  t.diagnostic(`${counts.size} bodies, ${twice} of them taken twice because an answer was lost`)
})

test('back-pressure: 429 with Retry-After while the store is away, and everything is there in the end', async t => {
  const stage = stageOf(t, http)
  const server = new ClickHouseServer(stage.path('server'))
  t.after(() => server.end('SIGTERM'))
  await server.start()
  stage.configure(
    `sources: [{type: http, listen: "127.0.0.1:0", maxBacklogBytes: 2000000, maxBodyBytes: 1000000, token: ${token}}]
store: {type: clickhouse, url: "${server.url}"}
spill: {maxBytes: 1048576}
batch: {maxRows: 2000}
`,
  )
  const bytes = await stage.generate('all.log', { lines: 25_000, seed: 66, format: 'sls' })
  const bodies = bodiesOf(bytes, 200_000)
  const worker = stage.start()
  const port = await portOf(worker)
  assert.equal((await post(port, { bytes: bodies[0]! }))?.status, 401)
  assert.equal((await post(port, { bytes: bodies[0]!, headers: { authorization: 'Bearer wrong' } }))?.status, 401)
  await server.end()
  let refusals = 0
  for (const body of bodies) {
    for (;;) {
      const reply = await post(port, { bytes: body, headers: { authorization } })
      if (reply?.status === 200) break
      assert.equal(reply?.status, 429)
      assert.match(reply.retryAfter ?? '', /^[1-9]\d*$/)
      refusals += 1
      if (refusals === 3) await server.start()
      await pause(Math.min(500, Number(reply.retryAfter) * 1000))
    }
  }
  assert.ok(refusals >= 3, `${refusals} refusals`)
  await endBy(worker, () => worker.stop(), [0])
  assert.ok(!worker.stderr.includes(token))
  await stage.finish()
  await stage.mustHold(['all.log'], { about: 'after back-pressure' })
})

test('SIGTERM while bodies come: status 0 within 30 s, and every body that was answered is there', async t => {
  const stage = stageOf(t, http)
  const worker = stage.start()
  const port = await portOf(worker)
  let answered = 0
  const sendings = Array.from({ length: 4 }, async (_, sender) => {
    for (let n = 0; ; n += 1) {
      const reply = await post(port, { bytes: Buffer.from(`body ${sender} ${n}\n`.repeat(50)), stream: String(sender) })
      if (reply?.status !== 200) return
      answered += 1
    }
  })
  await until('some are answered', () => answered > 100, { everyMs: 1 })
  const beganMs = performance.now()
  assert.deepEqual(await worker.stop(), { status: 0, signal: null })
  assert.ok(performance.now() - beganMs < 30_000)
  await Promise.all(sendings)
  await stage.finish()
  const [row] = await query<{ n: number }>(stage.folder, 'SELECT uniqExact(Body) AS n FROM otel_logs')
  // One whose answer was on its way may be there as well, for each sender.
  assert.ok((row?.n ?? 0) >= answered && (row?.n ?? 0) <= answered + 4, `${answered} answered, ${row?.n} there`)
})
