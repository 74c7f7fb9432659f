// Reasons of a reconciliation in words: what each is, and what to do about it.
import type { ReconcileReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import type { Text } from '../../../model/fcscope-error.ts'

export type ReasonName = ReconcileReport['reasons'][number]['reason']

export const reasonWords: Readonly<Record<ReasonName, Text>> = {
  adjustment: { en: 'refunds and adjustments on the bill', zh: '账单上的退款与调账' },
  coupon: { en: 'coupons took their part off', zh: '优惠券抵扣' },
  discount: { en: 'another discount than the general one', zh: '折扣与通用折扣不同' },
  resourcePlan: { en: 'a plan or a free quota took usage over', zh: '资源包或免费额度抵扣' },
  timeZoneEdge: { en: 'hours at the edge stand on the next day', zh: '零点附近的小时记在相邻的一天' },
  roundingFloor: { en: 'rounding, or the least price of an hour', zh: '取整，或每小时最低费用' },
  tierPosition: { en: 'another tier of the price', zh: '处于另一级阶梯价' },
  diskRule: {
    en: 'the bill counts disk the other way: see --bill-all-disk',
    zh: '磁盘计费方式不同：参见 --bill-all-disk',
  },
  unmappedLine: {
    en: 'lines that name no function: see names of the mapping',
    zh: '未写明函数的账单行：参见映射的 names',
  },
  undatedLine: { en: 'lines that tell no day', zh: '未写明日期的账单行' },
  missingBillLines: { en: 'the bill has no line: is the export whole?', zh: '账单缺少相应的行：导出是否完整？' },
  extraAttempts: { en: 'more attempts than calls: the same logs twice?', zh: '尝试多于调用：日志是否重复？' },
  provisionedIdle: {
    en: 'kept instances are not told: give --instances',
    zh: '缺少常驻实例的时间：请提供 --instances',
  },
  missingMetrics: { en: 'durations are not known: request metrics are missing', zh: '时长未知：缺少请求级别指标' },
  missingLogs: { en: 'attempts are missing: logs were lost or not read', zh: '缺少调用：日志丢失或未读取' },
  unknownConfig: { en: 'no size in functions.yaml', zh: 'functions.yaml 中没有规格' },
  unknownTime: { en: 'attempts without a time', zh: '时间未知的尝试' },
  olderThanBook: { en: 'attempts older than the price book', zh: '早于价格表的尝试' },
  releaseDelay: { en: 'instances are kept after their last request', zh: '实例在最后一次请求后延迟释放' },
  otherPrice: { en: 'another price for a CU: is it the right book?', zh: 'CU 单价不同：价格表是否正确？' },
  unexplained: { en: 'nothing explains it', zh: '原因不明' },
}
