// `fcscope top`: a live table of functions.
import type { TopFrame, TopOptions, TopView } from '../app/follow/watch-functions.ts'
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { Screen } from './follow/screen.ts'
import { errorPercent, sorted, sortNames, topTable } from './follow/top-table.ts'
import { untilStopped, waitingText } from './follow/until-stopped.ts'
import { withStore } from './store-command.ts'
import { durationOption } from './time-option.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const defaultSort = 'invocations'

export const topCommand: Command = {
  name: 'top',
  summary: {
    en: 'Live table of functions: invocations, errors, durations, cold starts.',
    zh: '函数实时概览：调用数、错误、耗时、冷启动。',
  },
  usage: '',
  operands: 'none',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'function',
      short: 'F',
      value: { placeholder: 'NAME' },
      text: { en: 'only this function; may be given several times', zh: '只看该函数，可多次指定' },
    },
    {
      name: 'window',
      short: 'w',
      value: { placeholder: 'TIME' },
      text: {
        en: 'attempts that began within so long: 90s, 15m, 2h (default: 5m)',
        zh: '统计最近多长时间内开始的尝试：90s、15m、2h（默认 5m）',
      },
    },
    {
      name: 'sort',
      short: 's',
      value: { placeholder: 'COLUMN', choices: sortNames },
      text: { en: `the largest first (default: ${defaultSort})`, zh: `排序依据，从大到小（默认 ${defaultSort}）` },
    },
    {
      name: 'interval',
      value: { placeholder: 'TIME' },
      text: {
        en: 'look again so often (default: 2s on a terminal, else only once)',
        zh: '刷新间隔（在终端上默认 2s，否则只输出一次）',
      },
    },
    { name: 'once', text: { en: 'look once, and be done', zh: '只输出一次' } },
    {
      name: 'json',
      text: {
        en: 'one JSON object, once unless there is --interval',
        zh: '输出一个 JSON 对象，除非指定 --interval，只输出一次',
      },
    },
  ],
  notes: [
    {
      en: `Hooks do not count as invocations. p50 and p99 are of the durations that are known. The cost is not known yet. On a terminal the
table is drawn over again until Ctrl-C.`,
      zh: `钩子不计入调用数。p50 和 p99 只统计已知的耗时。费用暂不可用。在终端上表格会持续刷新，按 Ctrl-C 结束。`,
    },
  ],
  examples: [
    { line: 'fcscope top --sort errors', text: { en: 'what fails most now', zh: '当前错误最多的函数' } },
    {
      line: 'fcscope top --window 1h --json',
      text: { en: 'the last hour, for a script', zh: '最近一小时的数据，供脚本使用' },
    },
  ],
  run: runTop,
}

async function runTop(args: Arguments, context: Context): Promise<ExitStatus> {
  const site = (name: string): { args: Arguments; command: string; name: string } => ({ args, command: 'top', name })
  const options: TopOptions = {
    windowMs: durationOption(site('window'), { minMs: 1000, maxMs: 30 * dayMs, fallbackMs: 5 * minuteMs }),
    functions: args.values('function'),
    nowMs: () => context.unixMs(),
  }
  const everyMs = durationOption(site('interval'), { minMs: 1000, maxMs: dayMs, fallbackMs: 2000 })
  const isJson = args.has('json')
  const sort = args.value('sort') ?? defaultSort
  const inOrder = (frame: TopFrame): TopFrame => ({ ...frame, functions: sorted(frame.functions, sort) })
  const isRepeated = args.value('interval') !== undefined || (context.isStdoutTerminal && !isJson)
  const { lookAtFunctions, watchFunctions } = await import('../app/follow/watch-functions.ts')
  if (args.has('once') || !isRepeated) {
    return withStore(args, context, async ({ connection }) => {
      await print(inOrder(await lookAtFunctions(connection, options)), isJson, context)
      return ExitStatus.done
    })
  }
  return untilStopped(args, context, async following => {
    const views = watchFunctions({ ...options, ...following, everyMs })
    if (context.isStdoutTerminal && !isJson) return drawAgain(views, inOrder, context)
    let isTold = false
    for await (const { frame, waiting } of views) {
      if (frame !== null) await print(inOrder(frame), isJson, context)
      if (waiting !== null && !isTold) following.onWaiting(waiting.reason)
      isTold = waiting !== null
    }
  })
}

async function print(frame: TopFrame, isJson: boolean, context: Context): Promise<void> {
  const { lang, colour, stdout } = context
  if (isJson) {
    const { atMs, windowMs } = frame
    const functions = frame.functions.map(of => ({ ...of, errorPercent: errorPercent(of) }))
    const json = { time: new Date(atMs).toISOString(), windowSeconds: windowMs / 1000, currency: null, functions }
    await stdout.write(Buffer.from(`${JSON.stringify(json)}\n`))
    return
  }
  const { summary, head, rows } = topTable(frame, { lang, colour })
  context.writeStderr(`${summary}\n`)
  await stdout.write(Buffer.from(`${[head, ...rows].join('\n')}\n`))
}

/** What cannot be asked for now is told on the screen; the last figures stay. */
async function drawAgain(
  views: AsyncIterable<TopView>,
  inOrder: (frame: TopFrame) => TopFrame,
  context: Context,
): Promise<void> {
  const { lang, colour, stdout } = context
  let last: TopFrame | null = null
  let note = ''
  const draw = (): Promise<void> => {
    if (last === null) return screen.draw([`fcscope top${note}`])
    const { summary, head, rows } = topTable(last, { lang, colour })
    return screen.draw([summary + note, '', head, ...rows])
  }
  // A reader that has gone is found out by the next drawing.
  const screen = new Screen(stdout, () => void draw().catch(() => {}))
  try {
    for await (const { frame, waiting } of views) {
      if (frame !== null) last = inOrder(frame)
      note = waiting === null ? '' : `  ${waitingText(waiting.reason)[lang]}`
      await draw()
    }
  } finally {
    await screen.leave()
  }
}
