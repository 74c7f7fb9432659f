// The words of a post-mortem, in both languages.
import type { Status } from '../../model/attempt.ts'
import type { Text } from '../../model/fcscope-error.ts'
import type { Relation, StepName } from '../../model/post-mortem.ts'

export const words = {
  attempts: { en: 'Attempts', zh: '尝试' },
  causes: { en: 'Causes, the likeliest first', zh: '可能原因（按可能性排序）' },
  noCauses: { en: 'Nothing went wrong that the records show.', zh: '记录中未见异常。' },
  timeline: { en: 'Timeline', zh: '时间线' },
  neighbours: { en: 'Same instance', zh: '同一实例' },
  lines: { en: 'Lines', zh: '日志' },
  noLines: { en: 'No lines.', zh: '没有日志。' },
  unattached: {
    en: 'Lines of the same instance and time that belong to no attempt',
    zh: '同一实例、同一时段内不属于任何尝试的日志',
  },
  instance: { en: 'instance', zh: '实例' },
  attempt: { en: 'attempt', zh: '尝试' },
  trace: { en: 'trace', zh: 'Trace' },
  span: { en: 'span', zh: 'Span' },
  caller: { en: 'caller', zh: '调用方' },
  coldStart: { en: 'cold start', zh: '冷启动' },
  warmStart: { en: 'no cold start', zh: '非冷启动' },
  error: { en: 'error', zh: '错误' },
  seen: { en: 'seen', zh: '依据' },
  remedy: { en: 'do', zh: '处理' },
  docs: { en: 'more', zh: '文档' },
  billed: { en: 'billed', zh: '计费' },
  memory: { en: 'memory', zh: '内存' },
  trigger: { en: 'trigger', zh: '触发器' },
  flags: { en: 'flags', zh: '标记' },
  closedBy: { en: 'closed by', zh: '结束依据' },
  utc: { en: 'Times are UTC.', zh: '时间均为 UTC。' },
  placed: {
    en: 'Only its length is known: it is shown where the order of the steps puts it.',
    zh: '仅知其时长，位置由步骤顺序推定。',
  },
  stack: { en: 'stack', zh: '堆栈' },
  same: { en: 'Same failure before', zh: '此前的同类失败' },
  fingerprint: { en: 'fingerprint', zh: '指纹' },
  noNeighbours: { en: 'nothing else is known of it', zh: '没有其他已知的尝试' },
} as const satisfies Record<string, Text>

export const relationWords: Readonly<Record<Relation, Text>> = {
  before: { en: 'before', zh: '之前' },
  overlapping: { en: 'meanwhile', zh: '同时' },
  after: { en: 'after', zh: '之后' },
}

export const stepWords: Readonly<Record<StepName, Text>> = {
  schedule: { en: 'schedule', zh: '调度' },
  coldStart: { en: 'cold start', zh: '冷启动' },
  prepareCode: { en: 'prepare code', zh: '准备代码' },
  runtimeInit: { en: 'start runtime', zh: '启动运行时' },
  initialize: { en: 'initialize', zh: '初始化' },
  invoke: { en: 'invoke', zh: '执行' },
  preFreeze: { en: 'pre-freeze', zh: '冻结前' },
  preStop: { en: 'pre-stop', zh: '停止前' },
}

/** What happened to an attempt, behind its function's name. */
export const statusWords: Readonly<Record<Status, Text>> = {
  ok: { en: 'finished without an error', zh: '正常完成' },
  handledError: { en: 'reported an error of its own', zh: '返回了自行处理的错误' },
  unhandledError: { en: 'failed with an error that it did not catch', zh: '因未捕获的错误而失败' },
  timeout: { en: 'ran into its time-out', zh: '执行超时' },
  outOfMemory: { en: 'was ended for using more memory than it may', zh: '因内存超限被终止' },
  canceled: { en: 'was canceled by its caller', zh: '被调用方取消' },
  processExited: { en: 'lost its process before it had answered', zh: '在返回结果前进程退出' },
  startFailed: { en: 'could not be started', zh: '启动失败' },
  throttled: { en: 'was turned away and never ran', zh: '被限流，未执行' },
  platformError: { en: 'failed within the platform', zh: '因平台错误而失败' },
  incomplete: { en: 'began, and its end was never seen', zh: '已开始，但未见结束' },
}

export const linesBetween = (count: string): Text => ({
  en: `… ${count} more lines (--all-lines shows them) …`,
  zh: `……中间省略 ${count} 条（--all-lines 可全部显示）……`,
})

export const framesMore = (count: string): Text => ({ en: `… ${count} lines more`, zh: `……另有 ${count} 行` })

/** How often a failure came before; `ago` and the rest are null where none is known. */
export const historyText = (of: { count: string; requestId: string; time: string; ago: string } | null): Text =>
  of === null
    ? { en: 'None is known before this one.', zh: '此前没有已知的同类失败。' }
    : {
        en: `${of.requestId} at ${of.time}, ${of.ago} before; ${of.count} in the 24 hours before`,
        zh: `${of.requestId}，${of.time}，早于本次 ${of.ago}；此前 24 小时内共 ${of.count} 次`,
      }

export const bytesMore = (count: string): Text => ({ en: ` … ${count} bytes more`, zh: ` ……另有 ${count} 字节` })
