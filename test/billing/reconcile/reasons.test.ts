// One case for each reason that the month does not have, and for what must not be taken for one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beijing, call, functionOf } from '../case.ts'
import { keyOf } from './run.ts'
import { item, runSmall } from './small-bill.ts'

/** A call of `seconds` at an hour of a day in January. */
const at = (day: number, hour: number, seconds: number, more = {}) => {
  const time = `2026-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00`
  return call(time, seconds * 1000, { startTimeMs: beijing(time), instanceID: `${day}-${hour}`, ...more })
}

type Result = ReturnType<typeof runSmall>
/** `f 2026-01-15 difference: reason amount, …` of every cell with a difference. */
const told = ({ cells }: Result): readonly string[] =>
  cells
    .filter(({ difference }) => !difference.eq(0))
    .map(
      cell =>
        `${keyOf(cell)} ${cell.difference.toFixed()}: ${cell.reasons.map(({ code, amount }) => `${code} ${amount?.toFixed() ?? '?'}`).join(', ')}`,
    )

// 1,000 s are 1,150.0075 CU, rounded up 1,151: at 0.000088 yuan 0.101288.
const hour = at(15, 10, 1000)
const ours = '0.101288'

test('the same sums have no reasons', () => {
  const result = runSmall({ attempts: [hour], lines: [item({ cu: 1151, payable: ours })] })
  assert.deepEqual([told(result), result.isGap, result.difference.toFixed()], [[], false, '0'])
})

test('lines rounded to cents are rounding', () => {
  const result = runSmall({ attempts: [hour], lines: [item({ cu: 1151, payable: '0.10' })] })
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 -0.001288: roundingFloor -0.001288'], false])
})

test('CU that the bill rounds up once a day are rounding', () => {
  // Three hours of 100.0075 s are 115.0075 CU each, 348 by hours and 346 in all.
  const attempts = [1, 2, 3].map(time => at(15, time, 100))
  // At 0.000088 an hour is 0.010208, above the least price.
  const result = runSmall({ attempts, lines: [item({ cu: 346, payable: '0.030448' })] })
  assert.deepEqual(told(result), ['f 2026-01-15 -0.000176: roundingFloor -0.000176'])
})

test('a bill without the least price of an hour is rounding', () => {
  // 10 s are 12 CU: 0.001056, and at least 0.01.
  const result = runSmall({ attempts: [at(15, 10, 10)], lines: [item({ cu: 12, payable: '0.001056' })] })
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 -0.008944: roundingFloor -0.008944'], false])
  assert.equal(result.cells[0]?.reasons[0]?.facts[0]?.fact, 'noFloor')
})

test('a bill at list price is told by our own list price', () => {
  const result = runSmall({ attempts: [hour], lines: [item({ cu: 1151, payable: '0.12661' })] })
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 0.025322: discount 0.025322'], false])
})

test('a discount of one’s own is told by the columns', () => {
  const line = item({ cu: 1151, list: '0.12661', discount: '0.063305', payable: '0.063305' })
  const result = runSmall({ attempts: [hour], lines: [line] })
  assert.deepEqual(told(result), ['f 2026-01-15 -0.037983: discount -0.037983'])
})

test('the price of another tier is told by the list price', () => {
  // 0.0001 list, 0.00008 paid.
  const line = item({ cu: 1151, list: '0.1151', discount: '0.02302', payable: '0.09208' })
  const result = runSmall({ attempts: [hour], lines: [line] })
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 -0.009208: tierPosition -0.009208'], false])
})

test('a price that no tier has is another price, and a gap', () => {
  const result = runSmall({ attempts: [hour], lines: [item({ cu: 1151, payable: '0.2302' })] })
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 0.128912: otherPrice 0.128912'], true])
})

test('disk from the first MB on is told by its own figures', () => {
  // 512 MB are 0.5 GB: 1,000 s x 0.5 x 0.05 = 25 CU more.
  const result = runSmall({ attempts: [hour], lines: [item({ cu: 1176, payable: '0.103488' })] })
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 0.0022: diskRule 0.0022'], true])
})

test('a savings plan tells money instead of CU', () => {
  const mapping = 'console-csv'
  const csv =
    '产品Code,账单日期,实例ID,计费项,用量,用量单位,目录总价,节省计划抵扣目录总价,应付金额,币种\r\n' +
    'fc,2026-01-15,f,CU,1151,CU,0.12661,0.063305,0.050644,CNY\r\n'
  const { cells } = runSmall({ attempts: [hour], mapping, lines: [], text: csv })
  assert.deepEqual(
    cells[0]?.reasons.map(({ code, amount }) => `${code} ${amount}`),
    ['resourcePlan -0.050644'],
  )
})

test('more attempts than CloudMonitor has calls', () => {
  const monitored = [{ functionName: 'f', serviceName: null, region: null, day: '2026-01-15', invocations: 1 }]
  const attempts = [hour, { ...hour, instanceID: 'again' }]
  const result = runSmall({ attempts, monitored, lines: [item({ cu: 1151, payable: ours })] })
  // Two are 2,300.015 CU, rounded up 2,301: 0.202488.
  assert.deepEqual([told(result), result.isGap], [['f 2026-01-15 -0.1012: extraAttempts -0.1012'], true])
})

test('all calls are there and the bill has more: instances are kept after their last request', () => {
  const monitored = [{ functionName: 'f', serviceName: null, region: null, day: '2026-01-15', invocations: 1 }]
  const result = runSmall({ attempts: [hour], monitored, lines: [item({ cu: 1200, payable: '0.1056' })] })
  assert.deepEqual(told(result), ['f 2026-01-15 0.004312: releaseDelay 0.004312'])
})

test('attempts without a time, and from before the book', () => {
  const lost = at(15, 10, 1000, { startTimeMs: null, endTimeMs: null })
  const untimed = runSmall({ attempts: [lost], lines: [item({ functionName: 'f', cu: 1151, payable: ours })] })
  assert.deepEqual(told(untimed), [`f 2026-01-15 ${ours}: unknownTime ?, missingLogs ?`])
})

test('sleeping items of the bill are kept instances', () => {
  const asleep = item({ cu: 540, payable: '0.04752', more: { BillingItem: '浅休眠 CU' } })
  const result = runSmall({ attempts: [hour], lines: [item({ cu: 1151, payable: ours }), asleep] })
  assert.deepEqual(told(result), ['f 2026-01-15 0.04752: provisionedIdle 0.04752'])
})

test('idle time and lost logs of one day each get their part', () => {
  // A kept instance of 1 GB sleeps 86,400 s: 12,960 CU; the lost call is 1,150.0075.
  const functions = [functionOf({ functionName: 'f', region: null, minInstances: 1 })]
  const monitored = [{ functionName: 'f', serviceName: null, region: null, day: '2026-01-15', invocations: 2 }]
  const lines = [item({ day: 14, cu: 1151, payable: ours }), item({ cu: 15_150, payable: '1.3332' })]
  const attempts = [at(14, 10, 1000), hour]
  const { cells } = runSmall({ attempts, functions, monitored, lines })
  const reasons = cells.find(({ cell }) => cell.day === '2026-01-15')?.reasons.map(({ code }) => code)
  assert.deepEqual(reasons, ['provisionedIdle', 'missingLogs'])
})

test('calls that CloudMonitor throttled or we left out are not missing', () => {
  const monitored = [{ functionName: 'f', serviceName: null, region: null, day: '2026-01-15', invocations: 2 }]
  const attempts = [hour, at(15, 11, 0, { status: 'throttled' })]
  const result = runSmall({ attempts, monitored, lines: [item({ cu: 1151, payable: ours })] })
  assert.deepEqual(told(result), [])
})

test('a bill by the clock of UTC: every day is shifted, and the money is the same', () => {
  const attempts = Array.from({ length: 20 }, (_, i) => [at(i + 1, 5, 500 + i), at(i + 1, 20, 900 + 2 * i)]).flat()
  // Worked out as ours, but what runs before 8 o'clock stands on the day before.
  const lines = Array.from({ length: 20 }, (_, i) => {
    const late = Math.ceil((900 + 2 * i) * 1.15 + 0.0075 - 1e-9)
    const early = i === 19 ? 0 : Math.ceil((501 + i) * 1.15 + 0.0075 - 1e-9)
    return item({ day: i + 1, cu: late + early, payable: ((late + early) * 0.000088).toFixed(6) })
  })
  const result = runSmall({ attempts, lines })
  const reasons = new Set(result.cells.filter(({ isOver }) => isOver).map(({ reasons: [first] }) => first?.code))
  assert.deepEqual([...reasons], ['timeZoneEdge'])
  assert.equal(result.isGap, false)
})

test('two days that differ by other figures than their edges are no matter of clocks', () => {
  const attempts = [at(14, 23, 1000), hour]
  const lines = [item({ day: 14, cu: 1000, payable: '0.088' }), item({ cu: 1302, payable: '0.114576' })]
  const codes = runSmall({ attempts, lines }).cells.flatMap(({ reasons }) => reasons.map(({ code }) => code))
  assert.ok(!codes.includes('timeZoneEdge'), codes.join())
})

test('lines without a function or a day, and bought plans, stand apart', () => {
  const plan = item({ payable: '52.5', more: { CommodityCode: 'fc_cu_dp_cn', Item: 'SubscriptionOrder' } })
  const refund = item({ functionName: '', payable: '-0.5', more: { Item: 'Refund' } })
  const undated = item({ payable: '0.2', more: { BillingDate: null, BillingCycle: '2026-01' } })
  const lines = [item({ cu: 1151, payable: ours }), item({ functionName: '', payable: '0.3' }), plan, refund, undated]
  const { account, bill, isGap } = runSmall({ attempts: [hour], lines })
  assert.deepEqual(
    account.map(({ reason, amount, isGap: isOwn }) => [reason, amount.toFixed(), isOwn]),
    [
      [null, '52.5', false],
      ['adjustment', '-0.5', false],
      ['unmappedLine', '0.3', true],
      ['undatedLine', '0.2', true],
    ],
  )
  assert.deepEqual([bill.toFixed(), isGap], ['0.101288', true])
})

test('a bill that names no function is compared as a whole', () => {
  const attempts = [hour, at(15, 10, 1000, { functionName: 'g', instanceID: 'other' })]
  const result = runSmall({ attempts, lines: [item({ functionName: '', cu: 2302, payable: '0.202576' })] })
  assert.deepEqual(told(result), [])
  assert.deepEqual(
    result.warnings.map(({ warning }) => warning),
    ['wholeAccount'],
  )
})

test('a bill by months is compared by months', () => {
  const line = item({ cu: 2302, payable: '0.202576', more: { BillingDate: null, BillingCycle: '2026-01' } })
  const result = runSmall({ attempts: [hour, at(20, 10, 1000)], lines: [line] })
  assert.deepEqual(told(result), [])
  assert.deepEqual([result.cells.length, result.cells[0]?.cell.month, result.cells[0]?.cell.day], [1, '2026-01', null])
})

test('days that only one side has are told', () => {
  const lines = [item({ day: 14, cu: 1151, payable: ours }), item({ cu: 1151, payable: ours })]
  const result = runSmall({ attempts: [hour, at(16, 10, 1000)], lines })
  assert.deepEqual(result.warnings, [
    { warning: 'billDaysWithoutAttempts', days: 1, from: '2026-01-14', to: '2026-01-14' },
    { warning: 'attemptDaysNotOnBill', days: 1, from: '2026-01-16', to: '2026-01-16' },
  ])
  assert.deepEqual(told(result), [
    `f 2026-01-14 ${ours}: missingLogs ${ours}`,
    `f 2026-01-16 -${ours}: missingBillLines -${ours}`,
  ])
})

test('a function in two regions is compared as one where the bill has no regions', () => {
  const functions = [
    functionOf({ functionName: 'f', region: 'cn-shanghai', qualifier: 'b' }),
    functionOf({ functionName: 'f', region: 'cn-hangzhou' }),
  ]
  const attempts = [hour, at(15, 10, 1000, { qualifier: 'b', instanceID: 'other' })]
  const result = runSmall({ attempts, functions, lines: [item({ cu: 2302, payable: '0.202576' })] })
  assert.deepEqual(told(result), [])
})

test('hours at the least price are not rounded, so an hour more is no rounding', () => {
  // No CU are told; each hour of 10 s costs 0.01.
  const lines = [1, 2, 3, 4].map(time => `fc,2026-01-15,2026-01-15 0${time}:00:00,f,x,0.01,CNY`)
  const text = `产品Code,账单日期,服务开始时间,实例ID,计费项,应付金额,币种\n${lines.join('\n')}\n`
  const attempts = [1, 2, 3].map(time => at(15, time, 10))
  const result = runSmall({ attempts, mapping: 'console-csv', lines: [], text })
  assert.deepEqual(told(result), ['f 2026-01-15 0.01: missingLogs 0.01'])
})
