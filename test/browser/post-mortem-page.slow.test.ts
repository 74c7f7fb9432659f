// The page of `trace --html` in a real browser: it needs nothing else, shows what happened, and nothing that must not be shared.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { runFcscope } from '../cli/run-fcscope.ts'
import { openChromium, withoutChromium } from './chromium.ts'

const requestId = '1-67876b13-4d935cdf-44cf3b7af921'
const earlierId = '1-67876b00-4d935cdf-44cf3b7af920'

/** Each stands in another place of the log. */
const secrets = {
  inMessage: 'hunter2hunter2',
  inError: 'LTAI5tQ9fakefakefake1234',
  inStack: 'anna.schmidt@example.com',
  inFrame: 'sk-live0123456789abcdefghij',
  inQuery: 'q7w8e9r0t1y2',
  inHeader: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl',
  inUnattached: '13812345678',
  inFolder: 'customer-acme-prod',
} as const

const markup = `<script>window.wasRun = true</script><img src="http://203.0.113.9/x.png" onerror="window.wasRun = true">`

const body = (order: number): string =>
  JSON.stringify({
    errorMessage: `payment of order ${order} refused for key ${secrets.inError}`,
    errorType: 'PaymentError',
    stackTrace: [
      `PaymentError: refused for ${secrets.inStack}`,
      `at pay (/code/node_modules/pay/index.js:1:1)`,
      `at handler (/code/${secrets.inFrame}/index.js:12:7)`,
      'at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ],
  })

const row = (time: number, message: string): string =>
  JSON.stringify({
    __time__: String(time),
    __topic__: 'FCLogs:checkout-api',
    functionName: 'checkout-api',
    qualifier: 'LATEST',
    instanceID: 'c-67876b0f-f03edf0fb34cf48f5278',
    message,
  })

const metrics = (id: string, startMs: number): string =>
  JSON.stringify({
    __time__: String(Math.floor(startMs / 1000) + 1),
    __topic__: 'FCRequestMetrics:/checkout-api',
    functionName: 'checkout-api',
    qualifier: 'LATEST',
    instanceID: 'c-67876b0f-f03edf0fb34cf48f5278',
    requestId: id,
    durationMs: '662.39',
    memoryMB: '512',
    memoryUsageMB: '121.08',
    isColdStart: String(id === requestId),
    coldStartLatencyMs: '420',
    prepareCodeLatencyMs: '120',
    runtimeInitializationMs: '300',
    scheduleLatencyMs: '12',
    hasFunctionError: 'true',
    errorType: 'FunctionUnhandledError',
    invocationStartTimestamp: String(startMs),
    triggerType: 'http',
    method: 'GET',
    requestURI: `/v1/items?token=${secrets.inQuery}`,
    statusCode: '200',
  })

const request = (id: string, time: number, order: number): readonly string[] => [
  row(time, `FC Invoke Start RequestId: ${id}`),
  row(time, `2025-01-15 08:00:20.100 ${id} [info] login password=${secrets.inMessage} ${markup}`),
  row(time, `2025-01-15 08:00:20.150 ${id} [info] Authorization: Bearer ${secrets.inHeader}`),
  row(time, `2025-01-15 08:00:20.200 ${id} [warn] ${'a very long line '.repeat(60)}${'x'.repeat(500)}`),
  row(time, `call me at ${secrets.inUnattached}`),
  row(time, `2025-01-15 08:00:20.652 ${id} [error] ${body(order)}`),
  row(time, `FC Invoke End RequestId: ${id}, Error: Unhandled function error`),
  metrics(id, time * 1000),
]

suite('the page of a post-mortem', { skip: withoutChromium }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-page-'))
  const pictures = process.env['FCSCOPE_SCREENSHOTS'] ?? folder
  const path = join(folder, 'page.html')
  const log = join(folder, secrets.inFolder, 'a.jsonl')
  let browser: Browser
  let page: Page
  const requests: string[] = []
  const faults: string[] = []

  before(async () => {
    mkdirSync(join(folder, secrets.inFolder))
    writeFileSync(log, `${[...request(earlierId, 1736928000, 7), ...request(requestId, 1736928019, 8)].join('\n')}\n`)
    const { status, stderr } = await runFcscope(['trace', requestId, '--from', log, '--html', path])
    assert.equal(status, 0, stderr)
    browser = await openChromium()
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    page.on('request', asked => requests.push(asked.url()))
    page.on('console', said => said.type() === 'error' && faults.push(said.text()))
    page.on('pageerror', fault => faults.push(String(fault)))
    await page.goto(pathToFileURL(path).href)
  })

  after(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('nothing is asked for but the file itself, and nothing goes wrong', async () => {
    await page.waitForLoadState('networkidle')
    assert.deepEqual(requests, [pathToFileURL(path).href])
    assert.deepEqual(faults, [])
  })

  test('no secret is in the bytes of the file', async () => {
    const bytes = readFileSync(path, 'utf8')
    // Every one of them would be there.
    const open = join(folder, 'open.html')
    await runFcscope(['trace', requestId, '--from', log, '--html', open, '--no-redact'])
    for (const [place, secret] of Object.entries(secrets)) assert.ok(readFileSync(open, 'utf8').includes(secret), place)
    for (const [place, secret] of Object.entries(secrets)) {
      for (const spelled of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        assert.ok(!bytes.includes(spelled), place)
    }
    // The patterns did not simply take everything away.
    assert.ok(bytes.includes('login password=***') && bytes.includes('PaymentError'))
    assert.equal(statSync(path).mode & 0o077, 0)
  })

  test('it shows what happened', async () => {
    const text = (await page.textContent('body')) ?? ''
    for (const piece of [
      requestId,
      'checkout-api',
      'uncaughtException',
      'at pay (/code/node_modules/pay/index.js:1:1)',
      '121.1 / 512 MB',
    ])
      assert.ok(text.includes(piece), piece)
    assert.match(text, new RegExp(`${earlierId} at 2025-01-15 08:00:00.000Z, 19 s before; 1 in the 24 hours before`))
    assert.equal(await page.locator('ol.stack li.own').count(), 1)
    assert.match((await page.locator('ol.stack li.own').textContent()) ?? '', /^at handler \(\/code\/\*\*\*/)
    assert.ok((await page.locator('ol.log li').count()) >= 5)
  })

  test('the steps of a cold start are drawn, one after the other', async () => {
    const bars = await page.locator('svg rect').all()
    const boxes = await Promise.all(bars.map(bar => bar.boundingBox()))
    const lefts = boxes.map(box => Math.round(box?.x ?? Number.NaN))
    assert.ok(bars.length >= 4, `${bars.length} bars`)
    assert.ok(boxes.every(box => box !== null && box.width >= 1 && box.height > 5))
    assert.deepEqual(
      lefts,
      lefts.toSorted((one, other) => one - other),
    )
  })

  test('markup of a log is text', async () => {
    assert.equal(await page.evaluate('window.wasRun'), undefined)
    assert.equal(await page.locator('img, script').count(), 0)
    assert.ok((await page.textContent('body'))?.includes('<img src='))
  })

  for (const [name, width, colorScheme] of [
    ['wide', 1200, 'light'],
    ['dark', 1200, 'dark'],
    ['phone', 390, 'light'],
  ] as const) {
    test(`its style holds and nothing sticks out: ${name}`, async () => {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      const [scroll, background] = (await page.evaluate(
        '[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]',
      )) as [number, string]
      assert.ok(scroll <= width, `${scroll} of ${width}`)
      assert.equal(background, colorScheme === 'dark' ? 'rgb(22, 24, 27)' : 'rgb(255, 255, 255)')
      const picture = await page.screenshot({ path: join(pictures, `post-mortem-${name}.png`), fullPage: true })
      assert.ok(picture.length > 20_000, `${picture.length} bytes`)
    })
  }
})
