// `fcscope bill` as a user runs it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-bill-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const functions = file(
  'functions.yaml',
  'functions:\n  - {functionName: checkout, region: cn-hangzhou, vCPU: 1, memoryMB: 1024, diskMB: 512}\n',
)
const attempt = (start: string, more: object = {}): string =>
  `${JSON.stringify({
    requestId: '1-a',
    attempt: 0,
    phase: 'invoke',
    functionName: 'checkout',
    instanceID: 'c-1',
    status: 'ok',
    startTime: start,
    endTime: null,
    durationMs: 10_000,
    billedMs: 10_000,
    ...more,
  })}\n`
const attempts = file(
  'attempts.jsonl',
  [
    attempt('2026-01-15T02:00:00.000Z'),
    attempt('2026-01-15T02:00:05.000Z'),
    attempt('2026-01-15T10:00:20.000+08:00', { durationMs: 2000, billedMs: 2000 }),
    attempt('2026-02-01T02:00:00.000Z'),
    attempt('2026-01-15T02:00:00.000Z', { functionName: 'stranger' }),
  ].join(''),
)
const estimate = (...words: string[]) =>
  runFcscope(['bill', 'estimate', '--functions', functions, '--book', 'fc3-cn', ...words])

// 17 x 1.15 + 3 x 0.0075
const figures = {
  invocations: 3,
  vCPUSeconds: '17',
  memoryGBSeconds: '17',
  diskGBSeconds: '0',
  gpuGBSeconds: '0',
  cuExact: '19.5725',
  cu: '20',
  amount: '0.01',
}

test('an estimate has every function-hour, and says what it leaves out', async () => {
  const { status, stdout, stderr } = await estimate('--json', '--month', '2026-01', attempts)
  assert.equal(status, 0)
  const names = { functionName: 'checkout', serviceName: null, region: 'cn-hangzhou' }
  assert.deepEqual(JSON.parse(stdout), {
    book: 'fc3-cn',
    edition: '2025-12-09',
    currency: 'CNY',
    hours: [{ ...names, hour: '2026-01-15T10:00:00+08:00', ...figures }],
    functions: [{ ...names, ...figures }],
    total: figures,
    leftOut: [{ functionName: 'stranger', serviceName: null, reason: 'unknownConfig', count: 1 }],
  })
  assert.equal(stderr, 'fcscope: 1 attempts are left out: functions.yaml has no vCPU or memory for them. (stranger)\n')
})

test('disk and instances count when they are asked for', async () => {
  const life = { functionName: 'checkout', instanceID: 'c-1', mode: 'provisioned' }
  const instances = file(
    'instances.jsonl',
    `${JSON.stringify({ ...life, from: '2026-01-15T10:00:00+08:00', to: '2026-01-15T10:00:51+08:00' })}\n`,
  )
  const words = ['--json', '--month', '2026-01', '--bill-all-disk', '--instances', instances, attempts]
  // 60 s of which 17 active: 17 + 60 x 0.15 + 60 x 0.5 x 0.05 + 0.0225.
  const { total } = JSON.parse((await estimate(...words)).stdout)
  assert.deepEqual([total.memoryGBSeconds, total.diskGBSeconds, total.cuExact], ['60', '30', '27.5225'])
})

test('a table names functions and the total, in both languages', async () => {
  const { stdout } = await estimate('--month', '2026-01', attempts)
  assert.match(stdout, /^fc3-cn, prices since 2025-12-09, 1 function-hours\n/)
  assert.match(stdout, /\ncheckout +cn-hangzhou +3 +17 +17 +0 +20 +0\.01 CNY\n/)
  assert.match(stdout, /\ntotal +3 +17 +17 +0 +20 +0\.01 CNY\n$/)
  assert.match((await estimate('--lang', 'zh', attempts)).stdout, /\n合计 /)
})

test('CSV has a row for each function-hour, and no formula', async () => {
  const sizes = file('any.yaml', 'functions:\n  - {functionName: "*", region: cn-hangzhou, vCPU: 1, memoryMB: 1024}\n')
  const odd = file('odd.jsonl', attempt('2026-01-15T02:00:00Z', { functionName: '=1+1,"x"' }))
  const { stdout } = await runFcscope(['bill', 'estimate', '--functions', sizes, '--book', 'fc3-cn', '--csv', odd])
  assert.deepEqual(stdout.split('\r\n'), [
    'functionName,serviceName,region,hour,invocations,vCPUSeconds,memoryGBSeconds,diskGBSeconds,gpuGBSeconds,cuExact,cu,amount,currency',
    `"'=1+1,""x""",,cn-hangzhou,2026-01-15T10:00:00+08:00,1,10,10,0,0,11.5075,12,0.01,CNY`,
    '',
  ])
})

const broken: readonly [what: string, line: string, says: RegExp][] = [
  ['no JSON', 'checkout 3 ms\n', /: the line is no JSON\. \[FCS_INPUT_CORRUPT\]/],
  ['a negative duration', attempt('2026-01-15T02:00:00Z', { billedMs: -5 }), /: no attempt; wrong: billedMs\./],
  ['a time without a zone', attempt('2026-01-15T02:00:00'), /: no attempt; wrong: startTime\./],
  ['a log row', '{"message":"m"}\n', /: no attempt; wrong: phase\./],
]
for (const [what, line, says] of broken) {
  test(`${what} is refused in one line that names the place`, async () => {
    const path = file('broken.jsonl', attempt('2026-01-15T02:00:00Z') + line)
    const { status, stdout, stderr } = await estimate(path)
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, /^fcscope: [^\n]*broken\.jsonl:2: [^\n]+\n$/)
    assert.match(stderr, says)
  })
}

test('a book of one’s own', async () => {
  const book = file(
    'mine.yaml',
    `book: mine
currency: EUR
tiersPer: account
editions:
  - edition: 2025-01-01
    sources: [{page: contract, url: "https://example.com/contract", date: 2025-01-01}]
    cpu:
      active: {vCPU: 2, memory: 0, disk: 0, invocations: 0}
      asleep: {vCPU: 0, memory: 0, disk: 0, invocations: 0}
    gpu:
      active: {vCPU: 2, memory: 0, disk: 0, invocations: 0, ada: 1, tesla: 1}
      asleep: {vCPU: 0, memory: 0, disk: 0, invocations: 0, ada: 0, tesla: 0}
    tiers: [{price: 0.1}]
    granularity: {cpuMs: 1, gpuMs: 1000, provisionedMs: 10000}
`,
  )
  const words = ['bill', 'estimate', '--functions', functions, '--book', book, '--json', '--month', '2026-01', attempts]
  const { total, currency } = JSON.parse((await runFcscope(words)).stdout)
  // 17 s x 2 = 34 CU x 0.1.
  assert.deepEqual([currency, total.cu, total.amount], ['EUR', '34', '3.4'])
})

test('a broken book is refused with every problem in it', async () => {
  const book = file('broken.yaml', 'book: Mine\ncurrency: EUR\ntiersPer: moon\neditions: []\nmore: 1\n')
  const { status, stderr } = await runFcscope(['bill', 'price', '--cu', '1', '--book', book])
  assert.equal(status, 2)
  for (const key of ['book', 'tiersPer', 'editions', 'more']) assert.match(stderr, new RegExp(`\\b${key}\\b`))
})
