// Bills in CSV, in every form that exports have had.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellsOf, readBill } from './read-bill.ts'

const csv = (...files: (string | Uint8Array)[]) => readBill('console-csv', files)

const header = '产品Code,账单日期,实例ID,计费项,用量,用量单位,应付金额,币种'
const row = 'fc,2026-01-15,f,CU,1151,CU,0.101288,CNY'
const cell = '- -/f 2026-01-15: 1151 0.101288'

/** GBK bytes of the header: what Excel in Chinese saves. Made with `iconv -t GB18030`. */
const gbk = Buffer.concat([
  Buffer.from(
    'b2fac6b7436f64652cd5cbb5a5c8d5c6da2ccab5c0fd49442cbcc6b7d1cfee2cd3c3c1bf2cd3c3c1bfb5a5cebb2cd3a6b8b6bdf0b6ee2cb1d2d6d6',
    'hex',
  ),
  Buffer.from(`\n${row}\n`),
])

const same: readonly [what: string, file: string | Uint8Array][] = [
  ['plain', `${header}\n${row}\n`],
  ['with a byte order mark and CRLF', `\ufeff${header}\r\n${row}\r\n`],
  ['without a line end at the end', `${header}\n${row}`],
  ['with lone CR', `${header}\r${row}\r`],
  ['with blank lines before, between and behind', `\n\r\n${header}\n\n${row}\n,,,,,,,\n\n`],
  [
    'with stray blanks and tabs',
    ` 产品Code ,\t账单日期, 实例ID,计费项 ,用量,用量单位,应付金额,币种\n${row.replaceAll(',', '\t, ')}\n`,
  ],
  ['in full width', `${header.replace('产品Code', '产品Ｃｏｄｅ')}\n${row}\n`],
  ['in quotes', `${header}\n${row.replace(/[^,]+/g, '"$&"')}\n`],
  ['with a comma behind the last column', `${header},\n${row},\n`],
  ['with a comma behind the last cell only', `${header}\n${row},\n`],
  ['in GBK', gbk],
  ['in UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${header}\n${row}\n`, 'utf16le')])],
  [
    'with groups in the headers',
    `${header
      .split(',')
      .map(name => `组/${name}`)
      .join(',')}\n${row}\n`,
  ],
  [
    'with names of the API',
    `ProductCode,BillingDate,InstanceID,BillingItem,Usage,UsageUnit,PretaxAmount,Currency\n${row}\n`,
  ],
  [
    'in words of the console',
    `product code,BILLING DATE,Instance ID,Billing Item,usage,usage unit,Pretax Amount,currency\n${row}\n`,
  ],
  ['with a day of eight digits', `${header}\n${row.replace('2026-01-15', '20260115')}\n`],
  ['with a day of slashes', `${header}\n${row.replace('2026-01-15', '2026/1/15')}\n`],
  ['with the currency in words', `${header}\n${row.replace('CNY', '人民币')}\n`],
  ['with lines of other products', `${header}\necs,,i-1,,x,,1.2.3,USD\n${row}\n`],
  ['with an unquoted mark of grouping that can only be one', `${header}\n${row.replace(',1151,', ',"1,151.0",')}\n`],
]
for (const [what, file] of same) {
  test(`${what}: the same line`, () => assert.deepEqual(cellsOf(csv(file)), [cell]))
}

test('cells with commas, quotes and line ends stay cells', () => {
  const file = `${header},产品名称\n${row},"函数计算, ""FC""\n(3.0)"\n`
  assert.deepEqual(cellsOf(csv(file)), [cell])
})

const names: readonly [instance: string, name: string][] = [
  ['checkout', '-/checkout'],
  ['acs:fc:cn-hangzhou:1234:functions/checkout', 'cn-hangzhou -/checkout'],
  ['acs:fc:cn-shanghai:1234:functions/checkout/LATEST', 'cn-shanghai -/checkout'],
  ['acs:fc:cn-hangzhou:1234:services/shop.LATEST/functions/checkout', 'cn-hangzhou shop/checkout'],
  ['1234567890', '-/-'],
]
for (const [instance, name] of names) {
  test(`the instance ${instance} is ${name}`, () => {
    const [found] = cellsOf(csv(`${header}\n${row.replace(',f,', `,${instance},`)}\n`))
    assert.ok(found?.includes(`${name} 2026-01-15`), found)
  })
}

const regions: readonly [text: string, region: string][] = [
  ['cn-hangzhou', 'cn-hangzhou'],
  ['华东1（杭州）', 'cn-hangzhou'],
  ['China (Shanghai)', 'cn-shanghai'],
  ['火星（一号）', '-'],
]
for (const [text, region] of regions) {
  test(`the region ${text} is ${region}`, () => {
    const [found] = cellsOf(csv(`${header},地域\n${row},${text}\n`))
    assert.equal(found?.split(' ')[0], region)
  })
}

const usages: readonly [what: string, columns: string, cells: string, total: string, deducted: string][] = [
  ['before and after deduction', '抵扣前用量,用量,用量单位', '100,40,CU', '100', '60'],
  ['with what was deducted', '用量,资源包抵扣量,用量单位', '100,60,CU', '100', '60'],
  ['nothing deducted, in the words of the API', '用量,资源包抵扣量,用量单位', '100,NULL,CU', '100', '0'],
  ['in ten thousands', '用量,用量单位', '1.5,万CU', '15000', '0'],
]
for (const [what, columns, cells, total, deducted] of usages) {
  test(`usage ${what}`, () => {
    const bill = csv(`产品Code,账单日期,实例ID,计费项,${columns},应付金额,币种\nfc,2026-01-15,f,CU,${cells},1,CNY\n`)
    assert.deepEqual([bill.cells[0]?.cu?.toFixed(), bill.cells[0]?.deductedCU.toFixed()], [total, deducted])
  })
}

const times: readonly [what: string, day: string, start: string, expected: string][] = [
  ['the hour of usage', '2026-01-15', '2026-01-15 10:30:00', '2026-01-15T02:00:00.000Z'],
  ['a span', '2026-01-15', '2026-01-15 10:00:00 - 2026-01-15 11:00:00', '2026-01-15T02:00:00.000Z'],
  ['the last hour, settled on the next day', '2026-01-16', '2026-01-15 23:00:00', '2026-01-15T15:00:00.000Z'],
  ['a time with a zone', '2026-01-15', '2026-01-15T02:00:00Z', '2026-01-15T02:00:00.000Z'],
]
for (const [what, day, start, expected] of times) {
  test(`${what} is ${expected}`, () => {
    const { cells } = csv(`${header},服务开始时间\n${row.replace('2026-01-15', day)},${start}\n`)
    const hours = [...(cells[0]?.hours.keys() ?? [])].map(ms => new Date(ms).toISOString())
    assert.deepEqual([cells[0]?.day, hours], ['2026-01-15', [expected]])
  })
}

test('when a resource began long ago is no hour of usage', () => {
  const { cells } = csv(`${header},服务开始时间\n${row},2025-06-01 00:00:00\n`)
  assert.deepEqual([cells[0]?.day, cells[0]?.hours.size], ['2026-01-15', 0])
})

test('kinds of lines', () => {
  const bill = csv(
    `${header},费用类型,商品Code\n${row},云资源按量费用,fc\nfc,2026-01-15,f,CU,,,-0.05,CNY,退款,fc\nfc,2026-01-15,f,CU,,,-0.001,CNY,抹零,fc\nfc,2026-01-15,x,CU,,,52.5,CNY,,fc_cu_dp_cn\n`,
  )
  const [only] = bill.cells
  assert.deepEqual(
    [only?.payable.toFixed(), only?.adjustment.toFixed(), only?.rounding.toFixed()],
    ['0.101288', '-0.05', '-0.001'],
  )
  assert.deepEqual(
    bill.account.map(({ kind, amount }) => [kind, amount.toFixed()]),
    [['planPurchase', '52.5']],
  )
})

test('lines of other months are left out and counted', () => {
  const bill = readBill('console-csv', [`${header}\n${row}\n${row.replace('2026-01', '2026-02')}\n`], '2026-01')
  assert.deepEqual([cellsOf(bill), bill.otherMonthLines], [[cell], 1])
})

const wrong: readonly [what: string, file: string | Uint8Array, says: RegExp][] = [
  ['an empty file', '', /^bill-1: the file is empty\.$/],
  ['a file of blanks', ' \n\r\n', /^bill-1: the file is empty\.$/],
  [
    'a header alone',
    `${header}\n`,
    /^--bill: the bill has no lines; see functionCompute of the mapping console-csv\.$/,
  ],
  [
    'no line of Function Compute',
    `${header}\n${row.replace('fc,', 'ecs,')}\n`,
    /^--bill: none of 1 lines is of Function Compute/,
  ],
  [
    'columns that nobody knows',
    'a,b\n1,2\n',
    /^bill-1: the mapping console-csv finds no column for productCode\/commodityCode\/productName, payable, usageStart\/day\/month, currency \(tried .*\); the columns are 'a', 'b'\./,
  ],
  [
    'no column of money',
    header.replace('应付金额', '钱'),
    /finds no column for payable \(tried '应付金额（含税）', '应付金额', 'PretaxAmount'\)/,
  ],
  ['a column twice', `${header},应付金额\n`, /payable could be any of the columns '应付金额', '应付金额'/],
  ['a row that is too short', `${header}\n${row}\nfc,2026\n`, /^bill-1:3: found 2 cells, but the header has 8/],
  ['a row that is too long', `${header}\n${row},1,2\n`, /^bill-1:2: found 10 cells, but the header has 8/],
  ['a quote that never ends', `${header}\n"${row}\n`, /^bill-1:\d: a quote is opened and never closed/],
  ['a quote within a cell', `${header}\n${row.replace('f,', 'f"x,')}\n`, /^bill-1:2: a quote stands in the middle/],
  [
    'an amount that is none',
    `${header}\n${row.replace('0.101288', 'free')}\n`,
    /^bill-1:2: payable: found 'free': no decimal number\.$/,
  ],
  [
    'an amount that may be two',
    `${header}\n${row.replace('0.101288', '"1,234"')}\n`,
    /payable: found '1,234': may mean 1234 or 1\.234/,
  ],
  ['no amount', `${header}\n${row.replace('0.101288', '-')}\n`, /^bill-1:2: payable: found '': the amount is missing/],
  [
    'a negative amount of usage',
    `${header}\n${row.replace('0.101288', '-1')}\n`,
    /^bill-1:2: payable: found '-1': a negative amount in a line that is neither/,
  ],
  [
    'negative usage',
    `${header}\n${row.replace('1151', '-1')}\n`,
    /^bill-1:2: usage: found '-1': the usage is negative/,
  ],
  [
    'a day that is none',
    `${header}\n${row.replace('01-15', '02-30')}\n`,
    /^bill-1:2: day: found '2026-02-30': allowed: a day like/,
  ],
  ['no time at all', `${header}\n${row.replace('2026-01-15', '')}\n`, /^bill-1:2: month: found '': no time is told/],
  ['no currency', `${header}\n${row.replace('CNY', '?')}\n`, /^bill-1:2: currency: found '\?': no currency/],
  [
    'two currencies',
    `${header}\n${row}\n${row.replace('CNY', 'USD')}\n`,
    /^bill-1:3: the currency is 'USD', but bill-1:2 has 'CNY'; a bill in two currencies cannot be compared\.$/,
  ],
  [
    'JSON',
    '{"Data":{}}',
    /^bill-1: found JSON, but the mapping console-csv reads CSV; try --mapping describe-instance-bill\.$/,
  ],
  ['an Excel workbook', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /^bill-1: found a zip archive or an Excel workbook/],
  ['bytes that are no text', Buffer.from([0x81, 0x20, 0xff, 0xff, 0xff]), /^bill-1: found neither UTF-8 nor GB18030/],
  [
    'steering characters',
    `${header}\n${row.replace('0.101288', '\u001b[2J')}\n`,
    /payable: found '\\u\{1b\}\[2J': no decimal/,
  ],
]
for (const [what, file, says] of wrong) {
  test(`${what}: one line that says so`, () => {
    assert.throws(
      () => csv(file),
      (error: Error) => {
        assert.match(error.message, says)
        assert.doesNotMatch(error.message, /\n/)
        return true
      },
    )
  })
}
