// `fcscope tail`: lines or attempts, as they come.
import type { TailRow, TailWish } from '../app/follow/tail-feed.ts'
import { type Status, statuses } from '../model/attempt.ts'
import { ExitStatus } from '../model/fcscope-error.ts'
import { levelNames } from '../model/level.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { untilStopped } from './follow/until-stopped.ts'
import { integerOption } from './option-values.ts'
import { withStore } from './store-command.ts'
import { sinceOption } from './time-option.ts'
import { usageError } from './usage-error.ts'

const defaultCount = 10
/** What is there already is read at once. */
const maxCount = 100_000
const everyMs = 300
/** What does not count as a failure. */
const fine: ReadonlySet<Status> = new Set(['ok', 'canceled', 'incomplete'])

const levels = levelNames.filter(level => level !== 'other')

export const tailCommand: Command = {
  name: 'tail',
  summary: {
    en: 'Follow lines or attempts of functions, requests and instances.',
    zh: '实时查看函数、请求或实例的日志与尝试。',
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
      name: 'request',
      value: { placeholder: 'ID' },
      text: { en: 'only this request', zh: '只看该请求' },
    },
    {
      name: 'instance',
      value: { placeholder: 'ID' },
      text: { en: 'only this instance; may be given several times', zh: '只看该实例，可多次指定' },
    },
    {
      name: 'level',
      value: { placeholder: 'LEVEL', choices: levels },
      text: { en: 'only lines of this level and worse ones', zh: '只看该级别及更严重的日志' },
    },
    { name: 'lines', text: { en: 'follow lines (default)', zh: '查看日志（默认）' } },
    { name: 'attempts', text: { en: 'follow attempts', zh: '查看尝试' } },
    {
      name: 'failed',
      text: { en: 'with --attempts: only those that failed', zh: '与 --attempts 一起使用：只看失败的尝试' },
    },
    {
      name: 'number',
      short: 'n',
      value: { placeholder: 'N' },
      text: {
        en: `how many of what is stored to begin with (default: ${defaultCount}, with --since all, ${maxCount} at most)`,
        zh: `先显示多少条已存储的数据（默认 ${defaultCount}，有 --since 时为全部，最多 ${maxCount}）`,
      },
    },
    {
      name: 'since',
      value: { placeholder: 'TIME' },
      text: {
        en: 'begin with what happened since then: 15m, 2h, 2025-01-15T08:00:00Z',
        zh: '从该时间起开始显示：15m、2h、2025-01-15T08:00:00Z',
      },
    },
    { name: 'no-follow', text: { en: 'show what is stored, and be done', zh: '显示已存储的数据后退出' } },
    { name: 'json', text: { en: 'one JSON object per line or attempt', zh: '每条日志或每次尝试输出一个 JSON 对象' } },
  ],
  notes: [
    {
      en: `It goes on when the worker stops and starts again: nothing is shown twice, and nothing is left out. An attempt is shown when
it is given out, and again when later records correct it (revised). Ctrl-C ends it.`,
      zh: `worker 停止后再启动时会继续显示，不重复也不遗漏。尝试在输出时显示，之后的记录更正它时再次显示（已修订）。按 Ctrl-C 结束。`,
    },
  ],
  examples: [
    {
      line: 'fcscope tail --function order-api --level warn',
      text: { en: 'warnings and errors of one function, as they come', zh: '实时查看某函数的警告和错误' },
    },
    {
      line: 'fcscope tail --attempts --failed --json --since 1h --no-follow',
      text: { en: 'what failed within the last hour', zh: '最近一小时内失败的尝试' },
    },
  ],
  run: runTail,
}

async function runTail(args: Arguments, context: Context): Promise<ExitStatus> {
  const wish = readWish(args)
  const sinceMs = sinceOption({ args, command: 'tail', name: 'since' }, context.unixMs())
  const fallback = sinceMs === null ? defaultCount : maxCount
  const count = integerOption({ args, command: 'tail', name: 'number' }, { min: 0, max: maxCount, fallback })
  const show = await createShow(args, wish, context)
  const { feedOf } = await import('../app/follow/tail-feed.ts')
  const feed = feedOf(wish)
  const history = { sinceMs, count }
  if (args.has('no-follow')) {
    return withStore(args, context, async ({ connection }) => {
      await show(await feed.begin(connection, history))
      return ExitStatus.done
    })
  }
  const { followFeed } = await import('../app/follow/follow-feed.ts')
  return untilStopped(args, context, async following => {
    for await (const rows of followFeed(feed, { ...following, history, everyMs })) await show(rows)
  })
}

function readWish(args: Arguments): TailWish {
  const functions = args.values('function')
  const instances = args.values('instance')
  const requestId = args.value('request') ?? null
  const level = levels.find(name => name === args.value('level')) ?? null
  if (!args.has('attempts')) {
    if (args.has('failed')) throw onlyFor('--failed', '--attempts')
    return { kind: 'lines', filter: { functions, instances, requestId, level } }
  }
  if (args.has('lines')) throw onlyFor('--lines', '--attempts', true)
  if (level !== null) throw onlyFor('--level', '--lines')
  const wanted = args.has('failed') ? statuses.filter(status => !fine.has(status)) : []
  return { kind: 'attempts', filter: { functions, instances, requestId, statuses: wanted } }
}

const onlyFor = (option: string, other: string, isEither = false): Error =>
  usageError(
    'tail',
    isEither
      ? { en: `Give either ${option} or ${other}.`, zh: `${option} 与 ${other} 只能指定一个。` }
      : { en: `${option} is for ${other} only.`, zh: `${option} 仅用于 ${other}。` },
  )

type Show = (rows: readonly TailRow[]) => Promise<void>

async function createShow(args: Arguments, wish: TailWish, context: Context): Promise<Show> {
  const { stdout, lang, colour } = context
  if (args.has('json')) {
    return async rows => {
      const json = rows.map(row => `${JSON.stringify(row.kind === 'line' ? row.line : row.attempt)}\n`)
      await stdout.write(Buffer.from(json.join('')))
    }
  }
  const { tailText } = await import('./follow/tail-text.ts')
  const { functions, requestId } = wish.filter
  const columns = { functionName: functions.length !== 1, requestId: requestId === null }
  return async rows => {
    await stdout.write(Buffer.from(rows.map(row => tailText(row, columns, { lang, colour })).join('')))
  }
}
