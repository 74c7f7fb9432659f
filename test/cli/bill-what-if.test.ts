// `fcscope bill what-if` as a user sees it; figures by hand.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-what-if-'))
after(() => rmSync(folder, { recursive: true }))
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const functions = file(
  'functions.yaml',
  `functions:
  - {functionName: moved, region: cn-hangzhou, vCPU: 0.5, memoryMB: 1024, timeoutSeconds: 1, effectiveFrom: 2026-01-16}
  - {functionName: moved, region: cn-hangzhou, vCPU: 1, memoryMB: 1024, timeoutSeconds: 1}
  - {functionName: '*', region: cn-hangzhou, vCPU: 1, memoryMB: 1024, timeoutSeconds: 15}
`,
)
const attempt = (startTime: string, durationMs: number, more: object = {}): string =>
  `${JSON.stringify({ phase: 'invoke', functionName: 'f', instanceID: 'c-1', status: 'ok', startTime, durationMs, billedMs: durationMs, ...more })}\n`

const calls = file(
  'calls.jsonl',
  [
    attempt('2026-01-15T10:00:00+08:00', 10_000, { maxMemoryUsedMB: 400, memoryMB: 1024 }),
    attempt('2026-01-15T10:00:20+08:00', 10_000, { maxMemoryUsedMB: 480, memoryMB: 1024 }),
    attempt('2026-01-15T10:00:20+08:00', 5000, { functionName: 'g', instanceID: 'c-2' }),
  ].join(''),
)
const moved = file(
  'moved.jsonl',
  Array.from({ length: 40 }, (_, i) =>
    ['2026-01-15', '2026-01-16']
      .map((day, era) =>
        attempt(`${day}T10:00:${String(i).padStart(2, '0')}+08:00`, era === 0 ? 100 : 150, { functionName: 'moved' }),
      )
      .join(''),
  ).join(''),
)
const whatIf = (...words: string[]) =>
  runFcscope(['bill', 'what-if', '--functions', functions, '--book', 'fc3-cn', ...words])
async function json(...words: string[]) {
  const { status, stdout, stderr } = await whatIf('--json', ...words)
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

test('half the size: the two ends of the cost', async () => {
  const report = await json('--function', 'f', '--vcpu', '0.5', '--memory', '512', calls)
  // 20 s x (1 + 0.15) + 0.015; 20 s x (0.5 + 0.075) + 0.015; 40 s x (0.5 + 0.075) + 0.015
  assert.deepEqual(
    [report.now, report.sameDurations, report.allComputing].map(({ cuExact }) => cuExact),
    ['23.015', '11.515', '23.015'],
  )
  assert.equal(report.asObserved, null)
  // Each call would take 20 s, and may take 15.
  assert.equal(report.timeouts, 2)
  // 480 is more than nine tenths of 512.
  assert.deepEqual(report.memory, { risk: 'tight', calls: 2, above: 0, near: 1, maxMB: 480 })
  // Two functions cost 0.01 each, the least of an hour.
  assert.deepEqual([report.now.totalAmount, report.sameDurations.difference], ['0.02', '0'])
})

for (const [memory, risk, above] of [
  ['450', 'tooSmall', 1],
  ['1024', 'fits', 0],
] as const) {
  test(`${memory} MB: ${risk}`, async () => {
    const { memory: found, allComputing } = await json('--function', 'f', '--memory', memory, calls)
    assert.deepEqual([found.risk, found.above, allComputing], [risk, above, null])
  })
}

test('no peak was seen: nothing is said', async () => {
  const { memory } = await json('--function', 'g', '--memory', '64', calls)
  assert.deepEqual([memory.risk, memory.calls, memory.maxMB], ['unknown', 0, null])
})

test('a vCPU that was there before tells how long calls take with it', async () => {
  const report = await json('--function', 'moved', '--vcpu', '0.5', moved)
  // 40 x 0.1 s became 40 x 0.15 s on the first day: 12 s x (0.5 + 0.15) + 80 x 0.0075.
  assert.equal(report.asObserved.cuExact, '8.4')
  // 4 s x 1.15 + 6 s x 0.65 + 0.6; 10 s x 0.65 + 0.6
  assert.deepEqual([report.now.cuExact, report.sameDurations.cuExact], ['9.1', '7.1'])
  const { history } = report
  assert.deepEqual(
    history.map(({ from, vCPU, calls: count, meanMs }: Record<string, unknown>) => [from, vCPU, count, meanMs]),
    [
      [null, 1, 40, 100],
      ['2026-01-15T16:00:00.000Z', 0.5, 40, 150],
    ],
  )
})

test('for people, in both languages', async () => {
  const { stdout } = await whatIf('--function', 'f', '--vcpu', '0.5', '--memory', '512', calls)
  assert.match(stdout, /^f: 0\.5 vCPU, 512 MB\n/)
  assert.match(stdout, /\ncalls do nothing but compute +24 CU +0\.01 CNY +0\n/)
  assert.match(stdout, /\nMemory: tight\. None of 2 calls took more than 512 MB, but 1 took more than nine tenths/)
  assert.match(
    stdout,
    /the cost lies between the two ends above\. If they did nothing but compute, 2 would run into the timeout\.\n$/,
  )
  assert.match((await whatIf('--lang', 'zh', '--function', 'f', '--vcpu', '2', calls)).stdout, /\n内存：限制不变。\n/)
})

for (const [words, status, says] of [
  ['--function f', 2, /Nothing is changed: give --vcpu, --memory or --disk\./],
  ['--function f --vcpu 17', 2, /--vcpu: '17' is no number from 0\.05 to 16\./],
  ['--function f --memory 512.5', 2, /--memory: '512\.5' is no whole number from 64 to 131072\./],
  ['--vcpu 1', 2, /--function is missing\./],
  ['--function stranger --vcpu 1', 1, /no call of 'stranger' is there\./],
] as const) {
  test(`'${words}' is refused in one line`, async () => {
    const { status: found, stdout, stderr } = await whatIf(...words.split(' '), calls)
    assert.deepEqual([found, stdout], [status, ''])
    assert.match(stderr, says)
    assert.match(stderr, /^fcscope: [^\n]+\n/)
  })
}
