// Things that break around a worker: each is told in one line, with what to do, and nothing is lost when it is mended.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { closeSync, copyFileSync, openSync, readdirSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { assertRefused, secret } from './faults/refusal.ts'
import { MetricsPage } from './worker/metrics-page.ts'
import { WorkerStage } from './worker/stage.ts'
import { pause, until } from './worker/worker-process.ts'

/** Seconds without a server; `FCSCOPE_OUTAGE_SECONDS=120` by hand. */
const outageSeconds = Number(process.env['FCSCOPE_OUTAGE_SECONDS'] ?? 10)
const source = 'sources: [{type: file, paths: ["logs/*.log"], pollMs: 20, scanMs: 100}]\n'

async function readOnce(t: TestContext): Promise<WorkerStage> {
  const stage = new WorkerStage(source)
  t.after(() => stage.clear())
  await stage.generate('all.log', { lines: 6_000, seed: 41, format: 'sls' })
  copyFileSync(stage.path('all.log'), stage.path('logs/app.log'))
  await stage.finish()
  return stage
}

/** Writes over bytes in the middle of a file. */
function damage(path: string, from: number, bytes: number): void {
  const fd = openSync(path, 'r+')
  writeSync(fd, Buffer.alloc(bytes, 0xa5), 0, bytes, from)
  closeSync(fd)
}

/** As the line says: the folder is moved away, everything is read again, and nothing is stored twice. */
async function mustMendByMoving(stage: WorkerStage): Promise<void> {
  renameSync(stage.path('.fcscope/state'), stage.path('moved-away'))
  await stage.finish()
  await stage.mustHold(['all.log'], { about: 'moved away', counters: false })
}

const isDamaged = {
  status: 3,
  code: 'FCS_STATE_UNUSABLE',
  says: /\.fcscope\/state: .*damaged\. Move this folder away and start again/,
}

for (const [what, from] of [
  ['head', 0],
  ['middle', 8192],
] as const) {
  test(`the ${what} of the state's database is damaged`, async t => {
    const stage = await readOnce(t)
    const file = stage.path('.fcscope/state/state.sqlite')
    damage(file, from, Math.min(12_288, statSync(file).size - from))
    assertRefused(await stage.once(), isDamaged)
    await mustMendByMoving(stage)
  })
}

for (const how of ['damaged', 'missing'] as const) {
  test(`the engine's saved state is ${how}`, async t => {
    const stage = await readOnce(t)
    const folder = stage.path('.fcscope/state')
    const [name = ''] = readdirSync(folder).filter(each => each.startsWith('engine-'))
    const file = join(folder, name)
    if (how === 'missing') stage.remove(`.fcscope/state/${name}`)
    else damage(file, Math.floor(statSync(file).size / 2), 4)
    assertRefused(await stage.once(), isDamaged)
    await mustMendByMoving(stage)
  })
}

test(`a ClickHouse server that is gone for ${outageSeconds} s: sources wait when the spill is full, and all is delivered`, async t => {
  const stage = new WorkerStage(source)
  t.after(() => stage.clear())
  const server = new ClickHouseServer(stage.path('server'))
  t.after(() => server.end('SIGTERM'))
  await server.start()
  const store = `{type: clickhouse, url: "${server.url}", username: default, password: ${secret}}`
  const maxBytes = 3_000_000
  stage.configure(`${source}store: ${store}\nspill: {maxBytes: ${maxBytes}}\nbatch: {maxRows: 2000}\n`)
  await stage.generate('all.log', { lines: 60_000, seed: 43, format: 'sls' })
  const worker = stage.start()
  const address = await worker.ready()
  await server.end()
  copyFileSync(stage.path('all.log'), stage.path('logs/app.log'))
  const { message } = await worker.event('deliveryFailed')
  assert.match(message, /again|retr/i)
  await worker.event('spillFull')
  await pause(1000)
  const before = await MetricsPage.read(address)
  await pause(outageSeconds * 1000)
  const during = await MetricsPage.read(address)
  assert.equal(during.sum('fcscope_records_total'), before.sum('fcscope_records_total'), 'it read on')
  const waiting = during.sum('fcscope_spill_bytes', { sink: 'store' })
  assert.ok(waiting >= maxBytes && waiting < 2 * maxBytes, `${waiting} bytes wait`)
  assert.equal((await fetch(address.replace('/metrics', '/readyz'))).status, outageSeconds < 15 ? 200 : 503)
  await server.start()
  await worker.event('deliveryRecovered', 60_000)
  await until(
    'everything is read',
    async () => (await MetricsPage.read(address)).sum('fcscope_records_total') >= 60_000,
  )
  assert.deepEqual(await worker.stop(), { status: 0, signal: null })
  assert.ok(!worker.stderr.includes(secret))
  await stage.finish()
  await stage.mustHold(['all.log'], { about: 'the server is back' })
})

test('a ClickHouse server that is not there at the start', async t => {
  const stage = new WorkerStage(source)
  t.after(() => stage.clear())
  writeFileSync(stage.path('logs/app.log'), 'a line\n')
  stage.configure(`${source}store: {type: clickhouse, url: "http://127.0.0.1:9", username: u, password: ${secret}}\n`)
  assertRefused(await stage.once(), {
    status: 3,
    code: 'FCS_STORE_UNAVAILABLE',
    says: /http:\/\/127\.0\.0\.1:9\/fcscope: ClickHouse does not answer .* Check store\.url/,
  })
})

const portIsTaken = /127\.0\.0\.1:\d+: .*another program.*(stop|choose)/i

for (const [what, config] of [
  ['metrics', (port: number) => `${source}metrics: {listen: "127.0.0.1:${port}"}\n`],
  ['http', (port: number) => `sources: [{type: http, listen: "127.0.0.1:${port}", token: ${secret}}]\n`],
] as const) {
  test(`the port of ${what} is taken`, async t => {
    const stage = new WorkerStage()
    t.after(() => stage.clear())
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    t.after(() => other.close())
    stage.configure(config((other.address() as AddressInfo).port))
    const worker = stage.start()
    const { status } = await worker.ended
    assertRefused({ status, stderr: worker.stderr }, { status: 3, code: 'FCS_LISTEN_FAILED', says: portIsTaken })
  })
}
