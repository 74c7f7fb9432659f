// `fcscope bill reconcile` as a user runs it.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type RunOptions, runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-reconcile-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const functions = file(
  'functions.yaml',
  'functions:\n  - {functionName: checkout, region: cn-hangzhou, vCPU: 1, memoryMB: 1024, diskMB: 512}\n',
)
const attempt = (day: number, seconds: number): string =>
  `${JSON.stringify({
    phase: 'invoke',
    status: 'ok',
    functionName: 'checkout',
    instanceID: `c-${day}`,
    startTime: `2026-01-${day}T02:00:00.000Z`,
    durationMs: seconds * 1000,
    billedMs: seconds * 1000,
  })}\n`
const attempts = file('attempts.jsonl', attempt(15, 1000) + attempt(16, 1000))

// 1,000 s of 1 vCPU and 1 GB are 1,150.0075 CU, rounded up 1,151: 0.101288 yuan.
const header = '产品Code,账单日期,实例ID,计费项,用量,用量单位,应付金额,币种'
const line = (day: number, name = 'checkout', payable = '0.101288'): string =>
  `fc,2026-01-${day},${name},CU,1151,CU,${payable},CNY`
const csv = (...lines: string[]): string => `${[header, ...lines].join('\r\n')}\r\n`
const bill = file('bill.csv', csv(line(15), line(16)))
const largerBill = file('larger.csv', csv(line(15), line(16), line(17)))

const options = ['--functions', functions, '--book', 'fc3-cn', '--mapping', 'console-csv']
const reconcile = (words: readonly string[], run: RunOptions = {}) =>
  runFcscope(['bill', 'reconcile', ...options, ...words], run)

test('the same sums are status 0, and a table says so', async () => {
  const { status, stdout, stderr } = await reconcile([attempts, '--bill', bill])
  assert.deepEqual([status, stderr], [0, ''])
  assert.match(stdout, /^the bill against fc3-cn, CNY; threshold 1 %\n/)
  assert.match(stdout, /\ncheckout +– +0\.202576 +0\.202576 +0\.00 +0 % +0\.00 +0\n/)
  assert.match(stdout, /\ntotal +0\.202576 +0\.202576 +0\.00 +0 % +0\.00 +0\n$/)
})

test('a gap is status 1, and says why, in both languages', async () => {
  const { status, stdout, stderr } = await reconcile([attempts, '--bill', largerBill])
  assert.equal(status, 1)
  assert.match(
    stdout,
    /\n2026-01-17 {2}checkout: 0\.00 → 0\.101288 {2}\+0\.101288 \(\+100 %\)\n {2}\+0\.101288 {2}missingLogs: no attempt of any function\n/,
  )
  assert.match(stderr, /^fcscope: the bill has days on which no function has an attempt \(2026-01-17\)\.\n/)
  assert.match(stderr, /\nfcscope: a gap above 1 % is left: the bill does not account for it\.\n$/)
  const chinese = await reconcile(['--lang', 'zh', attempts, '--bill', largerBill])
  assert.match(chinese.stdout, /\n合计 /)
  assert.match(chinese.stderr, /仍有超过 1 % 的缺口/)
})

test('a threshold above the gap is status 0', async () => {
  const { status } = await reconcile([attempts, '--bill', largerBill, '--threshold-percent', '100'])
  assert.equal(status, 0)
})

test('what the bill accounts for is above the threshold and no gap', async () => {
  const coupons = file('coupons.csv', `${header},优惠券抵扣\n${line(15, 'checkout', '0.051288')},0.05\n${line(16)},0\n`)
  const { status, stdout } = await reconcile([attempts, '--bill', coupons, '--json'])
  const { isGap, cells } = JSON.parse(stdout)
  assert.deepEqual([status, isGap, cells[0].isOver, cells[0].isGap], [0, false, true, false])
  assert.deepEqual(cells[0].reasons, [
    {
      reason: 'coupon',
      amount: '-0.05',
      isEstimate: false,
      isSettled: true,
      facts: [{ fact: 'coupons', amount: '0.05' }],
    },
  ])
})

test('the JSON has every function and day, with exact decimals', async () => {
  const { stdout } = await reconcile([attempts, '--bill', largerBill, '--json'])
  const report = JSON.parse(stdout)
  assert.deepEqual(report.total, {
    ours: '0.202576',
    bill: '0.303864',
    difference: '0.101288',
    percent: '33.33',
    gap: '0.101288',
  })
  assert.deepEqual(report.reasons, [{ reason: 'missingLogs', amount: '0.101288', cells: 1, isSettled: false }])
  assert.deepEqual(report.cells[2], {
    functionName: 'checkout',
    serviceName: null,
    region: null,
    month: '2026-01',
    day: '2026-01-17',
    ours: { invocations: 0, cuExact: '0', cu: '0', amount: '0' },
    bill: {
      lines: 1,
      cu: '1151',
      deductedCU: '0',
      list: null,
      discount: '0',
      coupon: '0',
      payable: '0.101288',
      adjustment: '0',
      amount: '0.101288',
    },
    monitoredInvocations: null,
    difference: '0.101288',
    percent: '100',
    isOver: true,
    gap: '0.101288',
    isGap: true,
    reasons: [
      {
        reason: 'missingLogs',
        amount: '0.101288',
        isEstimate: false,
        isSettled: false,
        facts: [{ fact: 'noAttempts', ofAny: true }],
      },
    ],
    unexplained: '0',
  })
})

test('CloudMonitor says how many calls are missing', async () => {
  const points = [
    { timestamp: Date.parse('2026-01-16T18:00:00Z'), region: 'cn-hangzhou', functionName: 'checkout', Value: 7 },
  ]
  const usage = file('usage.json', JSON.stringify({ Code: '200', Period: '60', Datapoints: JSON.stringify(points) }))
  const { stdout } = await reconcile([attempts, '--bill', largerBill, '--usage', usage])
  assert.match(stdout, /missingLogs: CloudMonitor has 7 calls, the logs have 0; no attempt of any function\n/)
})

test('several files, gzip and standard input', async () => {
  const first = file('first.csv.gz', gzipSync(csv(line(15))))
  const { status } = await reconcile([attempts, '--bill', first, '--bill', '-'], { input: csv(line(16)) })
  assert.equal(status, 0)
  const piped = await reconcile(['-', '--bill', bill], { input: readFileSync(attempts) })
  assert.equal(piped.status, 0)
})

test('only one month counts when one is asked for', async () => {
  const two = file('two.csv', csv(line(15), line(16), line(15).replace('2026-01', '2026-02')))
  const { status, stderr } = await reconcile([attempts, '--bill', two, '--month', '2026-01'])
  assert.deepEqual([status, stderr], [0, 'fcscope: 1 lines of the bill are of other months and left out.\n'])
})

test('CSV has no formulas', async () => {
  const mapping = file(
    'any-name.yaml',
    `mapping: any-name
format: csv
sources: [{page: own bill, url: "https://example.com", date: 2026-01-31}]
columns: {productCode: [产品Code], day: [账单日期], instanceID: [实例ID], payable: [应付金额], currency: [币种]}
functionCompute: [{field: productCode, pattern: "^fc$"}]
names: [{field: instanceID, pattern: "^(?<functionName>.+)$"}]
`,
  )
  const odd = file('odd.csv', csv(line(15), line(16, '"=cmd|\'/c calc\'!A1,x"')))
  const words = ['bill', 'reconcile', '--functions', functions, '--book', 'fc3-cn', '--mapping', mapping]
  const { stdout } = await runFcscope([...words, attempts, '--bill', odd, '--csv'])
  const [head, , formula] = stdout.split('\r\n')
  assert.match(head ?? '', /^functionName,serviceName,region,month,day,/)
  assert.ok(formula?.startsWith("\"'=cmd|'/c calc'!A1,x\",,,2026-01,2026-01-16,"), formula)
})

test('a page needs nothing else, and names of the bill are text in it', async () => {
  const mapping = file(
    'names.yaml',
    readFileSync(new URL('../../src/billing/bill-mappings/console-csv.yaml', import.meta.url), 'utf8').replace(
      /names:[\s\S]*?\nkinds:/,
      'names: [{field: instanceID, pattern: "^(?<functionName>.+)$"}]\nkinds:',
    ),
  )
  const odd = file('script.csv', csv(line(15), line(16, '"<script>alert(1)</script>\u202e"')))
  const page = join(folder, 'page.html')
  const words = ['bill', 'reconcile', '--functions', functions, '--book', 'fc3-cn', '--mapping', mapping]
  const { status, stdout, stderr } = await runFcscope([...words, attempts, '--bill', odd, '--html', page])
  assert.deepEqual([status, stdout], [1, ''])
  assert.match(stderr, /page\.html is written\.\n/)
  const html = readFileSync(page, 'utf8')
  assert.equal(statSync(page).mode & 0o777, 0o600)
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;\\u\{202e\}/)
  assert.match(
    html,
    /Content-Security-Policy" content="default-src &#39;none&#39;|Content-Security-Policy" content="default-src 'none'/,
  )
  assert.match(html, /<svg[^>]*role="img"/)
  assert.doesNotMatch(html, /<script|https?:\/\/|@import|url\(/)
})

const wrong: readonly [what: string, words: readonly string[], says: RegExp][] = [
  ['no bill', [attempts], /--bill is missing\. See `fcscope bill reconcile --help`\. \[FCS_USAGE\]/],
  [
    'a mapping that is none',
    [attempts, '--bill', bill, '--mapping', 'mine'],
    /--mapping: 'mine' is none of console-csv, describe-instance-bill, and no path/,
  ],
  ['a book that is none', [attempts, '--bill', bill, '--book', 'fc4'], /--book: 'fc4' is none of fc3-cn, fc2-cn, intl/],
  [
    'a book in another currency',
    [attempts, '--bill', bill, '--book', 'intl'],
    /--book: the bill is in CNY, but intl has prices in USD\./,
  ],
  [
    'a month that is none',
    [attempts, '--bill', bill, '--month', '2026-13'],
    /--month: '2026-13' is no month like 2026-01\./,
  ],
  [
    'a threshold that is none',
    [attempts, '--bill', bill, '--threshold-percent', '-1'],
    /--threshold-percent: '-1' is no decimal number/,
  ],
  ['two outputs', [attempts, '--bill', bill, '--json', '--csv'], /--json and --csv exclude each other\./],
  [
    'a bill that is not there',
    [attempts, '--bill', join(folder, 'no.csv')],
    /no\.csv: no such file.*\[FCS_INPUT_MISSING\]/,
  ],
  [
    'the same bill twice',
    [attempts, '--bill', bill, '--bill', bill],
    /bill\.csv: has the same content as .*bill\.csv; give each file of the bill once\./,
  ],
  ['standard input twice', ['-', '--bill', '-'], /Standard input can be given once only\./],
  [
    'a bill of something else',
    [attempts, '--bill', functions],
    /finds no column for productCode.*\[FCS_INPUT_CORRUPT\]/,
  ],
]
for (const [what, words, says] of wrong) {
  test(`${what}: one line, status 2`, async () => {
    const { status, stdout, stderr } = await reconcile(words)
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, /^fcscope: [^\n]+\n$/)
    assert.match(stderr, says)
  })
}
