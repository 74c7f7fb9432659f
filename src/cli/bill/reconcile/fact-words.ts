// What reasons were told by, in words. Names and places are somebody else's text and are made harmless.
import type { ReasonReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import type { Text } from '../../../model/fcscope-error.ts'
import { grouped } from '../../figures.ts'
import { oneLine } from '../../paint.ts'
import { money } from './money.ts'

type Fact = ReasonReport['facts'][number]
type FactOf<K extends Fact['fact']> = Extract<Fact, { fact: K }>

/** For the eye: exact figures are in the JSON. */
const decimal = (text: string): string => grouped(Math.round(Number(text) * 1000) / 1000)
const share = (text: string): string => `${Math.round(Number(text) * 10_000) / 100} %`
const counted = (lines: number): string => (lines === 1 ? '1 line' : `${grouped(lines)} lines`)
const maxName = 48

const left: Readonly<Record<FactOf<'attemptsLeftOut'>['why'], Text>> = {
  notBilled: { en: 'not charged', zh: '不收费' },
  unknownConfig: { en: 'of unknown size', zh: '规格未知' },
  noTime: { en: 'without a time', zh: '时间未知' },
  noDuration: { en: 'without a duration', zh: '时长未知' },
  noPrice: { en: 'older than the book', zh: '早于价格表' },
}

const words: { readonly [K in Fact['fact']]: (fact: FactOf<K>) => Text } = {
  calls: ({ ours, theirs, by }) => ({
    en: `${by === 'bill' ? 'the bill' : 'CloudMonitor'} has ${grouped(theirs)} calls, the logs have ${grouped(ours)}`,
    zh: `${by === 'bill' ? '账单' : '云监控'}有 ${grouped(theirs)} 次调用，日志有 ${grouped(ours)} 次`,
  }),
  cu: ({ ours, bill }) => ({
    en: `${decimal(bill)} CU on the bill, ours ${decimal(ours)}`,
    zh: `账单 ${decimal(bill)} CU，我方 ${decimal(ours)} CU`,
  }),
  hoursWithoutAttempts: ({ hours, of }) => ({
    en: `no attempt in ${hours} of ${of} hours on the bill`,
    zh: `账单的 ${of} 个小时中有 ${hours} 个没有任何尝试`,
  }),
  noAttempts: ({ ofAny }) =>
    ofAny
      ? { en: 'no attempt of any function', zh: '所有函数均无尝试' }
      : { en: 'no attempt of this function', zh: '该函数没有任何尝试' },
  attemptsLeftOut: ({ why, count }) => ({
    en: `${grouped(count)} attempts ${left[why].en}`,
    zh: `${grouped(count)} 次尝试${left[why].zh}`,
  }),
  notInFunctionsFile: () => ({ en: 'not in functions.yaml', zh: 'functions.yaml 中没有该函数' }),
  deducted: ({ cu, of }) => ({
    en: `${decimal(cu)} of ${decimal(of)} CU deducted`,
    zh: `${decimal(of)} CU 中抵扣 ${decimal(cu)} CU`,
  }),
  deductedMoney: ({ amount }) => ({ en: `${money(amount)} of list price deducted`, zh: `抵扣目录价 ${money(amount)}` }),
  coupons: ({ amount }) => ({ en: `${money(amount)} by coupons`, zh: `优惠券 ${money(amount)}` }),
  discounts: ({ ours, bill }) => ({
    en: `${share(bill)} off on the bill, ours ${share(ours)}`,
    zh: `账单优惠 ${share(bill)}，我方 ${share(ours)}`,
  }),
  listPrices: ({ ours, bill }) => ({
    en: `${bill} a CU on the bill, ours ${ours}`,
    zh: `账单每 CU ${bill}，我方 ${ours}`,
  }),
  matchesListPrices: () => ({ en: 'the bill is exactly at the other price', zh: '账单与另一种价格完全一致' }),
  roundedLines: ({ unit, lines }) => ({
    en: `${counted(lines)} in steps of ${unit}`,
    zh: `${grouped(lines)} 行，以 ${unit} 为单位`,
  }),
  roundedOff: ({ amount }) => ({ en: `${money(amount)} rounded off`, zh: `抹零 ${money(amount)}` }),
  noFloor: ({ hours, amount }) => ({
    en: `${hours} hours below the least price, ${money(amount)} that the bill does not ask for`,
    zh: `${hours} 个小时低于最低费用，账单未收取 ${money(amount)}`,
  }),
  roundedCU: ({ ours, exact, bill }) => ({
    en: `${decimal(exact)} CU became ${decimal(bill)} on the bill, ours ${decimal(ours)}`,
    zh: `${decimal(exact)} CU 在账单上为 ${decimal(bill)}，我方为 ${decimal(ours)}`,
  }),
  asleepCU: ({ ours, bill }) => ({
    en: `${decimal(bill)} CU asleep on the bill, ours ${decimal(ours)}`,
    zh: `账单休眠 ${decimal(bill)} CU，我方 ${decimal(ours)} CU`,
  }),
  minInstances: ({ count, knownSeconds }) => ({
    en: `minInstances is ${count}; ${grouped(knownSeconds)} s of instances are told`,
    zh: `minInstances 为 ${count}，已知实例时间 ${grouped(knownSeconds)} 秒`,
  }),
  edgeHours: ({ hours, from, to, cu }) => ({
    en: `${hours} h of ${from} (${decimal(cu)} CU) stand on ${to}`,
    zh: `${from} 的 ${hours} 小时（${decimal(cu)} CU）记在 ${to}`,
  }),
  matchesAllDisk: () => ({ en: 'with it both are the same', zh: '使用该选项后两者一致' }),
  noBillLines: ({ hasOthers }) =>
    hasOthers
      ? { en: 'other functions have lines on that day', zh: '当天其他函数有账单行' }
      : { en: 'nobody has a line on that day', zh: '当天没有任何账单行' },
  adjustmentLines: ({ lines }) => ({ en: counted(lines), zh: `${grouped(lines)} 行` }),
  lines: ({ lines, places }) => ({
    en: `${counted(lines)} (${places.map(place => oneLine(place, maxName)).join(', ')})`,
    zh: `${grouped(lines)} 行（${places.map(place => oneLine(place, maxName)).join('、')}）`,
  }),
  unknownItem: ({ item, lines }) => ({
    en: `${counted(lines)} of ${oneLine(item, maxName)}`,
    zh: `${oneLine(item, maxName)} ${grouped(lines)} 行`,
  }),
  keptAfterLastRequest: ({ seconds }) => ({
    en: `${seconds} s after the last request are billed`,
    zh: `最后一次请求后的 ${seconds} 秒也计费`,
  }),
}

/** Each `fact` has the words of its own kind; the compiler cannot follow that through the index. */
export const factText = (fact: Fact): Text => (words[fact.fact] as (fact: Fact) => Text)(fact)
